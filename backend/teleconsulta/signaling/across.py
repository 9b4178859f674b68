"""Makes the sockets of several processes one. Only imported where `REDIS_URL` is set.

What happens in a room reaches every process by presence, and each tells its own sockets. Here is the rest: what one
socket says to another, chat, troubles, and whether a doctor looks at a dashboard of another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import orjson

from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.kernel.nodes import STALE_SECONDS, Nodes, node_of
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.presence.store import Store
from teleconsulta.signaling.chat import KEPT, ChatLog
from teleconsulta.signaling.doorbell import QUIET
from teleconsulta.signaling.effects import Effects
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.guard import RESTART
from teleconsulta.signaling.protocol import ChatMessage, wire
from teleconsulta.signaling.sockets import Sockets
from teleconsulta.signaling.troubles import Readiness

CHAT_SECONDS = 24 * 60 * 60
"""The record has it for good; this is for a process that comes to know a room."""
SPREAD_SECONDS = 1.0
MAX_HELD = 100


class Across:
    """One process's end. `recheck` asks the database about everybody who is here."""

    def __init__(
        self,
        nodes: Nodes,
        *,
        sockets: Sockets,
        store: Store,
        effects: Effects,
        feeds: Feeds,
        chats: ChatLog,
        recorder: Recorder,
        recheck: Callable[[], Awaitable[None]],
    ) -> None:
        self._nodes, self._sockets, self._store, self._effects = nodes, sockets, store, effects
        self._feeds, self._chats, self._recorder, self._recheck = feeds, chats, recorder, recheck
        self._looking: dict[str, tuple[float, frozenset[UUID]]] = {}
        self._shown: frozenset[UUID] = frozenset()
        self._shown_at = 0.0
        self._leaving: set[str] = set()
        self._held: dict[tuple[UUID, UUID], deque[tuple[float, str, dict[str, Any]]]] = {}
        self._checking: asyncio.Task[None] | None = None
        sockets.elsewhere = self.relay
        feeds.elsewhere = self._looks
        for kind, handle in (
            ("to", self._to),
            ("chat", self._said),
            ("trouble", self._troubled),
            ("feeds", self._feeds_of),
            ("leaving", lambda message: self._leaving.add(message["node"])),
        ):
            nodes.on(kind, handle)
        nodes.on_connect.append(self.reconcile)
        nodes.on_tick.append(self.tick)

    # -- telling -----------------------------------------------------------------------------------

    def relay(self, room_id: UUID, seat: Seat, event: str, payload: dict[str, Any]) -> None:
        """Tell a socket of another process, in order with everything else this process tells. Whoever is on the way
        from one that stops to another hears it there."""
        node = node_of(seat.connection)
        if node in self._leaving:
            held = self._held.setdefault((room_id, seat.id), deque(maxlen=MAX_HELD))
            held.append((time.monotonic() + STALE_SECONDS, event, payload))
        elif node is not None and node != self._nodes.id:
            self._nodes.send("to", to=node, stale=True, sid=seat.connection, event=event, payload=payload)

    def follow(self, state: RoomState) -> None:
        """Something happened in a room: who was on the way may have arrived."""
        for seat in state.seats if self._held else ():
            if seat.online and node_of(seat.connection) not in self._leaving:
                for until, event, payload in self._held.pop((state.id, seat.id), ()):
                    if time.monotonic() < until:
                        self._sockets.relay(state.id, seat, event, payload)

    def chat(self, room_id: UUID, said: ChatMessage) -> None:
        key, message = self._nodes.key("chat", room_id), wire(said)
        packed = orjson.dumps(message)
        self._nodes.order(("RPUSH", key, packed), ("LTRIM", key, -KEPT, -1), ("EXPIRE", key, CHAT_SECONDS))
        self._nodes.send("chat", room=room_id, message=message)

    def trouble(self, doctor_id: UUID, told: Readiness) -> None:
        self._nodes.send("trouble", doctor=doctor_id, told=wire(told))

    async def said(self, room_id: UUID) -> Sequence[ChatMessage]:
        try:
            rows = await self._nodes.ask(self._nodes.redis.lrange(self._nodes.key("chat", room_id), 0, -1))
        except Unavailable:
            return ()
        return [ChatMessage.model_validate_json(row) for row in rows]

    async def first_to_ring(self, doctor_id: UUID) -> bool:
        """Whether no other process has rung for this doctor a moment ago. Twice is better than never."""
        key, quiet = self._nodes.key("rung", doctor_id), int(QUIET.total_seconds())
        with contextlib.suppress(Unavailable):
            return bool(await self._nodes.ask(self._nodes.redis.set(key, 1, nx=True, ex=quiet)))
        return True

    async def tick(self) -> None:
        """Say which doctors look at their dashboards here, when that changes and now and then."""
        shown, moment = self._feeds.shown(), time.monotonic()
        self._held = {who: held for who, held in self._held.items() if held[-1][0] > moment}
        if shown != self._shown or moment > self._shown_at + self._nodes.pace.beat:
            self._shown, self._shown_at = shown, moment
            self._nodes.send("feeds", stale=True, doctors=sorted(map(str, shown)))

    # -- hearing -----------------------------------------------------------------------------------

    def _to(self, message: dict[str, Any]) -> None:
        self._sockets.send(message["sid"], message["event"], message["payload"])

    def _said(self, message: dict[str, Any]) -> None:
        if message["node"] != self._nodes.id:
            self._take(UUID(message["room"]), ChatMessage.model_validate(message["message"]))

    def _take(self, room_id: UUID, said: ChatMessage) -> None:
        """Keep a message of somewhere else, tell it to who is here, and put it on record for them: twice is once there,
        and the process it came from may be dead by now."""
        state = self._store.get(room_id)
        if self._chats.add(room_id, said) is not None or state is None:
            return
        here = [seat.connection for seat in state.admitted if seat.id != said.from_ and self._is_here(seat.connection)]
        self._sockets.send_all(here, "chat_message", wire(said))
        sender = state.seat_of(said.from_)
        if here and sender is not None:
            self._recorder.say(room_id, sender, said.id, said.text, said.sent_at)

    def _troubled(self, message: dict[str, Any]) -> None:
        if message["node"] == self._nodes.id:
            return
        told, doctor_id = Readiness.model_validate(message["told"]), UUID(message["doctor"])
        self._feeds.standings.put(doctor_id, told)
        self._feeds.changed(doctor_id)

    def _feeds_of(self, message: dict[str, Any]) -> None:
        node = message["node"]
        if node == self._nodes.id:
            return
        doctors = frozenset(map(UUID, message["doctors"]))
        before = self._looking.get(node, (0.0, frozenset[UUID]()))[1]
        moment, patience = time.monotonic(), self._nodes.pace.alive
        self._looking = {known: one for known, one in self._looking.items() if moment < one[0] + patience}
        self._looking[node] = (moment, doctors)
        for doctor_id in doctors ^ before:
            self._feeds.changed(doctor_id)

    def _looks(self, doctor_id: UUID) -> bool:
        since = time.monotonic() - self._nodes.pace.alive
        return any(doctor_id in doctors for heard_at, doctors in self._looking.values() if heard_at > since)

    # -- after Redis was away ------------------------------------------------------------------------

    def renewed(self, state: RoomState) -> None:
        """A room is another now, and nothing says how: who is here sees it as a whole."""
        for seat in state.seats:
            self._effects.send_state(state, seat)
        self._feeds.changed(state.facts.doctor_id)

    async def reconcile(self) -> None:
        """Who has a seat hears what was said meanwhile; whose seat is another's by now comes in again by the door."""
        rooms = set()
        for connection in self._sockets:
            if connection.room_id is None or connection.participant_id is None or not connection.wire.joined:
                continue
            state = self._store.get(connection.room_id)
            seat = state.seat_of(connection.participant_id) if state else None
            if seat is None or seat.connection != connection.sid:
                spread = random.uniform(0, SPREAD_SECONDS)  # noqa: S311 - no secret
                connection.wire.close_later(spread, RESTART)
            else:
                rooms.add(connection.room_id)
        for room_id in rooms:
            for said in await self.said(room_id):
                self._take(room_id, said)
        if len(self._sockets):
            self._checking = asyncio.create_task(self._check())

    async def _check(self) -> None:
        """What was withdrawn while nothing could be changed is withdrawn now."""
        with contextlib.suppress(Unavailable, ConnectionError):
            await self._nodes.reachable(SPREAD_SECONDS)
            await self._recheck()

    def stop(self) -> None:
        if self._checking is not None:
            self._checking.cancel()

    def _is_here(self, sid: str | None) -> bool:
        return self._sockets.get(sid) is not None
