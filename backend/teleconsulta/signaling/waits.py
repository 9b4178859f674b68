"""How long somebody will probably wait: what the record says about the doctor's calls, kept at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.presence.queueing import estimate
from teleconsulta.signaling import repository
from teleconsulta.signaling.waiting import Estimate

CONSIDERED = 20
LOOKED_BACK = timedelta(days=60)
FRESH = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Waits:
    """The lengths of each doctor's latest consultations. Never waits: what is not known yet is asked for, and told
    by `learned` when it is here."""

    database: Database
    clock: Clock
    learned: Callable[[UUID], None] = lambda _doctor_id: None
    _known: dict[UUID, tuple[datetime, Sequence[timedelta]]] = field(default_factory=dict)
    _asking: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)

    def past(self, doctor_id: UUID) -> Sequence[timedelta]:
        """What is known at the moment; nothing for a doctor of whom nobody has asked yet."""
        since, lengths = self._known.get(doctor_id, (None, ()))
        if (since is None or since + FRESH < self.clock()) and doctor_id not in self._asking:
            self._asking[doctor_id] = asyncio.create_task(self._ask(doctor_id))
        return lengths

    def stop(self) -> None:
        for task in self._asking.values():
            task.cancel()

    async def _ask(self, doctor_id: UUID) -> None:
        now = self.clock()
        before = self._known.get(doctor_id, (now, ()))[1]
        lengths = before
        try:
            async with self.database.session() as session:
                lengths = await repository.past_lengths(session, doctor_id, now - LOOKED_BACK, CONSIDERED)
        except Unavailable:
            log.info("waits_unknown")  # and asked again after a while
        except Exception as error:  # nobody waits for this task, and an estimate is worth no more
            log.error("waits_failed", error=type(error).__name__)
        finally:
            del self._asking[doctor_id]
        self._known = {known: one for known, one in self._known.items() if one[0] + FRESH > now}
        self._known[doctor_id] = (now, lengths)
        if list(lengths) != list(before):
            self.learned(doctor_id)


def estimate_for(
    queue: Sequence[tuple[RoomState, Seat]],
    place: int,
    rooms: Sequence[RoomState],
    past: Sequence[timedelta],
    now: datetime,
) -> Estimate | None:
    """When the person at this place (0 is next) will be called. A room with several people is called once; who waits
    for a call that goes on in their own room is let in when the doctor likes."""
    own = queue[place][0]
    if own.call is not None:
        return None
    ahead = {room.id for room, _seat in queue[:place]} - {own.id}
    running = [now - room.call.started_at for room in rooms if room.call is not None]
    not_before = max(own.facts.starts_at - now, timedelta(0)) if own.facts.scheduled else timedelta(0)
    found = estimate(past, len(ahead), min(running, default=None), not_before)
    if found is None:
        return None
    least, most = found
    return Estimate(min_minutes=least // MINUTE, max_minutes=most // MINUTE)
