"""When a consultation's link works. Pure: the moment comes in as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy.dialects.postgresql import Range

OPENS_BEFORE = timedelta(minutes=30)
CLOSES_AFTER = timedelta(minutes=60)
MIN_MINUTES, MAX_MINUTES = 5, 240
SCHEDULED_MINUTES, INSTANT_MINUTES = 30, 60
# A form takes a moment to fill in: "now" is not yet the past.
PAST_GRACE = timedelta(minutes=5)
FURTHEST = timedelta(days=731)

Phase = Literal["early", "open", "over"]


@dataclass(frozen=True, slots=True)
class Window:
    """The booked time `[starts_at, ends_at)`; people may enter in `[opens_at, closes_at)`."""

    starts_at: datetime
    ends_at: datetime

    @classmethod
    def lasting(cls, starts_at: datetime, minutes: int) -> Window:
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    @classmethod
    def of(cls, during: Range[datetime]) -> Window:
        """The window of a stored range, which always has both ends."""
        if during.lower is None or during.upper is None:
            raise ValueError("a room's time has two ends")
        return cls(during.lower, during.upper)

    @property
    def during(self) -> Range[datetime]:
        return Range(self.starts_at, self.ends_at, bounds="[)")

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    @property
    def closes_at(self) -> datetime:
        return self.ends_at + CLOSES_AFTER

    def phase(self, now: datetime) -> Phase:
        """Whether one may enter: not yet, now, or no more."""
        if now < self.opens_at:
            return "early"
        return "open" if now < self.closes_at else "over"


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, as all other times in answers are."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
