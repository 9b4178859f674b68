"""The sockets: every event is validated, answered, and decided by presence; no payload is ever logged."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

import socketio
import structlog
from socketio.base_manager import BaseManager
from socketio.exceptions import ConnectionRefusedError as NotConnected

from teleconsulta.calls.notes import Interruption
from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.errors import DomainError, Forbidden, NotFound, RateLimited, Unavailable
from teleconsulta.kernel.ids import new_id
from teleconsulta.presence import queueing
from teleconsulta.presence import state as rules
from teleconsulta.presence.errors import NotSeated, RoomIsClosed
from teleconsulta.presence.model import Media, RoomState, Seat
from teleconsulta.presence.store import Decide, Store
from teleconsulta.readiness.figures import TroubleFigures
from teleconsulta.signaling import limits, views
from teleconsulta.signaling.accepting import Answer, accepts, refusal
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.entry import Entrance
from teleconsulta.signaling.errors import BadMessage, NotAdmitted
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.figures import Figures
from teleconsulta.signaling.guard import NORMAL, WIRE, Wire
from teleconsulta.signaling.protocol import CallEnd, ChatMessage, ChatSent, Leave, Signal, wire
from teleconsulta.signaling.protocol import Media as MediaSent
from teleconsulta.signaling.reports import CallReport
from teleconsulta.signaling.sockets import Connection, Sockets, steady
from teleconsulta.signaling.spread import Alone, Spread
from teleconsulta.signaling.troubles import Trouble
from teleconsulta.signaling.waiting import Aimed, NoticeSent, Refused

log = structlog.get_logger(__name__)

EVENTS = frozenset(
    {
        "signal",
        "admit",
        "refuse",
        "remove",
        "hold",
        "notice",
        "media_state",
        "chat_message",
        "call_report",
        "call_end",
        "leave",
        "trouble",
    }
)


class Consultations(socketio.AsyncNamespace):
    """The namespace `/`."""

    def __init__(
        self,
        *,
        sockets: Sockets,
        store: Store,
        entrance: Entrance,
        feeds: Feeds,
        chats: ChatLog,
        recorder: Recorder,
        clock: Clock,
        manager: BaseManager,
        figures: Figures,
        troubles: TroubleFigures,
    ) -> None:
        super().__init__("/")  # type: ignore[no-untyped-call]  # Socket.IO has no annotations
        self.sockets, self.store, self.entrance = sockets, store, entrance
        self.feeds, self.chats, self.recorder = feeds, chats, recorder
        self.clock, self.manager = clock, manager
        self.figures, self.troubles = figures, troubles
        self.draining = False
        self.spread: Spread = Alone()

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Only the events of the protocol have handlers; anything else is a bad message."""
        if event in EVENTS or event in {"connect", "disconnect"}:
            return await super().trigger_event(event, *args)  # type: ignore[no-untyped-call]  # as above
        return refusal(BadMessage())

    # -- coming and going --------------------------------------------------------------------------

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Join in one trip, or be refused with a code."""
        low: Wire = environ["asgi.scope"][WIRE]
        connection = Connection(sid, self.manager.eio_sid_from_sid(sid, "/"), low)
        try:
            await self.entrance.enter(connection, auth)
        except DomainError as error:
            self.figures.joined(connection, auth, error.code)
            log.info("socket_refused", code=error.code)
            low.close_later(limits.REFUSED_SECONDS)
            raise NotConnected(error.message, refusal(error)) from None
        except Exception as error:
            self.figures.joined(connection, auth, "internal")
            log.error("socket_connect_failed", error=type(error).__name__)
            low.close_later(limits.REFUSED_SECONDS)
            raise NotConnected("unavailable", refusal(Unavailable())) from None
        self.figures.joined(connection, auth)
        low.welcome()
        environ.clear()  # Socket.IO would keep the whole request for as long as the socket lives

    async def on_disconnect(self, sid: str, _reason: str) -> None:
        connection = self.sockets.remove(sid)
        if connection is None or self.draining:
            return
        self.feeds.unsubscribe(connection)
        if connection.room_id is not None and connection.participant_id is not None:
            participant_id = connection.participant_id
            with contextlib.suppress(Unavailable):  # the store will notice by itself that nobody is there
                await self.store.update(connection.room_id, lambda s: rules.drop(s, participant_id, sid, self.clock()))

    # -- what somebody in a room may say -----------------------------------------------------------

    @accepts(Signal)
    async def on_signal(self, connection: Connection, message: Signal) -> Answer:
        """Relay. Nothing may be awaited before the packet is on its way, or offers and candidates swap places.

        The receiver is looked for among the seats of the sender's own room, so no message can cross rooms.
        """
        state, seat = self._seat(connection)
        other = state.seat_of(message.to)
        if not seat.admitted or other is None or not other.admitted or other.id == seat.id:
            self._note_stray(connection, state)
            raise NotFound if seat.admitted else NotAdmitted
        if not other.online:
            return {"delivered": False}
        self.sockets.relay(state.id, other, "signal", views.signal_relayed(seat, message))
        return {"delivered": True}

    @accepts(Aimed)
    async def on_admit(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection, message.room_id)
        await self._update(room_id, lambda s: rules.admit(s, message.participant_id, self.clock(), new_id()))

    @accepts(Refused)
    async def on_refuse(self, connection: Connection, message: Refused) -> None:
        room_id = self._doctors_room(connection, message.room_id)
        await self._update(room_id, lambda s: rules.refuse(s, message.participant_id, self.clock(), message.message))

    @accepts(Aimed)
    async def on_remove(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection, message.room_id)
        await self._update(room_id, lambda s: rules.remove(s, message.participant_id, self.clock()))

    @accepts(Aimed)
    async def on_hold(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection, message.room_id)
        await self._update(room_id, lambda s: queueing.hold(s, message.participant_id, self.clock()))

    @accepts(NoticeSent)
    async def on_notice(self, connection: Connection, message: NoticeSent) -> None:
        """A word to somebody who waits; that it was said is on record, what was said is not."""
        room_id = self._doctors_room(connection, message.room_id)
        if not connection.chats.allows(steady()):
            raise RateLimited(retry_after=connection.chats.wait())
        await self._update(room_id, lambda s: queueing.notify(s, message.participant_id, message.text, self.clock()))

    @accepts(MediaSent)
    async def on_media_state(self, connection: Connection, message: MediaSent) -> None:
        state, seat = self._seat(connection)
        media = Media(message.audio, message.video, message.screen, message.recording)
        await self._update(state.id, lambda s: rules.set_media(s, seat.id, media))

    @accepts(ChatSent)
    async def on_chat_message(self, connection: Connection, message: ChatSent) -> Answer:
        """Kept once by its id; a repeat gets the same answer and is not sent again."""
        state, seat = self._admitted_seat(connection)
        if not connection.chats.allows(steady()):
            raise RateLimited(retry_after=connection.chats.wait())
        said = ChatMessage.model_validate(
            {
                "id": message.id,
                "from": seat.id,
                "name": seat.who.name,
                "role": seat.who.role,
                "text": message.text,
                "sent_at": self.clock(),
            }
        )
        known = self.chats.add(state.id, said)
        if known is not None and known.from_ != seat.id:
            raise BadMessage
        if known is None:
            others = (other.connection for other in state.admitted if other.id != seat.id)
            self.sockets.send_all(others, "chat_message", wire(said))
            self.spread.chat(state.id, said)
            self.recorder.say(state.id, seat, message.id, message.text, said.sent_at)
        return {"message": wire(known or said)}

    @accepts(CallReport)
    async def on_call_report(self, connection: Connection, message: CallReport) -> None:
        state, seat = self._admitted_seat(connection)
        if not connection.reports.allows(steady()):
            raise RateLimited(retry_after=connection.reports.wait())
        if state.call is not None:
            self.figures.reported(message)
            path, at = message.path, self.clock()
            self.recorder.measure(
                state.id,
                state.call.id,
                seat,
                at,
                path=(path.kind, path.protocol) if path else None,
                quality=message.quality.model_dump(exclude_none=True),
                interruptions=[
                    Interruption.seen(at, one.id, **one.model_dump(exclude={"id"})) for one in message.interruptions
                ],
                has_media=message.event is not None,
                first_frame_ms=message.first_frame_ms,
            )

    @accepts(Trouble)
    async def on_trouble(self, connection: Connection, message: Trouble) -> None:
        """What is in somebody's way, waiting or in the call: the doctor's screens show it, the record keeps it."""
        state, seat = self._seat(connection)
        if not connection.troubles.allows(steady()):
            raise RateLimited(retry_after=connection.troubles.wait())
        self.troubles.told("socket", [message.cause])
        told = self.feeds.standings.say(state, seat, message.cause, self.clock(), wants_phone=message.wants_phone)
        if told is None:
            return
        doctor = state.seat_of(state.facts.doctor_participant_id)
        if doctor is not None:
            self.sockets.relay(state.id, doctor, "trouble_told", views.trouble_told(told))
        self.spread.trouble(state.facts.doctor_id, told)
        self.feeds.changed(state.facts.doctor_id)
        self.recorder.note_trouble(state, seat, message.cause, self.clock(), wants_phone=message.wants_phone)

    @accepts(CallEnd)
    async def on_call_end(self, connection: Connection, message: CallEnd) -> None:
        room_id = self._doctors_room(connection, None)
        state, _ = self._seat(connection)
        await self._update(room_id, lambda s: rules.close(s, "ended_by_doctor", self.clock()))
        self.recorder.close_room(state, message.outcome, message.reason, self.clock())

    @accepts(Leave)
    async def on_leave(self, connection: Connection, _message: Leave) -> None:
        state, seat = self._seat(connection)
        # The answer travels first; the socket closes a moment later.
        await self._update(state.id, lambda s: rules.leave(s, seat.id, connection.sid, self.clock()))
        connection.wire.close_later(limits.REFUSED_SECONDS, NORMAL)

    # -- who is asking -----------------------------------------------------------------------------

    def _seat(self, connection: Connection) -> tuple[RoomState, Seat]:
        """The seat this socket holds, which decides everything it may do."""
        state = None if connection.room_id is None else self.store.get(connection.room_id)
        if state is None or connection.participant_id is None:
            raise Forbidden
        seat = state.seat_of(connection.participant_id)
        if seat is None or seat.connection != connection.sid:
            raise RoomIsClosed if state.closed else NotSeated
        return state, seat

    def _admitted_seat(self, connection: Connection) -> tuple[RoomState, Seat]:
        state, seat = self._seat(connection)
        if not seat.admitted:
            raise NotAdmitted
        return state, seat

    def _doctors_room(self, connection: Connection, named: UUID | None) -> UUID:
        """The room a doctor's word is about: the one they sit in, or the one their dashboard names."""
        if connection.room_id is None and connection.user_id is not None:
            kept = None if named is None else self.store.get(named)
            # Somebody else's room does not exist.
            if kept is None or kept.facts.doctor_id != connection.user_id:
                raise NotSeated
            return kept.id
        state, seat = self._seat(connection)
        if not seat.is_doctor:
            raise Forbidden
        if named not in {None, state.id}:
            raise NotSeated
        return state.id

    async def _update(self, room_id: UUID, decide: Decide) -> None:
        if await self.store.update(room_id, decide) is None:
            raise NotSeated

    def _note_stray(self, connection: Connection, state: RoomState) -> None:
        """Somebody addressed a person they cannot know of: one line a minute is enough to see it."""
        if connection.participant_id is not None and connection.audits.allows(steady()):
            self.recorder.refuse_signal(state.id, connection.participant_id)
