"""Nobody is logged out under a call: a session with somebody in a room does not fall asleep."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from uuid import UUID

import structlog

from teleconsulta.auth import sessions
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable

EVERY_SECONDS = 300.0  # well under the half hour after which a session falls asleep

log = structlog.get_logger(__name__)

Busy = Callable[[], Collection[UUID]]


class SessionKeeper:
    """Started and stopped with the server. `busy` tells the sessions that have a socket in a room."""

    def __init__(self, database: Database, busy: Busy, clock: Clock) -> None:
        self._database, self._busy, self._clock = database, busy, clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def keep(self) -> None:
        """Count being in a room as a sign of life. A database that is away is asked again the next time."""
        busy = self._busy()
        if not busy:
            return
        try:
            async with self._database.session() as session:
                await sessions.touch(session, busy, self._clock())
        except Unavailable:
            log.warning("sessions_not_kept")

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.keep()
