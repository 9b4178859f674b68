"""Where the states of all rooms are kept, and the timers that end what was not resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from teleconsulta.kernel.clock import Clock
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.presence.state import expire, next_deadline

Decide = Callable[[RoomState], Outcome]
Follow = Callable[[RoomState, Outcome], None]

FORGET_AFTER = timedelta(minutes=10)
PATIENCE = 1.0
"""How long a change waits for a store that does not answer, in seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of the effects is this process's to do, where several share the rooms: each tells its own sockets, one
    rings, one puts on record. `at` is when it happened, by the clock of whoever decided it."""

    tells: bool = True
    rings: bool = True
    records: bool = True
    at: datetime | None = None


FollowPart = Callable[[RoomState, Outcome, Part], None]
Renewed = Callable[[RoomState], None]


class Store(Protocol):
    """Room states by room id. What one `update` decides, no other update comes between."""

    def get(self, room_id: UUID) -> RoomState | None:
        """The state of a room, or None when nobody has been in it lately."""

    def open(self, state: RoomState) -> None:
        """Begin to keep a room. A room that is already kept stays as it is."""

    async def update(self, room_id: UUID, decide: Decide, *, patience: float = PATIENCE) -> Outcome | None:
        """Replace the state by what `decide` makes of it, and let the effects follow. None: no such room.

        `decide` may be asked again when somebody else was faster. Whatever it raises comes through, and nothing has
        changed.
        """

    def rooms_of(self, doctor_id: UUID) -> Iterator[RoomState]:
        """The kept rooms of one doctor (a user id)."""

    def rooms(self) -> Iterator[RoomState]:
        """All kept rooms."""

    def stop(self) -> None:
        """Let nothing happen by itself any more."""


def queue(store: Store, doctor_id: UUID) -> list[tuple[RoomState, Seat]]:
    """Everybody who waits for one doctor, in order of arrival."""
    waiting = [(room, seat) for room in store.rooms_of(doctor_id) for seat in room.waiting]
    return sorted(waiting, key=lambda entry: (entry[1].since, str(entry[1].id)))


class MemoryStore:
    """For one process. `follow` runs in the same step of the event loop as the change itself."""

    def __init__(self, clock: Clock, grace: timedelta, follow: Follow) -> None:
        self._clock, self._grace, self._follow = clock, grace, follow
        self._rooms: dict[UUID, RoomState] = {}
        self._by_doctor: dict[UUID, set[UUID]] = {}
        self._timers: dict[UUID, asyncio.TimerHandle] = {}

    def get(self, room_id: UUID) -> RoomState | None:
        return self._rooms.get(room_id)

    def open(self, state: RoomState) -> None:
        if state.id not in self._rooms:
            self._keep(state)

    async def update(self, room_id: UUID, decide: Decide, *, patience: float = PATIENCE) -> Outcome | None:
        return self._update(room_id, decide)

    def rooms_of(self, doctor_id: UUID) -> Iterator[RoomState]:
        return (self._rooms[room_id] for room_id in self._by_doctor.get(doctor_id, ()))

    def rooms(self) -> Iterator[RoomState]:
        return iter(self._rooms.values())

    def stop(self) -> None:
        """Let no timer fire any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _update(self, room_id: UUID, decide: Decide) -> Outcome | None:
        before = self._rooms.get(room_id)
        if before is None:
            return None
        outcome = decide(before)
        self._keep(outcome.state)
        if outcome.events:
            self._follow(before, outcome)
        return outcome

    def _keep(self, state: RoomState) -> None:
        self._rooms[state.id] = state
        self._by_doctor.setdefault(state.facts.doctor_id, set()).add(state.id)
        timer = self._timers.pop(state.id, None)
        if timer is not None:
            timer.cancel()
        deadline = self._deadline(state)
        if deadline is not None:
            # A hair late rather than early: `expire` judges by the wall clock.
            delay = max((deadline - self._clock()).total_seconds(), 0) + 0.005
            self._timers[state.id] = asyncio.get_running_loop().call_later(delay, self._due, state.id)

    def _deadline(self, state: RoomState) -> datetime | None:
        if not state.seats and state.call is None:
            # Kept a little longer: the doctor's decisions may not be on record yet.
            return self._clock() + max(FORGET_AFTER, self._grace)
        return next_deadline(state, self._grace)

    def _due(self, room_id: UUID) -> None:
        self._timers.pop(room_id, None)
        state = self._rooms[room_id]
        if not state.seats and state.call is None:
            self._forget(state)
        else:
            self._update(room_id, lambda current: expire(current, self._clock(), self._grace))

    def _forget(self, state: RoomState) -> None:
        del self._rooms[state.id]
        rooms = self._by_doctor[state.facts.doctor_id]
        rooms.discard(state.id)
        if not rooms:
            del self._by_doctor[state.facts.doctor_id]
