"""What has to happen to shared rooms without anybody asking: grace times end, dead processes' seats are given up,
records change hands, Redis is told again what it lost. Every process looks; whoever is first has done it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.nodes import Nodes, node_of
from teleconsulta.presence import codec
from teleconsulta.presence import store as stores
from teleconsulta.presence.model import Seat
from teleconsulta.presence.redis import Kept, RedisStore
from teleconsulta.presence.scripts import RoomScripts
from teleconsulta.presence.state import drop, expire, next_deadline
from teleconsulta.presence.store import FollowPart

REMEMBERED_SECONDS = 30.0
CALM_SECONDS = 5.0
"""After Redis was away: what people get to come back before their grace time is looked at."""
CHUNK = 200
STEP = 100
"""A state that was rebuilt is newer than anything a page may have seen."""


class Upkeep:
    """Looks after a store twice a second. `lives` tells whether a socket of this process is still there."""

    def __init__(
        self, store: RedisStore, nodes: Nodes, clock: Clock, grace: timedelta, lives: Callable[[str], bool]
    ) -> None:
        self._store, self._nodes, self._clock, self._grace, self._lives = store, nodes, clock, grace, lives
        self._scripts = RoomScripts(nodes)
        self._connected_before = False
        self._calm_until = self._look_at = 0.0
        nodes.on_connect.append(self.resync)
        nodes.on_tick.append(self.tick)

    async def resync(self) -> None:
        """Compare what is remembered here with what Redis knows; of each room the newer is kept.

        Raises:
            Unavailable.
        """
        if self._connected_before:
            self._calm_until = time.monotonic() + CALM_SECONDS
        self._connected_before = True
        found = await self._found()
        for rev, packed, scribe in found.values():
            self._store.adopt(rev, codec.load_state(packed), scribe)
        for kept in self._store.kept():
            known = found.get(kept.state.id)
            if known is not None and known[0] >= kept.rev:
                continue
            if kept.state.seats or kept.state.call is not None:
                state = replace(kept.state, version=kept.state.version + STEP)
                await self._scripts.restore(kept.rev + 1, state, kept.scribe, self._clock())
            elif known is None:
                self._store.drop(kept.state)

    async def _found(self) -> dict[UUID, tuple[int, bytes, str]]:
        redis, ask = self._nodes.redis, self._nodes.ask
        ids = [one.decode() for one in await ask(redis.smembers(self._nodes.key("rooms")))]
        found = {}
        for begin in range(0, len(ids), CHUNK):
            pipeline = redis.pipeline(transaction=False)
            for room_id in ids[begin : begin + CHUNK]:
                pipeline.hmget(self._nodes.key("room", room_id), "rev", "state", "scribe")
            rows = await ask(pipeline.execute())
            for room_id, (rev, packed, scribe) in zip(ids[begin : begin + CHUNK], rows, strict=True):
                if rev is not None:
                    found[UUID(room_id)] = (int(rev), packed, scribe.decode())
        return found

    async def tick(self) -> None:
        """
        Raises:
            Unavailable: it goes on with the next one.
        """
        if self._store.stopped:
            return
        moment = time.monotonic()
        if moment >= self._calm_until:
            await self._end_grace_times()
        await self._forget(moment)
        if moment >= self._look_at:
            self._look_at = moment + self._nodes.pace.beat
            await self._give_up_lost(moment)

    async def _end_grace_times(self) -> None:
        for kept in self._store.kept():
            deadline = next_deadline(kept.state, self._grace)
            if deadline is not None and deadline <= self._clock():
                await self._store.update(kept.state.id, lambda state: expire(state, self._clock(), self._grace))

    async def _forget(self, moment: float) -> None:
        unused_since = moment - max(stores.FORGET_AFTER, self._grace).total_seconds()
        self._store.drop_seeds(unused_since)
        for kept in self._store.kept():
            while kept.told and kept.told[0].heard_at < moment - REMEMBERED_SECONDS:
                kept.told.popleft()
            used = kept.state.seats or kept.state.call is not None or kept.changed_at >= unused_since
            if not used and not await self._scripts.forget(kept.state.id, kept.rev):
                self._store.drop(kept.state)  # only this process still knew it

    async def _give_up_lost(self, moment: float) -> None:
        me = self._nodes.id
        for kept, seat in list(self._seats()):
            # A socket that has just come or gone is being dealt with.
            settled = kept.changed_at < moment - self._nodes.pace.beat
            if settled and node_of(seat.connection) == me and not self._lives(str(seat.connection)):
                await self._drop(kept, seat)
        # After Redis was away, the others first get to say that they live.
        if moment < self._nodes.since + self._nodes.pace.alive + self._nodes.pace.beat:
            return
        owners = {node for _, seat in self._seats() if (node := node_of(seat.connection)) is not None}
        statuses = await self._nodes.statuses((owners | {kept.scribe for kept in self._store.kept()}) - {me})
        for kept, seat in list(self._seats()):
            if node_of(seat.connection) in statuses and statuses[str(node_of(seat.connection))] is None:
                await self._drop(kept, seat)
        for kept in self._store.kept():
            if statuses.get(kept.scribe, "up") != "up" and not self._nodes.leaving:
                await self._scripts.claim(kept.state.id, kept.scribe)

    def _seats(self) -> Iterator[tuple[Kept, Seat]]:
        return ((kept, seat) for kept in self._store.kept() for seat in kept.state.seats if seat.online)

    async def _drop(self, kept: Kept, seat: Seat) -> None:
        connection = str(seat.connection)
        await self._store.update(kept.state.id, lambda state: drop(state, seat.id, connection, self._clock()))


def shared(
    nodes: Nodes,
    clock: Clock,
    grace: timedelta,
    follow: FollowPart,
    renewed: stores.Renewed = lambda _state: None,
    lives: Callable[[str], bool] = lambda _connection: True,
) -> RedisStore:
    """A store for several processes that looks after itself as long as `nodes` runs."""
    store = RedisStore(nodes, clock, follow, renewed)
    Upkeep(store, nodes, clock, grace, lives)
    return store
