"""What travels about invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from teleconsulta.consents.schemas import ConsentText
from teleconsulta.kernel.languages import Language
from teleconsulta.kernel.zones import ZoneName
from teleconsulta.notifications.schemas import PushSubscribe
from teleconsulta.patients.values import PersonWish
from teleconsulta.readiness.schemas import ReadinessOut
from teleconsulta.rooms.schemas import RoomPublic

InvitedRole = Literal["patient", "companion", "interpreter", "colleague"]
SeatRole = Literal["doctor", "patient", "companion", "interpreter", "colleague"]
InvitationState = Literal["active", "revoked", "expired"]
DeliveryState = Literal["none", "queued", "sent", "failed"]

RawToken = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class InvitationCreate(PersonWish):
    """One more person for a room. `language` is what their letter is written in, `time_zone` (an IANA name) where
    their clock is: without it, the clinic's."""

    role: InvitedRole
    language: Language = "pt-BR"
    time_zone: ZoneName | None = None


class InvitationOut(BaseModel):
    """A personal link as the room's owner sees it. `link` is null once it opens nothing any more.

    `delivery_code` says why a letter is late or was refused: `smtp_unreachable`, `smtp_unavailable`, `smtp_deferred`,
    `recipient_refused`, `sender_refused`, `message_refused`, `address_invalid`, `outbox_unwritable`. `readiness` is
    what the person's own last test of their equipment came to; null before the first.
    """

    id: UUID
    participant_id: UUID
    name: str
    email: str | None
    role: InvitedRole
    link: str | None
    state: InvitationState
    delivery: DeliveryState
    delivery_code: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    created_at: datetime
    readiness: ReadinessOut | None = None


class LinkToken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: RawToken


class LinkPush(LinkToken):
    """A browser in which the owner of this link wants to be reminded."""

    subscription: PushSubscribe


class Resume(BaseModel):
    model_config = ConfigDict(extra="forbid")

    participant_id: UUID


class InvitationPreview(BaseModel):
    """Who calls, and when. `first_name` is the invited person's own."""

    room: RoomPublic
    role: InvitedRole
    first_name: str
    consent: ConsentText


class SeatPerson(BaseModel):
    id: UUID
    name: str
    role: SeatRole


class SeatConsent(BaseModel):
    """`given`: somebody agreed. `emergency`: the doctor lets the patient come without an agreement."""

    given: bool
    emergency: bool
    text: ConsentText


class SeatOut(BaseModel):
    """A seat in the room; `expires_in` is in seconds. The page that gets it is also given a cookie to come back by.

    `ice_urls` names the STUN servers and relays for a test of the network; credentials come with the admission.
    """

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int
    room: RoomPublic
    participant: SeatPerson
    consent: SeatConsent
    ice_urls: list[str]
