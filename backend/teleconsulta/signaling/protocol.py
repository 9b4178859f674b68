"""Every socket message as a model: what a client may say, and what it is told (docs/protocol.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from teleconsulta.signaling.message import Message
from teleconsulta.signaling.troubles import Readiness
from teleconsulta.signaling.waiting import Estimate, Notice, not_blank

PROTOCOL = 1
MAX_SDP = 32 * 1024
MAX_CANDIDATE = 1024
MAX_CANDIDATES = 32
MAX_CHAT = 2000

Role = Literal["doctor", "patient", "companion", "interpreter", "colleague"]
SeatState = Literal["waiting", "admitted"]
Device = Literal["phone", "tablet", "desktop"]
Connection = Literal["online", "away"]
LeaveReason = Literal["left", "timeout", "refused", "removed", "revoked", "consent_withdrawn", "held"]
EndReason = Literal["ended_by_doctor", "left", "timeout", "room_closed", "consent_withdrawn"]
Outcome = Literal[
    "completed",
    "converted_to_phone",
    "referred_in_person",
    "refused_by_patient",
    "refused_by_doctor",
    "technical_failure",
    "no_show",
]
RevokedCode = Literal["replaced", "removed", "refused", "revoked", "signed_out", "room_closed", "consent_withdrawn"]

Incarnation = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Media(Message):
    audio: bool = False
    video: bool = False
    screen: bool = False
    recording: bool = False


class Authorisation(Message):
    """By what somebody may be here; `name` and `relationship` are a representative's."""

    by: Literal["self", "representative", "emergency"]
    name: str | None
    relationship: str | None


class Participant(Message):
    """`authorisation` is told while they wait, to whoever sees them then: the doctor, and they themselves."""

    id: UUID
    name: str
    role: Role
    state: SeatState
    media: Media
    connection: Connection
    incarnation: str
    since: datetime
    device: Device | None = None
    authorisation: Authorisation | None = None


class RoomInfo(Message):
    """A room as its participants see it."""

    id: UUID
    state: Literal["open", "closed"]
    modality: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    doctor_name: str
    demo: bool = False


class CallInfo(Message):
    id: UUID
    started_at: datetime


class ChatMessage(Message):
    id: UUID
    from_: UUID = Field(alias="from", serialization_alias="from")
    name: str
    role: Role
    text: str
    sent_at: datetime


class IceServer(Message):
    """One `RTCIceServer` of the WebRTC API. What is not there is left out: a browser reads null as the word "null"."""

    urls: list[str]
    username: str | None = Field(default=None, exclude_if=lambda value: value is None)
    credential: str | None = Field(default=None, exclude_if=lambda value: value is None)


# -- client to server ------------------------------------------------------------------------------


class Handshake(Message):
    """The `auth` of a Socket.IO connect. `knocking_ms`: for how long this page has tried to come in."""

    token: str = Field(min_length=1, max_length=4096)
    protocol: int
    room_id: UUID | None = None
    incarnation: Incarnation | None = None
    take_over: bool = True
    device: Device | None = None
    media: Media = Media()
    knocking_ms: int = Field(default=0, ge=0, le=86_400_000)


class Description(Message):
    """An `RTCSessionDescriptionInit`; `rollback` never travels."""

    type: Literal["offer", "answer", "pranswer"]
    sdp: str = Field(max_length=MAX_SDP)


class Candidate(Message):
    """An `RTCIceCandidateInit`."""

    candidate: str = Field(max_length=MAX_CANDIDATE)
    sdpMid: str | None = Field(default=None, max_length=64)  # noqa: N815 - the WebRTC API's own word
    sdpMLineIndex: int | None = Field(default=None, ge=0, le=255)  # noqa: N815
    usernameFragment: str | None = Field(default=None, max_length=256)  # noqa: N815


class Signal(Message):
    to: UUID
    session: SessionId
    description: Description | None = None
    candidates: list[Candidate] | None = Field(default=None, max_length=MAX_CANDIDATES)


class ChatSent(Message):
    id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHAT), AfterValidator(not_blank)]


class CallEnd(Message):
    outcome: Outcome = "completed"
    reason: str | None = Field(default=None, max_length=500)


class Leave(Message):
    pass


# -- server to client ------------------------------------------------------------------------------


class RoomState(Message):
    version: int
    self_: Participant = Field(alias="self", serialization_alias="self")
    room: RoomInfo
    participants: list[Participant]
    call: CallInfo | None
    messages: list[ChatMessage]
    ice_servers: list[IceServer]
    ice_expires_at: datetime | None
    server_time: datetime
    position: int | None
    estimate: Estimate | None = None
    notice: Notice | None = None


class ParticipantEvent(Message):
    """`participant_joined`, `participant_updated`."""

    version: int
    participant: Participant


class ParticipantLeft(Message):
    version: int
    participant: Participant
    reason: LeaveReason


class SignalRelayed(Message):
    from_: UUID = Field(alias="from", serialization_alias="from")
    session: SessionId
    description: Description | None = None
    candidates: list[Candidate] | None = None


class MediaRelayed(Media):
    from_: UUID = Field(alias="from", serialization_alias="from")


class CallStarted(Message):
    version: int
    call: CallInfo


class CallEnded(Message):
    version: int
    call: CallInfo | None
    reason: EndReason
    room_closed: bool


class WaitingEntry(Message):
    """One person in a doctor's queue, in order of arrival."""

    room_id: UUID
    participant: Participant
    position: int
    scheduled_for: datetime | None
    walk_in: bool = False
    notice: Notice | None = None


class ActiveRoom(Message):
    """A room of the doctor's with anybody in it."""

    room_id: UUID
    patient_name: str
    participants: list[Participant]
    call: CallInfo | None


class QueueUpdated(Message):
    """For the dashboard: complete each time."""

    waiting: list[WaitingEntry]
    rooms: list[ActiveRoom]
    readiness: list[Readiness]
    server_time: datetime


class PositionUpdated(Message):
    """`queue_updated` for a waiting person."""

    position: int
    estimate: Estimate | None = None


class SessionRevoked(Message):
    """`message`: what the doctor said with a refusal."""

    code: RevokedCode
    message: str | None = Field(default=None, exclude_if=lambda value: value is None)


class ServerDraining(Message):
    reconnect_after_ms: int


class Refusal(Message):
    """`connect_error.data`, and the negative ack."""

    ok: Literal[False] = False
    code: str
    message: str
    retry_after: float | None = None
    opens_at: datetime | None = None


def wire(message: BaseModel) -> dict[str, Any]:
    """The JSON form that travels."""
    return message.model_dump(mode="json", by_alias=True)
