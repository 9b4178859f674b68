"""Some processes that share one Redis, as far as presence goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.nodes import Nodes, Pace
from teleconsulta.presence import state as rules
from teleconsulta.presence.events import Event, Outcome
from teleconsulta.presence.model import RoomState, Who
from teleconsulta.presence.store import Part
from teleconsulta.presence.upkeep import shared
from tests.presence.people import arrival, facts
from tests.redis_server import RedisServer

GRACE = timedelta(seconds=60)
QUICK = Pace(tick=0.04, beat=0.1, alive=0.5, leaving=0.5)
STEADY = replace(QUICK, alive=60)
"""Where nobody dies, a machine that stood still for a moment must not look like a death."""


class Node:
    """One process, as far as presence goes, and what it had to do."""

    def __init__(self, url: str, grace: timedelta = GRACE, pace: Pace = QUICK) -> None:
        self.nodes = Nodes(url, pace)
        self.told: list[tuple[UUID, Event]] = []
        self.rung: list[tuple[UUID, Event]] = []
        self.recorded: list[tuple[UUID, Event]] = []
        self.renewed: list[RoomState] = []
        self.lost = False
        self.store = shared(self.nodes, now, grace, self._follow, self.renewed.append, lambda _sid: not self.lost)
        self.nodes.start()

    def _follow(self, before: RoomState, outcome: Outcome, part: Part) -> None:
        events = [(before.id, event) for event in outcome.events]
        for wanted, done in ((part.tells, self.told), (part.rings, self.rung), (part.records, self.recorded)):
            if wanted:
                done.extend(events)

    async def join(self, room_id: UUID, who: Who, page: str = "page") -> None:
        connection = f"{self.nodes.id}.{uuid4()}"
        asking = arrival(who, connection, page)
        await self.store.update(room_id, lambda state: rules.join(state, asking, now(), uuid4()))

    async def kill(self) -> None:
        """As `kill -9` does: nothing is said and nothing is done any more."""
        for task in self.nodes._tasks:
            task.cancel()
        await asyncio.gather(*self.nodes._tasks, return_exceptions=True)
        await self.nodes.redis.aclose()

    def kinds(self, room_id: UUID) -> list[type[Event]]:
        return [type(event) for room, event in self.recorded if room == room_id]


@contextlib.asynccontextmanager
async def three(redis: RedisServer, grace: timedelta = GRACE, pace: Pace = STEADY) -> AsyncIterator[list[Node]]:
    redis.empty()
    nodes = [Node(redis.url, grace, pace) for _ in range(3)]
    await asyncio.gather(*(node.nodes.reachable(10) for node in nodes))
    try:
        yield nodes
    finally:
        await asyncio.gather(*(node.nodes.stop() for node in nodes))


async def until(true: object, seconds: float = 10) -> None:
    """Wait for what comes about in another process's own time."""
    async with asyncio.timeout(seconds):
        while not true():  # type: ignore[operator]  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)


def a_room(nodes: list[Node], *, demo: bool = True) -> UUID:
    """A room that every process was asked for at the same time."""
    room = rules.opened(replace(facts(demo=demo), room_id=uuid4()), None, now())
    for node in nodes:
        node.store.open(room)
    return room.id
