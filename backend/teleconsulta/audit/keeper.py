"""Keeps the head of the log outside the database: in a file, and once a day in the server's own log."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import date
from pathlib import Path

import structlog

from teleconsulta.audit.verification import current_head, write_head
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable

EVERY_SECONDS = 60.0

log = structlog.get_logger(__name__)


class HeadKeeper:
    """Started and stopped with the server; the last head is written at the stop."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database, self._directory = database, directory
        self._task: asyncio.Task[None] | None = None
        self._told: date | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.keep()

    async def keep(self) -> None:
        """Write the head now. A database or a disk that is away only means an older head."""
        try:
            async with self._database.session() as session:
                head = await current_head(session)
            if head is None:
                return
            write_head(self._directory, head)
        except (Unavailable, OSError) as error:
            log.warning("audit_head_not_kept", error=type(error).__name__)
            return
        if self._told != (today := now().date()):
            self._told = today
            log.info("audit_head", seq=head.seq, hash=head.hash.hex())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.keep()
