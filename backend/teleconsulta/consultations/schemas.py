"""What travels about a consultation as a whole: its room, its people, their links."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from teleconsulta.invitations.schemas import InvitationOut
from teleconsulta.kernel.languages import Language
from teleconsulta.kernel.zones import ZoneName
from teleconsulta.patients.values import PersonWish
from teleconsulta.rooms.schemas import Channel, Modality, Outcome, RoomStateWord
from teleconsulta.rooms.window import MAX_MINUTES, MIN_MINUTES


def _whole_seconds(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise PydanticCustomError("out_of_range", "This time cannot be planned.") from error


Moment = Annotated[AwareDatetime, AfterValidator(_whole_seconds)]
Minutes = Annotated[int, Field(ge=MIN_MINUTES, le=MAX_MINUTES, strict=True)]
Reason = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoomCreate(Wish):
    """A consultation now (without `starts_at`) or at a time with its offset. A length of 30 minutes when scheduled
    and 60 when it begins now, unless given. `language` is what the patient is written to in, `time_zone` (an IANA
    name) where the patient's clock is: without it, what was said before, else the clinic's."""

    patient: PersonWish
    starts_at: Moment | None = None
    duration_minutes: Minutes | None = None
    modality: Modality = "teleconsulta"
    language: Language = "pt-BR"
    time_zone: ZoneName | None = None


class RoomPatch(Wish):
    """What is left out, or null, stays. A new time makes new links; the old ones die."""

    starts_at: Moment | None = None
    duration_minutes: Minutes | None = None
    modality: Modality | None = None


class RoomClose(Wish):
    """`cancelled` is a consultation that does not take place: whoever was told of its time gets a letter that takes
    it out of their calendar. So does every other ending, but for `completed`, before the booked time has come."""

    outcome: Outcome
    reason: Reason | None = None


class RoomDoctor(BaseModel):
    id: UUID
    name: str


class RoomPatient(BaseModel):
    id: UUID
    name: str
    email: str | None
    time_zone: str | None


class RoomOut(BaseModel):
    """A consultation. The booked time is `[starts_at, ends_at)`, links work in `[opens_at, closes_at)`.

    `time_zone` is the clinic's (IANA name) when it was booked, the patient's own is null unless it is known. `channel`
    says what the consultation went on by at last: a doctor may change from video to the telephone.
    """

    id: UUID
    doctor: RoomDoctor
    patient: RoomPatient
    state: RoomStateWord
    scheduled: bool
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    modality: Modality
    channel: Channel
    outcome: Outcome | None
    outcome_reason: str | None
    closed_at: datetime | None
    created_at: datetime
    demo: bool
    invitations: list[InvitationOut]
