"""Who waits for a doctor: told to the dashboard as a whole, and to each person waiting as a place in the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from teleconsulta.kernel.clock import Clock
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.presence.store import Store, queue
from teleconsulta.signaling import limits, views
from teleconsulta.signaling.protocol import PositionUpdated, wire
from teleconsulta.signaling.sockets import Connection, Sockets
from teleconsulta.signaling.standings import Standings
from teleconsulta.signaling.waiting import Estimate
from teleconsulta.signaling.waits import estimate_for

SETTLE_SECONDS = 0.05
"""Changes that come together are told together."""
AGAIN_SECONDS = 60.0
"""An estimate grows old although nobody comes or goes."""

Past = Callable[[UUID], Sequence[timedelta]]
"""How long a doctor's latest consultations took, as far as it is known by now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands who waits; 1 is next."""

    position: int
    estimate: Estimate | None


class Feeds:
    """The dashboards that are open, by doctor (a user id)."""

    def __init__(self, sockets: Sockets, clock: Clock, past: Past) -> None:
        self._sockets, self._clock, self._past = sockets, clock, past
        self.standings = Standings()
        self._open: dict[UUID, dict[str, None]] = {}  # insertion order is age
        self._told: dict[tuple[UUID, UUID], Place] = {}
        self._due: dict[UUID, asyncio.TimerHandle] = {}
        self._again: dict[UUID, asyncio.TimerHandle] = {}
        self.store: Store
        self.elsewhere: Callable[[UUID], bool] = lambda _doctor_id: False
        """Whether a doctor looks at a dashboard of another process, where there are several."""

    def subscribe(self, connection: Connection) -> None:
        """Open one more dashboard; the oldest beyond a few gives way."""
        if connection.user_id is None:
            return
        mine = self._open.setdefault(connection.user_id, {})
        mine[connection.sid] = None
        for sid in list(mine)[: -limits.FEEDS_PER_PERSON]:
            del mine[sid]
            self._sockets.dismiss(sid, "replaced")

    def unsubscribe(self, connection: Connection) -> None:
        if connection.user_id is None:
            return
        mine = self._open.get(connection.user_id, {})
        mine.pop(connection.sid, None)
        if not mine:
            self._open.pop(connection.user_id, None)

    def is_open(self, doctor_id: UUID) -> bool:
        """Whether anybody looks."""
        return doctor_id in self._open

    def shown(self) -> frozenset[UUID]:
        """The doctors who look."""
        return frozenset(self._open)

    def tell(self, sid: str, doctor_id: UUID) -> None:
        """The whole picture for one dashboard."""
        self._sockets.send(sid, "queue_updated", self._picture(doctor_id))

    def position(self, room_id: UUID, participant_id: UUID, doctor_id: UUID) -> Place | None:
        """The place of somebody who waits; from now on they are told when it changes."""
        for place, room, seat in self._places(doctor_id):
            if (room.id, seat.id) == (room_id, participant_id):
                self._told[room_id, participant_id] = place
                return place
        return None

    def changed(self, doctor_id: UUID) -> None:
        """Something happened in one of this doctor's rooms."""
        if doctor_id not in self._due:
            loop = asyncio.get_running_loop()
            self._due[doctor_id] = loop.call_later(SETTLE_SECONDS, self._settle, doctor_id)

    def stop(self) -> None:
        for timer in (*self._due.values(), *self._again.values()):
            timer.cancel()
        self._due.clear()
        self._again.clear()

    def _settle(self, doctor_id: UUID) -> None:
        del self._due[doctor_id]
        mine = self._open.get(doctor_id)
        if mine:
            self._sockets.send_all(mine, "queue_updated", self._picture(doctor_id))
        self._tell_places(doctor_id)

    def _tell_places(self, doctor_id: UUID) -> None:
        still = set()
        for place, room, seat in self._places(doctor_id):
            key = (room.id, seat.id)
            still.add(key)
            if self._told.get(key) != place and seat.online:
                self._told[key] = place
                told = PositionUpdated(position=place.position, estimate=place.estimate)
                self._sockets.send(seat.connection, "queue_updated", wire(told))
        rooms = {room.id for room in self.store.rooms_of(doctor_id)}
        self._told = {key: place for key, place in self._told.items() if key[0] not in rooms or key in still}
        self._look_again(doctor_id, bool(still))

    def _look_again(self, doctor_id: UUID, wanted: bool) -> None:
        timer = self._again.pop(doctor_id, None)
        if timer is not None:
            timer.cancel()
        if wanted:
            loop = asyncio.get_running_loop()
            self._again[doctor_id] = loop.call_later(AGAIN_SECONDS, self._tell_places, doctor_id)

    def _places(self, doctor_id: UUID) -> Iterator[tuple[Place, RoomState, Seat]]:
        waiting = queue(self.store, doctor_id)
        if not waiting:
            return
        rooms, now = list(self.store.rooms_of(doctor_id)), self._clock()
        looks = doctor_id in self._open or self.elsewhere(doctor_id)
        here = looks or any(seat.is_doctor and seat.online for room in rooms for seat in room.seats)
        past: Sequence[timedelta] = self._past(doctor_id) if here else ()
        for index, (room, seat) in enumerate(waiting):
            yield Place(index + 1, estimate_for(waiting, index, rooms, past, now)), room, seat

    def _picture(self, doctor_id: UUID) -> dict[str, object]:
        now = self._clock()
        known = self.standings.of(doctor_id, now)
        return views.queue_updated(queue(self.store, doctor_id), list(self.store.rooms_of(doctor_id)), known, now)
