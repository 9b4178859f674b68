"""Who waits for a doctor: told to the dashboard as a whole, and to each person waiting as a place in the queue."""

from __future__ import annotations

import asyncio
from uuid import UUID

from teleconsulta.kernel.clock import Clock
from teleconsulta.presence.store import Store, queue
from teleconsulta.signaling import limits, views
from teleconsulta.signaling.sockets import Connection, Sockets
from teleconsulta.signaling.standings import Standings

SETTLE_SECONDS = 0.05
"""Changes that come together are told together."""


class Feeds:
    """The dashboards that are open, by doctor (a user id)."""

    def __init__(self, sockets: Sockets, clock: Clock) -> None:
        self._sockets, self._clock = sockets, clock
        self.standings = Standings()
        self._open: dict[UUID, dict[str, None]] = {}  # insertion order is age
        self._told: dict[tuple[UUID, UUID], int] = {}
        self._due: dict[UUID, asyncio.TimerHandle] = {}
        self.store: Store

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

    def tell(self, sid: str, doctor_id: UUID) -> None:
        """The whole picture for one dashboard."""
        self._sockets.send(sid, "queue_updated", self._picture(doctor_id))

    def position(self, room_id: UUID, participant_id: UUID, doctor_id: UUID) -> int | None:
        """The place of somebody who waits; from now on they are told when it changes."""
        for place, (room, seat) in enumerate(queue(self.store, doctor_id), start=1):
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
        for timer in self._due.values():
            timer.cancel()
        self._due.clear()

    def _settle(self, doctor_id: UUID) -> None:
        del self._due[doctor_id]
        mine = self._open.get(doctor_id)
        if mine:
            self._sockets.send_all(mine, "queue_updated", self._picture(doctor_id))
        self._tell_places(doctor_id)

    def _tell_places(self, doctor_id: UUID) -> None:
        waiting = queue(self.store, doctor_id)
        for place, (room, seat) in enumerate(waiting, start=1):
            key = (room.id, seat.id)
            if self._told.get(key) != place and seat.online:
                self._told[key] = place
                self._sockets.send(seat.connection, "queue_updated", {"position": place})
        rooms = {room.id for room in self.store.rooms_of(doctor_id)}
        still = {(room.id, seat.id) for room, seat in waiting}
        self._told = {key: place for key, place in self._told.items() if key[0] not in rooms or key in still}

    def _picture(self, doctor_id: UUID) -> dict[str, object]:
        now = self._clock()
        known = self.standings.of(doctor_id, now)
        return views.queue_updated(queue(self.store, doctor_id), list(self.store.rooms_of(doctor_id)), known, now)
