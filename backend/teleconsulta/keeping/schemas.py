"""What travels about keeping and deleting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from teleconsulta.keeping.models import RetentionRun
from teleconsulta.keeping.rules import RULES, Kind


class RetentionRuleOut(BaseModel):
    """In days; `most` is null where the law has no upper limit. `by_itself`: deleted every day without being asked."""

    kind: Kind
    days: int
    default: int
    least: int
    most: int | None
    by_itself: bool


class RetentionRuleWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Field(ge=1, le=36525)]


class RetentionRunOut(BaseModel):
    """`counts`: class, then table, then rows that are past their time (a preview) or gone."""

    id: UUID
    dry_run: bool
    by_itself: bool
    state: str
    as_of: datetime
    counts: dict[str, dict[str, int]]
    created_at: datetime
    finished_at: datetime | None
    usable: bool

    @classmethod
    def of(cls, run: RetentionRun, *, usable: bool = False) -> RetentionRunOut:
        names = ("id", "dry_run", "state", "as_of", "counts", "created_at", "finished_at")
        return cls(**{name: getattr(run, name) for name in names}, by_itself=run.asked_by is None, usable=usable)


class RetentionOut(BaseModel):
    rules: list[RetentionRuleOut]
    runs: list[RetentionRunOut]

    @classmethod
    def of(cls, days: Mapping[Kind, int], runs: list[RetentionRunOut]) -> RetentionOut:
        rules = [
            RetentionRuleOut(
                kind=rule.kind,
                days=days[rule.kind],
                default=rule.default,
                least=rule.least,
                most=rule.most,
                by_itself=rule.by_itself,
            )
            for rule in RULES
        ]
        return cls(rules=rules, runs=runs)


class PersonFound(BaseModel):
    """`kept_until`: the day before which the law lets nothing of the record be deleted."""

    id: UUID
    name: str
    email: str | None
    consultations: int
    last_entry_on: date | None
    kept_until: date | None


class PeopleOut(BaseModel):
    items: list[PersonFound]


class SubjectWish(BaseModel):
    """`notes`: with the text of the doctors' notes, which nobody but their authors reads otherwise."""

    model_config = ConfigDict(extra="forbid")

    notes: bool = False
