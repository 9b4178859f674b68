"""The sockets: every event is validated, answered, and decided by presence; no payload is ever logged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import socketio
import structlog
from pydantic import BaseModel, ValidationError
from socketio.base_manager import BaseManager
from socketio.exceptions import ConnectionRefusedError as Refused

from teleconsulta.auth.identity import ParticipantIdentity
from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import (
    DomainError,
    Forbidden,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.presence import state as rules
from teleconsulta.presence.errors import NotSeated, RoomIsClosed
from teleconsulta.presence.model import Arrival, Media, RoomState, Seat, Who
from teleconsulta.presence.store import Decide, Store
from teleconsulta.signaling import door, limits, repository, views
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.door import Knocker, StaffToken, Withdrawals
from teleconsulta.signaling.effects import Effects
from teleconsulta.signaling.errors import BadMessage, NotAdmitted, Revoked
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.guard import NORMAL, WIRE, Wire
from teleconsulta.signaling.limits import Bucket
from teleconsulta.signaling.protocol import (
    Aimed,
    CallEnd,
    CallReport,
    ChatMessage,
    ChatSent,
    Handshake,
    Leave,
    Refusal,
    Signal,
    wire,
)
from teleconsulta.signaling.protocol import Media as MediaSent
from teleconsulta.signaling.sockets import Connection, Sockets, steady

log = structlog.get_logger(__name__)

Answer = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
EVENTS = frozenset(
    {"signal", "admit", "refuse", "remove", "media_state", "chat_message", "call_report", "call_end", "leave"}
)


def refusal(error: DomainError) -> Answer:
    """A refusal in the words of the protocol: a negative ack, or `connect_error.data`."""
    opens_at = error.extra.get("opens_at")
    model = Refusal(code=error.code, message=error.message, retry_after=error.retry_after, opens_at=opens_at)
    return model.model_dump(mode="json", exclude_none=True)


def accepts(
    model: type[Model],
) -> Callable[[Callable[[Any, Connection, Model], Awaitable[Answer | None]]], Callable[..., Awaitable[Answer]]]:
    """Validate the payload, find the socket's connection, answer whatever comes of it."""

    def decorate(
        handler: Callable[[Any, Connection, Model], Awaitable[Answer | None]],
    ) -> Callable[..., Awaitable[Answer]]:
        @wraps(handler)
        async def answer(self: Consultations, sid: str, *payload: object) -> Answer:
            try:
                connection = self.sockets.get(sid)
                if connection is None:
                    raise Unauthorized
                return {"ok": True, **(await handler(self, connection, _read(model, payload)) or {})}
            except DomainError as error:
                return refusal(error)
            except Exception as error:  # a fault of ours must not leave the caller without an answer
                log.error("socket_event_failed", handler=handler.__name__, error=type(error).__name__)
                return refusal(Unavailable())

        return answer

    return decorate


def _read(model: type[Model], payload: tuple[object, ...]) -> Model:
    if len(payload) != 1:
        raise BadMessage
    try:
        return model.model_validate(payload[0])
    except ValidationError as error:
        long = any(problem["type"] in {"string_too_long", "too_long"} for problem in error.errors(include_input=False))
        raise (TooLarge if long else BadMessage) from None


class Consultations(socketio.AsyncNamespace):
    """The namespace `/`."""

    def __init__(
        self,
        *,
        sockets: Sockets,
        store: Store,
        effects: Effects,
        feeds: Feeds,
        chats: ChatLog,
        recorder: Recorder,
        withdrawals: Withdrawals,
        database: Database,
        tokens: Tokens,
        clock: Clock,
        manager: BaseManager,
    ) -> None:
        super().__init__("/")  # type: ignore[no-untyped-call]  # Socket.IO has no annotations
        self.sockets, self.store, self.effects, self.feeds, self.chats = sockets, store, effects, feeds, chats
        self.recorder, self.withdrawals, self.database = recorder, withdrawals, database
        self.tokens, self.clock, self.manager = tokens, clock, manager
        self.draining = False
        self._joins: dict[UUID, Bucket] = {}

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Only the events of the protocol have handlers; anything else is a bad message."""
        if event in EVENTS or event in {"connect", "disconnect"}:
            return await super().trigger_event(event, *args)  # type: ignore[no-untyped-call]  # as above
        return refusal(BadMessage())

    # -- coming and going --------------------------------------------------------------------------

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Join in one trip, or be refused with a code."""
        low: Wire = environ["asgi.scope"][WIRE]
        try:
            hello = door.handshake(auth)
            person = door.knocker(self.tokens, hello.token)
            self._count_join(person)
            eio_sid = self.manager.eio_sid_from_sid(sid, "/")
            connection = Connection(sid=sid, eio_sid=eio_sid, wire=low)
            if isinstance(person, StaffToken):
                connection.user_id, connection.session_id = person.user_id, person.session_id
            if hello.room_id is None and isinstance(person, StaffToken):
                await self._open_feed(connection, person)
            else:
                await self._join(connection, person, hello)
        except DomainError as error:
            low.close_later(limits.REFUSED_SECONDS)
            raise Refused(error.message, refusal(error)) from None
        except Exception as error:
            log.error("socket_connect_failed", error=type(error).__name__)
            low.close_later(limits.REFUSED_SECONDS)
            raise Refused("unavailable", refusal(Unavailable())) from None
        low.welcome()
        environ.clear()  # Socket.IO would keep the whole request for as long as the socket lives

    async def on_disconnect(self, sid: str, _reason: str) -> None:
        connection = self.sockets.remove(sid)
        if connection is None or self.draining:
            return
        self.feeds.unsubscribe(connection)
        if connection.room_id is not None and connection.participant_id is not None:
            participant_id = connection.participant_id
            await self.store.update(connection.room_id, lambda s: rules.drop(s, participant_id, sid, self.clock()))

    def _count_join(self, person: Knocker) -> None:
        key = person.user_id if isinstance(person, StaffToken) else person.participant_id
        now = steady()
        if len(self._joins) > 10_000:
            self._joins = {known: bucket for known, bucket in self._joins.items() if not bucket.is_full(now)}
        bucket = self._joins.setdefault(key, Bucket(limits.JOINS_PER_SECOND, limits.JOINS_BURST))
        if not bucket.allows(now):
            raise RateLimited(retry_after=bucket.wait())

    async def _open_feed(self, connection: Connection, person: StaffToken) -> None:
        asked_at = self.clock()
        async with self.database.session() as session:
            if not await repository.session_is_live(session, person.user_id, person.session_id):
                raise Revoked
        self.withdrawals.check(person, asked_at)
        self.sockets.add(connection)
        self.feeds.subscribe(connection)
        asyncio.get_running_loop().call_soon(self.feeds.tell, connection.sid, person.user_id)

    async def _join(self, connection: Connection, person: Knocker, hello: Handshake) -> None:
        room_id = self._room_of(person, hello)
        asked_at = self.clock()
        held = self._held_seat(person, room_id)
        if held is not None:
            self.withdrawals.check(person, asked_at)
            who, admitted = held.who, held.admitted
        else:
            who, admitted = await self._look_up(person, room_id, asked_at)
        connection.room_id, connection.participant_id = room_id, who.id
        sent = hello.media
        arrival = Arrival(
            who=who,
            connection=connection.sid,
            incarnation=hello.incarnation or connection.sid,
            media=Media(sent.audio, sent.video, sent.screen, sent.recording),
            device=hello.device,
            take_over=hello.take_over,
            admitted=admitted,
        )
        self.sockets.add(connection)
        try:
            await self._update(room_id, lambda s: rules.join(s, arrival, self.clock(), new_id()))
        except DomainError:
            self.sockets.remove(connection.sid)
            raise
        # Socket.IO puts its own answer on the wire first, in this same step.
        asyncio.get_running_loop().call_soon(self._send_state, connection)

    @staticmethod
    def _room_of(person: Knocker, hello: Handshake) -> UUID:
        if isinstance(person, ParticipantIdentity):
            if hello.room_id not in {None, person.room_id}:
                raise Unauthorized
            return person.room_id
        if hello.room_id is None:
            raise Unauthorized
        return hello.room_id

    def _held_seat(self, person: Knocker, room_id: UUID) -> Seat | None:
        """The seat somebody still has: they come back without a question to the database."""
        state = self.store.get(room_id)
        if state is None or state.closed:
            return None
        if isinstance(person, ParticipantIdentity):
            return state.seat_of(person.participant_id)
        facts = state.facts
        return state.seat_of(facts.doctor_participant_id) if facts.doctor_id == person.user_id else None

    async def _look_up(self, person: Knocker, room_id: UUID, asked_at: datetime) -> tuple[Who, bool]:
        kept = self.store.get(room_id)
        if kept is not None and kept.closed:
            raise RoomIsClosed
        found, messages = await door.ask(self.database, person, room_id, history=kept is None)
        place = door.check(found, self.clock())
        self.withdrawals.check(person, asked_at)
        self.withdrawals.check_room(room_id, asked_at)
        if self.store.get(room_id) is None:
            self.chats.forget_others_than([*(room.id for room in self.store.rooms())])
            self.chats.open(room_id, messages)
            self.store.open(rules.opened(place.facts, place.call, self.clock()))
        return place.who, place.admitted

    def _send_state(self, connection: Connection) -> None:
        if connection.room_id is None or connection.participant_id is None:
            return
        state = self.store.get(connection.room_id)
        seat = state.seat_of(connection.participant_id) if state else None
        if state is not None and seat is not None and seat.connection == connection.sid:
            self.effects.send_state(state, seat)

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
        self.sockets.send(other.connection, "signal", views.signal_relayed(seat, message))
        return {"delivered": True}

    @accepts(Aimed)
    async def on_admit(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection)
        await self._update(room_id, lambda s: rules.admit(s, message.participant_id, self.clock(), new_id()))

    @accepts(Aimed)
    async def on_refuse(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection)
        await self._update(room_id, lambda s: rules.refuse(s, message.participant_id, self.clock()))

    @accepts(Aimed)
    async def on_remove(self, connection: Connection, message: Aimed) -> None:
        room_id = self._doctors_room(connection)
        await self._update(room_id, lambda s: rules.remove(s, message.participant_id, self.clock()))

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
            self.recorder.say(state.id, seat, message.id, message.text, said.sent_at)
        return {"message": wire(known or said)}

    @accepts(CallReport)
    async def on_call_report(self, connection: Connection, message: CallReport) -> None:
        state, seat = self._admitted_seat(connection)
        if not connection.reports.allows(steady()):
            raise RateLimited(retry_after=connection.reports.wait())
        if state.call is not None:
            path = message.path
            self.recorder.measure(
                state.id,
                state.call.id,
                seat,
                self.clock(),
                path=(path.kind, path.protocol) if path else None,
                quality=message.quality.model_dump(exclude_none=True),
            )

    @accepts(CallEnd)
    async def on_call_end(self, connection: Connection, message: CallEnd) -> None:
        room_id = self._doctors_room(connection)
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

    def _doctors_room(self, connection: Connection) -> UUID:
        state, seat = self._seat(connection)
        if not seat.is_doctor:
            raise Forbidden
        return state.id

    async def _update(self, room_id: UUID, decide: Decide) -> None:
        if await self.store.update(room_id, decide) is None:
            raise NotSeated

    def _note_stray(self, connection: Connection, state: RoomState) -> None:
        """Somebody addressed a person they cannot know of: one line a minute is enough to see it."""
        if connection.participant_id is not None and connection.audits.allows(steady()):
            self.recorder.refuse_signal(state.id, connection.participant_id)
