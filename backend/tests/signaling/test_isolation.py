"""Nothing of one room reaches another, and nothing reaches who waits but what concerns them.

Random people do random things in three rooms; every packet that anybody is sent is read and judged.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import orjson
import socketio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from prometheus_client import CollectorRegistry

from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import DomainError
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.presence import state as rules
from teleconsulta.presence.model import Arrival, Authorisation, Facts, RoomState, Who
from teleconsulta.presence.store import MemoryStore
from teleconsulta.readiness.figures import TroubleFigures
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.door import Withdrawals
from teleconsulta.signaling.effects import Effects
from teleconsulta.signaling.entry import Entrance
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.figures import Figures
from teleconsulta.signaling.namespace import Consultations
from teleconsulta.signaling.sockets import Connection, Sockets
from teleconsulta.turn.credentials import Ice, IceServers
from tests.presence.people import GRACE

ROLES = ("doctor", "patient", "companion", "interpreter")
ROOMS, PEOPLE = 3, len(ROLES)
seats = st.tuples(st.integers(0, ROOMS - 1), st.integers(0, PEOPLE - 1))


def person(seat: tuple[int, int]) -> UUID:
    room, number = seat
    return UUID(int=(room + 1) * 100 + number)


def room_of(participant: str) -> int:
    return UUID(participant).int // 100 - 1


class IsolationMachine(RuleBasedStateMachine):
    """The namespace's own handlers, on sockets whose queues are read instead of sent."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.run(self._build())

    def teardown(self) -> None:
        self.run(self._stop())
        self.loop.close()

    def run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    async def _build(self) -> None:
        server = socketio.AsyncServer(async_mode="asgi")
        self.sockets = Sockets(server.eio)
        self.engine = server.eio
        self.database = Database("postgresql://nobody@127.0.0.1:1/none")  # never asked
        self.recorder = Recorder(self.database, list, now)
        self.store = MemoryStore(now, GRACE, lambda before, outcome: effects.run(before, outcome))
        feeds, chats = Feeds(self.sockets, now, lambda _doctor: ()), ChatLog()
        feeds.store = self.store
        effects = Effects(self.sockets, feeds, chats, self.recorder, lambda who, at: _ice(who), now)
        self.effects, self.feeds = effects, feeds
        self.namespace = Consultations(
            sockets=self.sockets,
            store=self.store,
            entrance=Entrance(
                sockets=self.sockets,
                store=self.store,
                effects=effects,
                feeds=feeds,
                chats=chats,
                withdrawals=Withdrawals(now),
                database=self.database,
                tokens=Tokens("x" * 40),
                clock=now,
                grace=GRACE,
                started_at=now(),
            ),
            feeds=feeds,
            chats=chats,
            recorder=self.recorder,
            clock=now,
            manager=server.manager,
            figures=Figures(registry := CollectorRegistry()),
            troubles=TroubleFigures(registry),
        )
        self.connections: dict[tuple[int, int], Connection] = {}
        for number in range(ROOMS):
            self.store.open(rules.opened(_facts(number), None, now()))

    async def _stop(self) -> None:
        self.store.stop()
        self.feeds.stop()
        await self.database.close()

    @rule(seat=seats, page=st.sampled_from(["page-a", "page-b"]))
    def join(self, seat: tuple[int, int], page: str) -> None:
        self.run(self._join(seat, page))

    async def _join(self, seat: tuple[int, int], page: str) -> None:
        sid = uuid4().hex
        self.engine.sockets[sid] = SimpleNamespace(closed=False, queue=asyncio.Queue())
        wire = SimpleNamespace(close=lambda *_: None, close_later=lambda *_: None)
        room, number = seat
        facts = _facts(room)
        connection = Connection(sid, sid, wire, facts.room_id, person(seat))  # type: ignore[arg-type]  # nothing to close
        self.sockets.add(connection)
        who = Who(person(seat), f"room {room}", ROLES[number], Authorisation("self"))  # type: ignore[arg-type]
        arrival = Arrival(who, sid, page)
        try:
            await self.store.update(facts.room_id, lambda s: rules.join(s, arrival, now(), new_id()))
        except DomainError:
            self.sockets.remove(sid)
            return
        self.connections[seat] = connection
        state = self.state(room)
        mine = state.seat_of(person(seat))
        assert mine is not None
        self.effects.send_state(state, mine)

    @rule(seat=seats)
    def drop(self, seat: tuple[int, int]) -> None:
        connection = self.connections.pop(seat, None)
        if connection is not None:
            self.run(self.namespace.on_disconnect(connection.sid, "transport close"))

    @rule(seat=seats, other=seats, event=st.sampled_from(["admit", "refuse", "remove"]))
    def decide(self, seat: tuple[int, int], other: tuple[int, int], event: str) -> None:
        known = self.state(other[0]).seat_of(person(other))
        answer = self.say(seat, event, participant_id=str(person(other)))
        if answer and answer["ok"]:
            assert seat[0] == other[0]
            assert seat[1] == 0
            assert known is not None

    @rule(seat=seats, other=seats)
    def signal(self, seat: tuple[int, int], other: tuple[int, int]) -> None:
        mine, theirs = (self.state(s[0]).seat_of(person(s)) for s in (seat, other))
        answer = self.say(seat, "signal", to=str(person(other)), session="s", candidates=[{"candidate": str(seat[0])}])
        if answer and answer["ok"]:
            assert seat[0] == other[0]
            assert mine is not None
            assert mine.admitted
            assert theirs is not None
            assert theirs.admitted

    @rule(seat=seats)
    def chat(self, seat: tuple[int, int]) -> None:
        self.say(seat, "chat_message", id=str(uuid4()), text=f"room {seat[0]}")

    @rule(seat=seats, audio=st.booleans())
    def media(self, seat: tuple[int, int], audio: bool) -> None:
        self.say(seat, "media_state", audio=audio)

    @rule(seat=seats)
    def leave(self, seat: tuple[int, int]) -> None:
        self.say(seat, "leave")

    def say(self, seat: tuple[int, int], event: str, **payload: Any) -> Any:
        connection = self.connections.get(seat)
        if connection is None:
            return None
        return self.run(self.namespace.trigger_event(event, connection.sid, payload))

    def state(self, room: int) -> RoomState:
        found = self.store.get(_facts(room).room_id)
        assert found is not None
        return found

    @invariant()
    def everybody_hears_only_their_own(self) -> None:
        for (room, number), connection in self.connections.items():
            queue: asyncio.Queue[Any] = self.engine.sockets[connection.sid].queue
            while not queue.empty():
                event, payload = orjson.loads(queue.get_nowait().data[1:])
                self._judge(room, number, event, payload)
        # A seat that is gone reads what was sent before it went, and no more after that.
        for seat in [s for s, c in self.connections.items() if self.sockets.get(c.sid) is None]:
            del self.connections[seat]

    def _judge(self, room: int, number: int, event: str, payload: Any) -> None:
        me = str(person((room, number)))
        text = orjson.dumps(payload).decode()
        for other in set(range(ROOMS)) - {room}:
            assert f"room {other}" not in text
            assert str(_facts(other).room_id) not in text
        people = [p["id"] for p in payload.get("participants", [])]
        people += [payload[key]["id"] for key in ("participant", "self") if key in payload]
        people += [payload["from"]] if "from" in payload else []
        assert {room_of(who) for who in people} <= {room}
        if event == "room_state" and payload["self"]["state"] == "waiting":
            assert {p["role"] for p in payload["participants"]} <= {"doctor", ROLES[number]}
            assert (payload["messages"], payload["ice_servers"], payload["call"]) == ([], [], None)
        if event in {"signal", "chat_message", "media_state", "call_started", "call_ended"}:
            seat = self.state(room).seat_of(UUID(me))
            let_in = seat is None or seat.admitted or UUID(me) in self.state(room).put_out
            assert let_in or payload.get("from") == str(person((room, 0)))


def _facts(number: int) -> Facts:
    moment = now()
    return Facts(
        room_id=UUID(int=10_000 + number),
        doctor_id=UUID(int=20_000 + number),
        doctor_participant_id=person((number, 0)),
        doctor_name=f"room {number}",
        patient_id=UUID(int=30_000 + number),
        patient_name=f"room {number}",
        modality="teleconsulta",
        starts_at=moment,
        ends_at=moment,
        closes_at=moment,
        scheduled=False,
        demo=False,
    )


def _ice(who: UUID) -> IceServers:
    return IceServers((Ice(("turn:relay.example",), f"room {room_of(str(who))}", "x"),), None)


TestIsolationMachine = IsolationMachine.TestCase
TestIsolationMachine.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
