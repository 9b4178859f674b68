"""The nouns of a room's presence: people, seats, the call. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Role = Literal["doctor", "patient", "companion", "interpreter", "colleague"]
SeatState = Literal["waiting", "admitted"]
Authorised = Literal["self", "representative", "emergency"]

CAPACITY = 4
"""Admitted people in one room; the doctor's place is always kept."""


@dataclass(frozen=True, slots=True)
class Media:
    """What somebody says they are sending."""

    audio: bool = False
    video: bool = False
    screen: bool = False
    recording: bool = False


@dataclass(frozen=True, slots=True)
class Authorisation:
    """By what somebody may be here: their own agreement, a representative's, or the doctor's word in an emergency.

    `name` and `relationship` are the representative's.
    """

    by: Authorised
    name: str | None = None
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The doctor's word to somebody who waits."""

    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Who:
    """A participant of the room: `id` is the participant's, never the account's."""

    id: UUID
    name: str
    role: Role
    authorised: Authorisation | None = None

    @property
    def may_enter(self) -> bool:
        """Nobody sits down without an authorisation, but the doctor, who asks for it."""
        return self.role == "doctor" or self.authorised is not None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows about the room and presence only carries along."""

    room_id: UUID
    doctor_id: UUID  # the user
    doctor_participant_id: UUID
    doctor_name: str
    patient_id: UUID  # the person
    patient_name: str
    modality: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    scheduled: bool
    demo: bool
    walk_in: bool = False  # came by the doctor's standing room: nobody has checked the name


@dataclass(frozen=True, slots=True)
class Call:
    id: UUID
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One connection asking for a seat. `incarnation` names the page load, `connection` the socket.

    `since` is set for somebody who waited before a restart: they keep their place in the queue. `knocked_at`: they
    came while no server was there, and stand where they would if one had been.
    """

    who: Who
    connection: str
    incarnation: str
    media: Media = Media()
    device: str | None = None
    take_over: bool = True
    admitted: bool = False  # the record says that this person was let in before
    since: datetime | None = None
    knocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in the room. Without a connection they are away, and keep the seat for the grace time."""

    who: Who
    state: SeatState
    connection: str | None
    incarnation: str
    since: datetime
    media: Media = Media()
    device: str | None = None
    away_since: datetime | None = None
    notice: Notice | None = None

    @property
    def id(self) -> UUID:
        return self.who.id

    @property
    def online(self) -> bool:
        return self.connection is not None

    @property
    def admitted(self) -> bool:
        return self.state == "admitted"

    @property
    def is_doctor(self) -> bool:
        return self.who.role == "doctor"


@dataclass(frozen=True, slots=True)
class RoomState:
    """Who sits where. `version` rises with every event, so clients can tell old news from new.

    `let_in` and `put_out` remember the doctor's decisions about people who have no seat at the moment.
    `alone_since` is set while a call found in the record waits for its people after a restart.
    """

    facts: Facts
    version: int = 0
    seats: tuple[Seat, ...] = ()
    call: Call | None = None
    closed: bool = False
    let_in: frozenset[UUID] = frozenset()
    put_out: frozenset[UUID] = frozenset()
    alone_since: datetime | None = None

    @property
    def id(self) -> UUID:
        return self.facts.room_id

    @property
    def admitted(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.admitted)

    @property
    def waiting(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if not seat.admitted)

    def seat_of(self, participant_id: UUID) -> Seat | None:
        return next((seat for seat in self.seats if seat.id == participant_id), None)
