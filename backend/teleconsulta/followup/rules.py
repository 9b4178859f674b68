"""The rule of CFM 2.314/2022, art. 6 §2, as arithmetic. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

LIMIT_DAYS = 180
WARN_FROM_DAYS = 150

Level = Literal["unknown", "fine", "due", "overdue"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`days` since the last visit in person; the next is wanted by `due_on`, the 180th day."""

    level: Level
    days: int | None
    due_on: date | None


def standing(last_in_person_on: date | None, today: date) -> Standing:
    """How the patient stands today. Who was never seen in person, or whose visit nobody wrote down, is `unknown`."""
    if last_in_person_on is None:
        return Standing("unknown", None, None)
    days = (today - last_in_person_on).days
    level: Level = "fine"
    if days > LIMIT_DAYS:
        level = "overdue"
    elif days >= WARN_FROM_DAYS:
        level = "due"
    return Standing(level, days, last_in_person_on + timedelta(days=LIMIT_DAYS))
