"""Letting somebody in who was recognised at the door: to a seat in a room, or to the dashboard."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.auth.identity import ParticipantIdentity
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import DomainError, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.presence import queueing
from teleconsulta.presence import state as rules
from teleconsulta.presence.errors import RoomIsClosed
from teleconsulta.presence.model import Arrival, Media, Seat, Who
from teleconsulta.presence.store import Store
from teleconsulta.signaling import door, limits, repository
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.door import Knocker, StaffToken, Withdrawals
from teleconsulta.signaling.effects import Effects
from teleconsulta.signaling.errors import Revoked
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.limits import Bucket
from teleconsulta.signaling.protocol import Handshake
from teleconsulta.signaling.repository import Place
from teleconsulta.signaling.sockets import Connection, Sockets, steady
from teleconsulta.signaling.spread import Alone, Spread

MANY = 10_000
"""People whose joins are counted, before those who have been quiet are forgotten."""


@dataclass(slots=True)
class Entrance:
    """What it takes to let somebody in."""

    sockets: Sockets
    store: Store
    effects: Effects
    feeds: Feeds
    chats: ChatLog
    withdrawals: Withdrawals
    database: Database
    tokens: Tokens
    clock: Clock
    grace: timedelta
    started_at: datetime
    joins: dict[UUID, Bucket] = field(default_factory=dict)
    spread: Spread = field(default_factory=Alone)

    async def enter(self, connection: Connection, auth: object) -> None:
        """Join by the `auth` of a handshake.

        Raises:
            DomainError: the refusals of docs/protocol.md.
        """
        hello = door.handshake(auth)
        person = door.knocker(self.tokens, hello.token)
        self._count(person)
        if isinstance(person, StaffToken):
            connection.user_id, connection.session_id = person.user_id, person.session_id
        if hello.room_id is None and isinstance(person, StaffToken):
            await self._open_feed(connection, person)
        else:
            await self._join(connection, person, hello)

    def _count(self, person: Knocker) -> None:
        key = person.user_id if isinstance(person, StaffToken) else person.participant_id
        now = steady()
        if len(self.joins) > MANY:
            self.joins = {known: bucket for known, bucket in self.joins.items() if not bucket.is_full(now)}
        bucket = self.joins.setdefault(key, Bucket(limits.JOINS_PER_SECOND, limits.JOINS_BURST))
        if not bucket.allows(now):
            raise RateLimited(retry_after=bucket.wait())

    async def _open_feed(self, connection: Connection, person: StaffToken) -> None:
        asked_at = self.clock()
        async with self.database.session() as session:
            if not await repository.session_is_live(session, person.user_id, person.session_id):
                raise Revoked
            found = await repository.standings(session, person.user_id, asked_at)
        self.withdrawals.check(person, asked_at)
        self.feeds.standings.load(person.user_id, found)
        self.sockets.add(connection)
        self.feeds.subscribe(connection)
        asyncio.get_running_loop().call_soon(self.feeds.tell, connection.sid, person.user_id)

    async def _join(self, connection: Connection, person: Knocker, hello: Handshake) -> None:
        room_id = self._room_of(person, hello)
        asked_at, until = self.clock(), steady() + limits.JOIN_PATIENCE
        held = self._held_seat(person, room_id)
        if held is not None:
            self.withdrawals.check(person, asked_at)
            who, admitted, since, knocked_at = held.who, held.admitted, None, None
        else:
            who, admitted, since = await self._look_up(person, room_id, asked_at, until)
            knocked_at = await self._knocked_at(hello) if since is None and not admitted else None
        if not self.chats.knows(room_id):
            await self._recall(room_id)
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
            since=since,
            knocked_at=knocked_at,
        )
        self.sockets.add(connection)
        try:
            left = max(until - steady(), 0)
            await self.store.update(room_id, lambda s: rules.join(s, arrival, self.clock(), new_id()), patience=left)
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

    async def _recall(self, room_id: UUID) -> None:
        """Learn what was said in a room that another process knows: from the record, and what is too new for that."""
        messages = [*await self.spread.said(room_id)]
        with contextlib.suppress(Unavailable):
            async with self.database.session() as session:
                messages += await repository.recent_messages(session, room_id)
        self.chats.open(room_id, sorted(messages, key=lambda said: said.sent_at))

    async def _look_up(
        self, person: Knocker, room_id: UUID, asked_at: datetime, until: float
    ) -> tuple[Who, bool, datetime | None]:
        kept = self.store.get(room_id)
        if kept is not None and kept.closed:
            raise RoomIsClosed
        found, messages = await door.ask(self.database, person, room_id, history=kept is None)
        place = door.check(found, self.clock())
        self.withdrawals.check(person, asked_at)
        self.withdrawals.check_room(room_id, asked_at)
        kept = self.store.get(room_id)
        if kept is not None and kept.facts != place.facts:
            left = max(until - steady(), 0)
            await self.store.update(room_id, lambda s: rules.informed(s, place.facts), patience=left)
        elif kept is None:
            self.chats.forget_others_than([*(room.id for room in self.store.rooms())])
            self.chats.open(room_id, messages)
            self.store.open(rules.opened(place.facts, place.call, self.clock()))
        return place.who, place.admitted, await self._waited_since(place)

    async def _waited_since(self, place: Place) -> datetime | None:
        """Since when somebody waits whom a server before this one knew: only just after our start can there be any."""
        now = self.clock()
        if place.admitted or place.who.role == "doctor" or now > self.started_at + self.grace:
            return None
        async with self.database.session() as session:
            known = await repository.waited_since(session, place.who.id)
        arrived_at, away_since = known or (None, None)
        return queueing.kept_place(arrived_at, away_since, self.started_at, now, self.grace)

    async def _knocked_at(self, hello: Handshake) -> datetime | None:
        """When somebody came who found nobody awake; see `queueing.knocked_at`."""
        knocking, now = timedelta(milliseconds=hello.knocking_ms), self.clock()
        if queueing.knocked_at(knocking, None, self.started_at, now, self.grace) is None:
            return None
        async with self.database.session() as session:
            last_sign = await repository.last_sign(session, self.started_at)
        return queueing.knocked_at(knocking, last_sign, self.started_at, now, self.grace)

    def _send_state(self, connection: Connection) -> None:
        if connection.room_id is None or connection.participant_id is None:
            return
        state = self.store.get(connection.room_id)
        seat = state.seat_of(connection.participant_id) if state else None
        if state is not None and seat is not None and seat.connection == connection.sid:
            self.effects.send_state(state, seat)
