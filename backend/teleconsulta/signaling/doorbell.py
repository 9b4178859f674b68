"""Tells doctors by push that somebody waits, without making anybody wait for that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.notifications.service import tell_user

QUIET = timedelta(seconds=20)
"""Whoever comes right behind somebody else is seen with them."""

log = structlog.get_logger(__name__)


class Doorbell:
    """`ring` in the step of the arrival; the wish for a message is stored a moment later, or lost with the database:
    the dashboard shows the arrival all the same."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self.first: Callable[[UUID], Awaitable[bool]] | None = None
        """Whether no other process has rung just now, where there are several."""
        self._rung: dict[UUID, datetime] = {}
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, doctor_id: UUID) -> None:
        now = self._clock()
        self._rung = {known: at for known, at in self._rung.items() if at + QUIET > now}
        if doctor_id in self._rung:
            return
        self._rung[doctor_id] = now
        task = asyncio.get_running_loop().create_task(self._tell(doctor_id, now))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def stop(self) -> None:
        """Until what was rung is stored."""
        await asyncio.gather(*self._ringing, return_exceptions=True)

    async def _tell(self, doctor_id: UUID, now: datetime) -> None:
        if self.first is not None and not await self.first(doctor_id):
            return
        try:
            async with self._database.session() as session:
                await tell_user(session, doctor_id, "arrival", now)
        except Unavailable:
            log.warning("doorbell_lost")
        except Exception as error:
            log.error("doorbell_failed", error=type(error).__name__)
