"""What travels about the interval between visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from teleconsulta.followup.rules import Level

Decision = Literal["continue_by_video", "see_in_person", "no_long_follow_up"]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("unprintable", "The text holds a character that cannot be stored.")
    return text


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_storable)]


class VisitWish(BaseModel):
    """The day of the last visit in person, in the clinic's zone; null when it is not known."""

    model_config = ConfigDict(extra="forbid")

    last_in_person_on: date | None


class DecisionWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision: Decision
    reason: Annotated[Reason | None, BeforeValidator(_blank_is_none)] = None


class DecisionOut(BaseModel):
    """`days` had passed since the last visit in person when the doctor decided."""

    id: UUID
    decision: Decision
    reason: str | None
    last_in_person_on: date | None
    days: int | None
    decided_at: datetime


class FollowUpOut(BaseModel):
    """How the patient of a consultation stands today: `due` from day 150, `overdue` after day 180.

    `decisions` are this doctor's about this patient, newest first.
    """

    patient_id: UUID
    last_in_person_on: date | None
    level: Level
    days: int | None
    due_on: date | None
    today: date
    decisions: list[DecisionOut]
