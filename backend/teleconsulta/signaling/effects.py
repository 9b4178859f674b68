"""What follows from what happened: who is told, which sockets close, what goes on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

from teleconsulta.kernel.clock import Clock
from teleconsulta.presence.events import (
    Admitted,
    Away,
    CallEnded,
    CallStarted,
    Event,
    Held,
    Joined,
    Left,
    MediaChanged,
    Notified,
    Outcome,
    Resumed,
    RoomClosed,
    TakenOver,
    Updated,
)
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.presence.state import may_see
from teleconsulta.presence.store import Part
from teleconsulta.signaling import protocol, views, waiting
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.guard import NORMAL
from teleconsulta.signaling.protocol import RevokedCode
from teleconsulta.signaling.sockets import Sockets
from teleconsulta.turn.credentials import IceServers

Ice = Callable[[UUID, datetime], IceServers]
"""(participant id, now) -> the relays this person may use"""
Ring = Callable[[UUID], None]
"""Tells a doctor (a user id) who may be looking at something else that somebody waits; some time soon."""

FAREWELLS: dict[str, RevokedCode | None] = {
    "left": None,
    "timeout": None,
    "refused": "refused",
    "removed": "removed",
    "revoked": "revoked",
    "consent_withdrawn": "consent_withdrawn",
    "held": None,  # they stay, and are told by a `room_state`
}


WHOLE = Part()


class Recorder(Protocol):
    """What goes on record; it never makes anybody wait."""

    def follow(self, before: RoomState, outcome: Outcome, now: datetime) -> None:
        """Put what happened on record, some time soon."""


class Effects:
    """Runs in the same step as the change it follows, and waits for nothing."""

    def __init__(
        self,
        sockets: Sockets,
        feeds: Feeds,
        chats: ChatLog,
        recorder: Recorder,
        ice: Ice,
        clock: Clock,
        ring: Ring = lambda _doctor_id: None,
    ) -> None:
        self._sockets, self._feeds, self._chats, self._recorder = sockets, feeds, chats, recorder
        self._ice, self._clock, self._ring = ice, clock, ring

    def run(self, before: RoomState, outcome: Outcome, part: Part = WHOLE) -> None:
        """Peers first, paperwork second. Sockets of other processes are none here, and are told there."""
        if part.tells:
            for event in outcome.events:
                self._tell(outcome.state, event, part)
            self._feeds.changed(outcome.state.facts.doctor_id)
        if part.records:
            self._recorder.follow(before, outcome, part.at or self._clock())

    def send_state(self, state: RoomState, seat: Seat) -> None:
        """The whole room, as this person may see it, with fresh ICE servers."""
        if self._sockets.get(seat.connection) is None:
            return
        now = self._clock()
        place = None if seat.admitted else self._feeds.position(state.id, seat.id, state.facts.doctor_id)
        payload = views.room_state(
            state,
            seat,
            messages=self._chats.of(state.id) if seat.admitted else (),
            ice=self._ice(seat.id, now) if seat.admitted else None,
            position=place.position if place else None,
            estimate=place.estimate if place else None,
            now=now,
        )
        self._sockets.send(seat.connection, "room_state", payload)

    def _tell(self, state: RoomState, event: Event, part: Part) -> None:  # noqa: C901 - one case an event
        send_all, audience = self._sockets.send_all, _audience
        match event:
            case Joined(version, seat, kept):
                if part.rings and not seat.admitted and not kept and not _doctor_is_here(state):
                    self._ring(state.facts.doctor_id)
                send_all(audience(state, seat), "participant_joined", views.participant_event(version, seat))
            case Resumed(_, _, False):
                pass
            case Resumed(version, seat) | Updated(version, seat) | Away(version, seat):
                send_all(audience(state, seat), "participant_updated", views.participant_event(version, seat))
            case TakenOver(_, _, connection, replaced):
                self._sockets.dismiss(connection, "replaced" if replaced else None)
            case MediaChanged(_, seat):
                send_all(audience(state, seat), "media_state", views.media_relayed(seat))
            case Admitted(version, seat):
                self._admitted(state, version, seat)
            case Held(version, seat):
                self._held(state, version, seat)
            case Notified(_, seat) if seat.notice is not None:
                said = protocol.wire(waiting.Notice(text=seat.notice.text, sent_at=seat.notice.sent_at))
                self._sockets.send(seat.connection, "notice", said)
            case Left(version, seat, reason, _, message):
                send_all(audience(state, seat), "participant_left", views.participant_left(version, seat, reason))
                self._sockets.dismiss(seat.connection, FAREWELLS[reason], wire_code=NORMAL, message=message)
            case CallStarted(version, call):
                send_all(_admitted(state), "call_started", views.call_started(version, call))
            case CallEnded(version, call, reason, _, False):
                ended = views.call_ended(version, call, reason, room_closed=False)
                send_all(_admitted(state), "call_ended", ended)
            case RoomClosed():
                self._closed(event)
            case _:  # the call's end in a room that closes is told with the closing
                pass

    def _admitted(self, state: RoomState, version: int, seat: Seat) -> None:
        self.send_state(state, seat)
        payload = views.participant_event(version, seat)
        for other in _others(state, seat):
            # Whoever could not see them wait hears of them for the first time.
            event = "participant_updated" if other.is_doctor else "participant_joined"
            if other.is_doctor or other.admitted:
                self._sockets.send(other.connection, event, payload)

    def _held(self, state: RoomState, version: int, seat: Seat) -> None:
        """For those who are in they have left; to the doctor they come anew, so that nothing of before is kept."""
        self.send_state(state, seat)
        left, joined = views.participant_left(version, seat, "held"), views.participant_event(version, seat)
        for other in _others(state, seat):
            if other.admitted:
                self._sockets.send(other.connection, "participant_left", left)
            if other.is_doctor:
                self._sockets.send(other.connection, "participant_joined", joined)

    def _closed(self, event: RoomClosed) -> None:
        ended = views.call_ended(event.version, event.call, event.reason, room_closed=True)
        self._sockets.send_all((seat.connection for seat in event.seats if seat.admitted), "call_ended", ended)
        for seat in event.seats:
            self._sockets.dismiss(seat.connection, None if seat.admitted else "room_closed", wire_code=NORMAL)


def _doctor_is_here(state: RoomState) -> bool:
    return any(seat.is_doctor and seat.online for seat in state.seats)


def _others(state: RoomState, seat: Seat) -> Iterator[Seat]:
    return (other for other in state.seats if other.id != seat.id and other.online)


def _audience(state: RoomState, seat: Seat) -> Iterator[str | None]:
    """The sockets of those who may see this seat, its own excepted."""
    return (other.connection for other in _others(state, seat) if may_see(other, seat))


def _admitted(state: RoomState) -> Iterator[str | None]:
    return (seat.connection for seat in state.admitted)
