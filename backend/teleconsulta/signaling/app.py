"""Puts the sockets together: guard, Socket.IO, presence, effects, recorder, news."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import socketio
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from teleconsulta.calls.happenings import ClientEvent, Tell, tell_nobody
from teleconsulta.calls.recorder import Recorder
from teleconsulta.calls.sweep import Sweep
from teleconsulta.kernel.addresses import networks
from teleconsulta.kernel.announcements import Listener
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import RoomState
from teleconsulta.presence.store import MemoryStore, Part, Store
from teleconsulta.readiness.figures import TroubleFigures
from teleconsulta.signaling import limits
from teleconsulta.signaling.chat import ChatLog
from teleconsulta.signaling.door import Withdrawals
from teleconsulta.signaling.doorbell import Doorbell
from teleconsulta.signaling.effects import WHOLE, Effects
from teleconsulta.signaling.entry import Entrance
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.figures import Figures, Present
from teleconsulta.signaling.frames import FastJson, StrictPacket
from teleconsulta.signaling.guard import RESTART, Guard
from teleconsulta.signaling.lean import LeanServer
from teleconsulta.signaling.namespace import Consultations
from teleconsulta.signaling.news import News
from teleconsulta.signaling.polling import Polling
from teleconsulta.signaling.sockets import Sockets
from teleconsulta.signaling.waits import Waits
from teleconsulta.turn import service as turn
from teleconsulta.turn.credentials import IceServers

if TYPE_CHECKING:
    from teleconsulta.kernel.nodes import Nodes
    from teleconsulta.presence.redis import RedisStore
    from teleconsulta.signaling.across import Across

PATH = "/socket.io"
PING_SECONDS, PONG_SECONDS = 10, 5
"""Somebody who is gone without a word is noticed after fifteen seconds at most."""
GOODBYE_SECONDS = 0.3
"""What a restart leaves the sockets to read the announcement of it."""


class Signaling:
    """Everything that talks by socket. `start` and `drain` belong into the application's lifespan."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        tokens: Tokens,
        clock: Clock,
        registry: CollectorRegistry,
        troubles: TroubleFigures,
        forward: Tell = tell_nobody,
    ) -> None:
        self._settings, self._clock = settings, clock
        self._figures, self._forward = Figures(registry), forward
        grace = timedelta(seconds=settings.seat_grace_seconds)
        self._server = server = _server(settings)
        self.sockets = Sockets(server.eio)
        self._across: Across | None = None
        nodes: Nodes | None = None
        self.store: Store
        if settings.redis_url is None:
            self.store = MemoryStore(clock, grace, self._follow)
            self.recorder = Recorder(database, self.store.rooms, clock, self._tell)
            counted = self.store.rooms
        else:
            nodes, shared, self.recorder = self._shared(settings.redis_url, database, clock, grace)
            self.store, counted = shared, shared.recorded_here  # each room is counted by one process
        self._nodes = nodes
        Present(registry, self.sockets, counted, self.recorder, clock)
        self._sweep = Sweep(self.recorder, grace)
        self._waits, self._doorbell = Waits(database, clock), Doorbell(database, clock)
        self._feeds = Feeds(self.sockets, clock, self._waits.past)
        self._waits.learned = self._feeds.changed
        self._feeds.store = self.store
        chats, withdrawals = ChatLog(), Withdrawals(clock)
        self._effects = Effects(self.sockets, self._feeds, chats, self.recorder, self._ice, clock, self._doorbell.ring)
        entrance = Entrance(
            sockets=self.sockets,
            store=self.store,
            effects=self._effects,
            feeds=self._feeds,
            chats=chats,
            withdrawals=withdrawals,
            database=database,
            tokens=tokens,
            clock=clock,
            grace=grace,
            started_at=clock(),
        )
        self._namespace = Consultations(
            sockets=self.sockets,
            store=self.store,
            entrance=entrance,
            feeds=self._feeds,
            chats=chats,
            recorder=self.recorder,
            clock=clock,
            manager=server.manager,
            figures=self._figures,
            troubles=troubles,
        )
        server.register_namespace(self._namespace)  # type: ignore[no-untyped-call]  # Socket.IO has no annotations
        news = News(
            sockets=self.sockets,
            store=self.store,
            feeds=self._feeds,
            withdrawals=withdrawals,
            database=database,
            clock=clock,
        )
        self._listener = Listener(database.dsn, news.handle, news.recheck)
        if nodes is not None:
            self._join_others(nodes, entrance, chats, news.recheck)
        inner = socketio.ASGIApp(server, socketio_path=PATH)
        self.asgi = Guard(
            inner,
            origins=settings.allowed_origins,
            trusted=networks(settings.trusted_proxies),
            same_host=settings.demo,
            polling=Polling(inner, server.eio) if settings.allow_polling else None,
        )

    def _shared(
        self, url: str, database: Database, clock: Clock, grace: timedelta
    ) -> tuple[Nodes, RedisStore, Recorder]:
        # Not imported where one process is all there is.
        from teleconsulta.kernel.nodes import Nodes
        from teleconsulta.presence.upkeep import shared

        nodes = Nodes(url)
        store = shared(
            nodes,
            clock,
            grace,
            self._follow,
            lambda state: self._across.renewed(state) if self._across else None,
            lambda sid: self.sockets.get(sid) is not None,
        )
        self._server.eio.name = nodes.name
        return nodes, store, Recorder(database, store.rooms, clock, self._tell, mine=store.recorded_here)

    def _follow(self, before: RoomState, outcome: Outcome, part: Part = WHOLE) -> None:
        self._effects.run(before, outcome, part)
        if part.records:
            self._figures.follow(before, outcome, self._clock())
        if self._across is not None and part.tells:
            self._across.follow(outcome.state)

    def _join_others(
        self, nodes: Nodes, entrance: Entrance, chats: ChatLog, recheck: Callable[[], Awaitable[None]]
    ) -> None:
        from teleconsulta.signaling.across import Across

        self._across = across = Across(
            nodes,
            sockets=self.sockets,
            store=self.store,
            effects=self._effects,
            feeds=self._feeds,
            chats=chats,
            recorder=self.recorder,
            recheck=recheck,
        )
        self._namespace.spread = entrance.spread = across
        self._doorbell.first = across.first_to_ring

    def checks(self) -> dict[str, bool]:
        """What `/readyz` says about the sockets: whether Redis answers, and that this process is about to stop."""
        redis = {} if self._nodes is None else {"redis": self._nodes.connected.is_set()}
        return {**redis, **({"accepting": False} if self._namespace.draining else {})}

    def mount(self, app: FastAPI) -> None:
        """Serve the sockets under `/socket.io`, and let the rest of the application see who is present."""
        app.mount(PATH, self.asgi)
        app.state.signaling = self
        app.state.presence = self.store
        app.state.more_checks = self.checks

    async def start(self) -> None:
        if self._nodes is not None:
            self._nodes.start()
        await self._listener.start()
        self.recorder.start()
        self._sweep.start()

    async def drain(self) -> None:
        """Announce the restart, close every socket, put on record what is still to be written. Safe to call twice."""
        if self._namespace.draining:
            return
        self._namespace.draining = self.asgi.draining = True
        if self._nodes is not None:
            await self._nodes.leave()
        self.store.stop()
        self._feeds.stop()
        self._waits.stop()
        for connection in self.sockets:
            # Spread out, so that they do not all come back in the same instant.
            wait = random.randint(200, 1500)  # noqa: S311 - no secret
            self.sockets.send(connection.sid, "server_draining", {"reconnect_after_ms": wait})
        if len(self.sockets):
            await asyncio.sleep(GOODBYE_SECONDS)
        for connection in self.sockets:
            connection.wire.close(RESTART)
        await self._sweep.stop()
        await self._listener.stop()
        await self.recorder.stop()
        await self._doorbell.stop()
        if self._across is not None:
            self._across.stop()
        if self._nodes is not None:
            await self._nodes.stop()
        await self._server.shutdown()  # type: ignore[no-untyped-call]  # as above

    async def listening(self) -> None:
        """Until news from the database can reach us."""
        await self._listener.listening.wait()

    def figures(self) -> dict[str, int]:
        """How many rooms have somebody in them, sockets are joined, calls run."""
        rooms = list(self.store.rooms())
        return {
            "rooms": sum(1 for room in rooms if room.seats),
            "connections": len(self.sockets),
            "calls": sum(1 for room in rooms if room.call is not None),
        }

    def _tell(self, event: ClientEvent) -> None:
        self._figures.told(event)
        self._forward(event)

    def _ice(self, participant_id: UUID, moment: datetime) -> IceServers:
        return turn.ice_servers(self._settings, participant_id, moment)


def _server(settings: Settings) -> LeanServer:
    return LeanServer(  # type: ignore[no-untyped-call]  # as above
        async_mode="asgi",
        transports=["websocket", "polling"] if settings.allow_polling else ["websocket"],
        allow_upgrades=False,
        serializer=StrictPacket,
        json=FastJson,
        async_handlers=False,  # one socket's events in their order
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        max_http_buffer_size=limits.MAX_FRAME,
        http_compression=False,
        monitor_clients=settings.allow_polling,  # a websocket has timers of its own
        cors_allowed_origins=[],  # the guard judges origins, for every transport
        cors_credentials=False,
    )
