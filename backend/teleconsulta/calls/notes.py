"""What is to be put on record, as values, and how presence's events become such notes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from teleconsulta.audit.actions import Action
from teleconsulta.audit.service import Ref
from teleconsulta.presence.events import (
    Admitted,
    Away,
    CallEnded,
    CallStarted,
    Event,
    Held,
    Joined,
    Left,
    Notified,
    Outcome,
    Resumed,
    RoomClosed,
    TakenOver,
    Updated,
)
from teleconsulta.presence.model import RoomState, Seat


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the room's timeline, and its entry in the audit log if it has one."""

    room_id: UUID
    call_id: UUID | None
    at: datetime
    event: str
    participant_id: UUID | None = None
    detail: str | None = None
    action: Action | None = None
    actor: Ref | None = None


@dataclass(frozen=True, slots=True)
class CallOpened:
    call_id: UUID
    room_id: UUID
    doctor_id: UUID
    patient_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CallResumed:
    """Somebody is back in a call that the record held open, or had just given up."""

    call_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CallClosed:
    call_id: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StayOpened:
    call_id: UUID
    participant_id: UUID
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StayClosed:
    call_id: UUID
    participant_id: UUID
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The doctor's decision about somebody: since when they are let in, or None."""

    participant_id: UUID
    admitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    room_id: UUID
    message_id: UUID
    participant_id: UUID
    role: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time without media, as one browser saw it. `id` is the browser's own; `duration_ms` is None while it lasts."""

    id: UUID
    cause: str
    began_at: datetime
    duration_ms: int | None
    restarts: int

    @classmethod
    def seen(
        cls, at: datetime, own_id: UUID, *, cause: str, ago_ms: int, duration_ms: int | None, restarts: int
    ) -> Interruption:
        """What a report that came at `at` tells: it cannot have lasted longer than until then."""
        length = None if duration_ms is None else min(duration_ms, ago_ms)
        return cls(own_id, cause, at - timedelta(milliseconds=ago_ms), length, restarts)

    def since(self, start: datetime) -> Interruption | None:
        """The part of it in a call that began at `start`; None when it was over by then."""
        early_ms = round((start - self.began_at) / timedelta(milliseconds=1))
        if early_ms <= 0:
            return replace(self, began_at=max(start, self.began_at))
        if self.duration_ms is None:
            return replace(self, began_at=start)
        if self.duration_ms <= early_ms:
            return None
        return replace(self, began_at=start, duration_ms=self.duration_ms - early_ms)


@dataclass(frozen=True, slots=True)
class Measured:
    """One report of one browser. `path` is (kind, protocol)."""

    call_id: UUID
    room_id: UUID
    participant_id: UUID
    role: str
    at: datetime
    path: tuple[str, str] | None
    quality: dict[str, Any]
    interruptions: tuple[Interruption, ...] = ()
    has_media: bool = False  # the page says that it sees or hears the other
    first_frame_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RoomEnded:
    room_id: UUID
    outcome: str
    reason: str | None
    at: datetime
    doctor_id: UUID


@dataclass(frozen=True, slots=True)
class StraySignal:
    """Somebody addressed a person who is not in their room, or while they waited."""

    room_id: UUID
    participant_id: UUID


Note = (
    Happened
    | CallOpened
    | CallResumed
    | CallClosed
    | StayOpened
    | StayClosed
    | Decided
    | Said
    | Measured
    | RoomEnded
    | StraySignal
)

LEFT_ACTIONS = {"refused": Action.PARTICIPANT_REFUSED, "removed": Action.PARTICIPANT_REMOVED}


def notes(before: RoomState, outcome: Outcome, now: datetime) -> Iterator[Note]:
    """The paperwork of one change of a room, in the order in which it has to be written."""
    for event in outcome.events:
        yield from _notes(before, outcome.state, event, now)


def _notes(  # noqa: C901 - one case an event
    before: RoomState, after: RoomState, event: Event, now: datetime
) -> Iterator[Note]:
    call = before.call
    call_id = call.id if call else None
    match event:
        case Joined(_, seat, kept):
            came = "back" if kept else "arrived"
            yield _line(before, seat, now, came, action=Action.PARTICIPANT_JOINED)
            if seat.admitted and not seat.is_doctor:
                yield Decided(seat.id, now)
            if call is not None and seat.admitted:
                yield CallResumed(call.id, now)
                yield StayOpened(call.id, seat.id, seat.who.role, now)
        case Admitted(_, seat):
            doctor = Ref("user", before.facts.doctor_id)
            yield _line(before, seat, now, "admitted", action=Action.PARTICIPANT_ADMITTED, actor=doctor)
            yield Decided(seat.id, now)
            if call is not None:
                yield StayOpened(call.id, seat.id, seat.who.role, now)
        case Held(_, seat):
            doctor = Ref("user", before.facts.doctor_id)
            yield _line(before, seat, now, "held", action=Action.PARTICIPANT_HELD, actor=doctor)
            yield Decided(seat.id, None)
            if call is not None:
                yield StayClosed(call.id, seat.id, now, "held")
        case Notified(_, seat):
            # That something was said; what it was is between the two.
            doctor = Ref("user", before.facts.doctor_id)
            yield _line(before, seat, now, "notified", action=Action.PARTICIPANT_NOTIFIED, actor=doctor)
        case Away(_, seat):
            yield _line(before, seat, now, "away")
        case Resumed(_, seat, _):
            if _was_away(before, seat):
                yield _line(before, seat, now, "back")
        case Updated(_, seat):
            yield _line(before, seat, now, "back", detail="new_page")
        case Left(_, seat, reason, at):
            yield from _left(before, seat, reason, at)
        case CallStarted(_, started, seats):
            facts = after.facts
            yield CallOpened(started.id, after.id, facts.doctor_id, facts.patient_id, started.started_at)
            yield Happened(after.id, started.id, now, "call_started", action=Action.CALL_STARTED)
            for seat in seats:
                yield StayOpened(started.id, seat.id, seat.who.role, started.started_at)
        case CallEnded(_, ended, reason, at, _):
            yield CallClosed(ended.id, at, reason)
            yield Happened(after.id, ended.id, at, "call_ended", detail=reason, action=Action.CALL_ENDED)
        case RoomClosed(_, _, _, reason):
            yield Happened(after.id, call_id, now, "room_closed", detail=reason)
        case TakenOver() | _:  # what is on and off in a page's media is no event of the record
            pass


def _left(before: RoomState, seat: Seat, reason: str, at: datetime) -> Iterator[Note]:
    by_doctor = reason in LEFT_ACTIONS
    actor = Ref("user", before.facts.doctor_id) if by_doctor else None
    action = LEFT_ACTIONS.get(reason, Action.PARTICIPANT_LEFT)
    yield _line(before, seat, at, "left", detail=reason, action=action, actor=actor)
    if by_doctor or reason == "consent_withdrawn":
        yield Decided(seat.id, None)
    if before.call is not None and seat.admitted:
        yield StayClosed(before.call.id, seat.id, at, reason)


def _line(
    before: RoomState,
    seat: Seat,
    at: datetime,
    event: str,
    *,
    detail: str | None = None,
    action: Action | None = None,
    actor: Ref | None = None,
) -> Happened:
    own = Ref("participant", seat.id)
    call_id = before.call.id if before.call else None
    return Happened(before.id, call_id, at, event, seat.id, detail, action, actor or own)


def _was_away(before: RoomState, seat: Seat) -> bool:
    known = before.seat_of(seat.id)
    return known is not None and not known.online
