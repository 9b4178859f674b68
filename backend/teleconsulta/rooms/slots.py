"""Finding the next free times of a doctor. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
SUGGESTIONS = 3


def next_free(
    busy: Iterable[tuple[datetime, datetime]], after: datetime, length: timedelta, count: int = SUGGESTIONS
) -> list[datetime]:
    """The first `count` starts at or after `after`, on full five minutes, where `length` fits between busy times.

    The suggestions do not overlap each other.
    """
    found: list[datetime] = []
    candidate = _rounded_up(after)
    for start, end in sorted(busy):
        while len(found) < count and candidate + length <= start:
            found.append(candidate)
            candidate = _rounded_up(candidate + length)
        candidate = max(candidate, _rounded_up(end))
    while len(found) < count:
        found.append(candidate)
        candidate = _rounded_up(candidate + length)
    return found


def _rounded_up(moment: datetime) -> datetime:
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return moment + (epoch - moment) % STEP
