"""Room states that several processes share: kept in Redis, and in the memory of each.

Reading never waits: every process hears every change and has all rooms at hand. A change is decided on what is at hand
and taken by Redis only if nobody was faster; otherwise it is decided again. What follows from it is the part of each
process that has something to do with it (`Part`). Nothing is in Redis alone: a Redis that comes back empty is filled
again by whoever remembers most.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.errors import DomainError, Unavailable
from teleconsulta.kernel.nodes import Nodes
from teleconsulta.presence import codec
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import RoomState
from teleconsulta.presence.scripts import RoomScripts
from teleconsulta.presence.store import PATIENCE, Decide, FollowPart, Part, Renewed

ARRIVAL_SECONDS = 2.0
ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One change, as the scribe needs it."""

    heard_at: float
    before: RoomState
    outcome: Outcome
    at: datetime


@dataclass(slots=True)
class Kept:
    """A room at hand. `told` is what happened lately, for a scribe who may have died before writing it down."""

    rev: int
    state: RoomState
    scribe: str
    told: deque[Told] = field(default_factory=deque)
    changed_at: float = field(default_factory=time.monotonic)


class RedisStore:
    """For several processes. `renewed` is told of rooms whose state is another now without events that say how."""

    def __init__(
        self,
        nodes: Nodes,
        clock: Clock,
        follow: FollowPart,
        renewed: Renewed = lambda _state: None,
    ) -> None:
        self._nodes, self._clock, self._follow, self._renewed = nodes, clock, follow, renewed
        self._rooms: dict[UUID, Kept] = {}
        self._by_doctor: dict[UUID, set[UUID]] = {}
        self._seeds: dict[UUID, tuple[float, RoomState]] = {}
        self._own: dict[tuple[UUID, int], tuple[RoomState, Outcome]] = {}
        self._waiting: dict[UUID, list[tuple[int, asyncio.Future[None]]]] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self.stopped = False
        self._scripts = RoomScripts(nodes)
        nodes.on("room", self._heard)
        nodes.on("forget", self._forgotten)
        nodes.on("scribe", self._scribe_changed)

    # -- reading -----------------------------------------------------------------------------------

    def get(self, room_id: UUID) -> RoomState | None:
        kept = self._rooms.get(room_id)
        if kept is not None:
            return kept.state
        seed = self._seeds.get(room_id)
        return None if seed is None else seed[1]

    def rooms_of(self, doctor_id: UUID) -> Iterator[RoomState]:
        return (self._rooms[room_id].state for room_id in self._by_doctor.get(doctor_id, ()))

    def rooms(self) -> Iterator[RoomState]:
        return iter([*(kept.state for kept in self._rooms.values()), *(seed for _, seed in self._seeds.values())])

    def kept(self) -> list[Kept]:
        """All rooms with what is remembered of them."""
        return list(self._rooms.values())

    def recorded_here(self) -> Iterator[RoomState]:
        """The rooms whose record this process keeps."""
        return iter([kept.state for kept in self._rooms.values() if kept.scribe == self._nodes.id])

    # -- changing ----------------------------------------------------------------------------------

    def open(self, state: RoomState) -> None:
        """The room is everybody's from its first change on."""
        if state.id not in self._rooms:
            self._seeds[state.id] = (time.monotonic(), state)

    async def update(self, room_id: UUID, decide: Decide, *, patience: float = PATIENCE) -> Outcome | None:
        """As the protocol says; and
        Raises:
            Unavailable: Redis does not answer.
        """
        await self._nodes.reachable(patience)
        async with self._turns.setdefault(room_id, asyncio.Lock()):
            base = self._base(room_id)
            for _ in range(ATTEMPTS):
                if base is None:
                    return None
                rev, state = base
                try:
                    outcome = decide(state)
                except DomainError:  # not refused for a room as it was a moment ago
                    base = await self._scripts.newer(room_id, rev)
                    if base is None:
                        raise
                    continue
                if outcome.state == state:
                    base = await self._scripts.newer(room_id, rev)
                    if base is None:
                        return outcome
                    continue
                base = await self._commit(room_id, rev, state, outcome)
                if base is None:
                    self._seeds.pop(room_id, None)
                    return outcome
        raise Unavailable

    def _base(self, room_id: UUID) -> tuple[int, RoomState] | None:
        kept = self._rooms.get(room_id)
        if kept is not None:
            return kept.rev, kept.state
        seed = self._seeds.get(room_id)
        return None if seed is None else (0, seed[1])

    async def _commit(
        self, room_id: UUID, rev: int, before: RoomState, outcome: Outcome
    ) -> tuple[int, RoomState] | None:
        """Make a change everybody's; what is there instead when somebody was faster."""
        at, own = self._clock(), (room_id, rev + 1)
        self._own[own] = (before, outcome)
        try:
            answer = await self._scripts.commit(rev, before, outcome, at)
            if not isinstance(answer, str):
                return answer
            await self._until(rev + 1, answer, before, outcome, at)
        finally:
            self._own.pop(own, None)
        return None

    async def _until(self, rev: int, scribe: str, before: RoomState, outcome: Outcome, at: datetime) -> None:
        """Until we heard of our own change, which is when it takes effect here."""
        room_id = before.id
        kept = self._rooms.get(room_id)
        if kept is not None and kept.rev >= rev:
            return
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(room_id, []).append((rev, heard))
        try:
            async with asyncio.timeout(ARRIVAL_SECONDS):
                await heard
        except TimeoutError:  # the ear is gone while the mouth still works
            self._apply(rev, scribe, self._nodes.id, before, outcome, at)

    # -- hearing of changes ------------------------------------------------------------------------

    def _heard(self, message: dict[str, Any]) -> None:
        rev, room_id = int(message["rev"]), UUID(message["room"])
        kept = self._rooms.get(room_id)
        if kept is not None and rev <= kept.rev:
            return
        own = self._own.get((room_id, rev)) if message["node"] == self._nodes.id else None
        if own is not None:
            before, outcome = own
        else:
            outcome = Outcome(codec.read_state(message["state"]), codec.read_events(message["events"]))
            told_before = message["before"] and codec.read_state(message["before"])
            before = kept.state if kept is not None else told_before or replace(outcome.state, seats=(), call=None)
        at = datetime.fromisoformat(message["at"])
        self._apply(rev, message["scribe"], message["node"], before, outcome, at)
        if "anew" in message and kept is not None:
            self._renewed(outcome.state)

    def _apply(self, rev: int, scribe: str, node: str, before: RoomState, outcome: Outcome, at: datetime) -> None:
        kept = self._rooms.get(outcome.state.id)
        if kept is not None and rev <= kept.rev:
            return
        self._hand_over(kept, scribe)
        kept = self._keep(rev, outcome.state, scribe)
        if outcome.events:
            kept.told.append(Told(time.monotonic(), before, outcome, at))
            me = self._nodes.id
            self._follow(before, outcome, Part(rings=node == me, records=scribe == me, at=at))

    def _keep(self, rev: int, state: RoomState, scribe: str) -> Kept:
        kept = self._rooms.get(state.id)
        if kept is None:
            kept = self._rooms[state.id] = Kept(rev, state, scribe)
        else:
            kept.rev, kept.state, kept.scribe, kept.changed_at = rev, state, scribe, time.monotonic()
        self._by_doctor.setdefault(state.facts.doctor_id, set()).add(state.id)
        self._seeds.pop(state.id, None)
        waiting = self._waiting.pop(state.id, [])
        for wanted, heard in waiting:
            if wanted > rev:
                self._waiting.setdefault(state.id, []).append((wanted, heard))
            elif not heard.done():
                heard.set_result(None)
        return kept

    def _hand_over(self, kept: Kept | None, scribe: str) -> None:
        """The record of a room is ours now: what happened last may be missing. Writing it twice changes nothing."""
        if kept is not None and scribe == self._nodes.id != kept.scribe:
            for told in kept.told:
                self._follow(told.before, told.outcome, Part(tells=False, rings=False, records=True, at=told.at))

    def _scribe_changed(self, message: dict[str, Any]) -> None:
        kept = self._rooms.get(UUID(message["room"]))
        if kept is not None:
            self._hand_over(kept, message["scribe"])
            kept.scribe = message["scribe"]

    def _forgotten(self, message: dict[str, Any]) -> None:
        kept = self._rooms.get(UUID(message["room"]))
        if kept is not None and kept.rev == message["rev"]:
            self.drop(kept.state)

    # -- upkeep (`presence.upkeep`) ------------------------------------------------------------------

    def adopt(self, rev: int, state: RoomState, scribe: str) -> None:
        """Take over what Redis knows better."""
        kept = self._rooms.get(state.id)
        if kept is None or rev > kept.rev:
            self._hand_over(kept, scribe)
            self._keep(rev, state, scribe)
            if kept is not None:
                self._renewed(state)
        elif rev == kept.rev:
            self._hand_over(kept, scribe)
            kept.scribe = scribe

    def drop(self, state: RoomState) -> None:
        """Forget a room in this process."""
        self._rooms.pop(state.id, None)
        rooms = self._by_doctor.get(state.facts.doctor_id, set())
        rooms.discard(state.id)
        if not rooms:
            self._by_doctor.pop(state.facts.doctor_id, None)

    def drop_seeds(self, before: float) -> None:
        """Forget rooms that were opened by this time of the steady clock, and that nobody sat down in."""
        self._seeds = {room_id: seed for room_id, seed in self._seeds.items() if seed[0] > before}

    def stop(self) -> None:
        """Let nothing happen by itself any more."""
        self.stopped = True
