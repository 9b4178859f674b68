"""When people are reminded, and until when a late reminder is still worth something. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from teleconsulta.rooms.window import Window

ReminderKind = Literal["reminder_24h", "reminder_15m"]


@dataclass(frozen=True, slots=True)
class Reminding:
    """Given `before` the start; what was held up is given until `until` before it, and dropped after that."""

    before: timedelta
    until: timedelta

    def useful(self, window: Window, now: datetime) -> bool:
        return now < window.starts_at - self.until

    def due(self, window: Window, told_at: datetime, now: datetime) -> bool:
        """Whether it is time. Who was told of this time (`told_at`) later than that needs no reminder of it."""
        moment = window.starts_at - self.before
        return told_at <= moment <= now and self.useful(window, now)


REMINDERS: Mapping[ReminderKind, Reminding] = MappingProxyType(
    {
        "reminder_24h": Reminding(before=timedelta(hours=24), until=timedelta(hours=2)),
        "reminder_15m": Reminding(before=timedelta(minutes=15), until=timedelta(0)),
    }
)
