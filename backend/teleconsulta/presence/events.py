"""What happens in a room, as values: each raises the room's version by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from teleconsulta.presence.model import Call, RoomState, Seat

LeaveReason = Literal["left", "timeout", "refused", "removed", "revoked", "consent_withdrawn", "held"]
EndReason = Literal["ended_by_doctor", "left", "timeout", "room_closed", "consent_withdrawn"]


@dataclass(frozen=True, slots=True)
class Joined:
    """`kept`: they have waited since before a restart, and have not come anew."""

    version: int
    seat: Seat
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """The same page is back on another socket: nothing to renegotiate. `news`: others see a difference."""

    version: int
    seat: Seat
    news: bool


@dataclass(frozen=True, slots=True)
class Updated:
    """Another page of the same person has the seat now."""

    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`connection` lost the seat. `replaced`: to another page, which the person has to be told."""

    version: int
    seat: Seat
    connection: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class Away:
    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class MediaChanged:
    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class Admitted:
    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who was in waits again, at the place of their arrival."""

    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class Notified:
    """The doctor has said something to somebody who waits."""

    version: int
    seat: Seat


@dataclass(frozen=True, slots=True)
class Left:
    """`at` is the last moment they were seen, which for a timeout lies a grace time back.

    `message` is what the doctor said with a refusal.
    """

    version: int
    seat: Seat
    reason: LeaveReason
    at: datetime
    message: str | None = None


@dataclass(frozen=True, slots=True)
class CallStarted:
    version: int
    call: Call
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class CallEnded:
    version: int
    call: Call
    reason: EndReason
    at: datetime
    room_closed: bool


@dataclass(frozen=True, slots=True)
class RoomClosed:
    """`seats` are those that were taken until now."""

    version: int
    seats: tuple[Seat, ...]
    call: Call | None
    reason: EndReason


Event = (
    Joined
    | Resumed
    | Updated
    | TakenOver
    | Away
    | MediaChanged
    | Admitted
    | Held
    | Notified
    | Left
    | CallStarted
    | CallEnded
    | RoomClosed
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is now, and what happened on the way there, in order."""

    state: RoomState
    events: tuple[Event, ...] = ()
