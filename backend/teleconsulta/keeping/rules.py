"""How long each class of data is kept (docs/limits.md). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Kind = Literal["clinical_record", "incident", "access_log", "telemetry", "outbox", "jobs"]
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Rule:
    """In days. `by_itself`: deleted every day without being asked; everything else only by an administrator's order,
    after a preview. `most` keeps what the law wants gone from being kept."""

    kind: Kind
    default: int
    least: int
    most: int | None = None
    by_itself: bool = False


RULES = (
    # Law 13.787/2018, art. 6: twenty years from the last entry. With it go access log and papers of the same person.
    Rule("clinical_record", round(20 * YEAR), round(20 * YEAR)),
    Rule("incident", round(5 * YEAR), round(5 * YEAR)),  # ANPD Resolution 15/2024, art. 10
    # Who signed in when: Marco Civil, art. 15, six months and the day.
    Rule("access_log", 184, 184, by_itself=True),
    Rule("telemetry", 90, 1, 365, by_itself=True),
    Rule("outbox", 30, 1, 365, by_itself=True),
    Rule("jobs", 30, 1, 365, by_itself=True),
)
BY_KIND: Mapping[Kind, Rule] = {rule.kind: rule for rule in RULES}
# The audit log is not here: a chain with its beginning cut off proves nothing. It holds ids, not people.


def before(as_of: datetime, days: int) -> datetime:
    """What is older than this may go."""
    return as_of - timedelta(days=days)


def alone(candidates: Collection[UUID], seats: Collection[tuple[UUID, UUID]]) -> set[UUID]:
    """Who of the candidates can go without taking something from the record of somebody who stays.

    `seats`: (who sat, in whose consultation).
    """
    going = set(candidates)
    while True:
        held = {person for person, patient in seats if person in going and patient != person and patient not in going}
        if not held:
            return going
        going -= held
