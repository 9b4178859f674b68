"""Closes the calls that a crash left open, when nobody came back in time."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import structlog

from teleconsulta.calls.recorder import HEARTBEAT_SECONDS, Recorder

EVERY_SECONDS = 30.0

log = structlog.get_logger(__name__)


class Sweep:
    """Asks the recorder now and then. People get the grace time after the start to come back first."""

    def __init__(self, recorder: Recorder, grace: timedelta) -> None:
        self._recorder, self._grace = recorder, grace
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _work(self) -> None:
        # The last heartbeat before a crash may be as old as the time between two.
        unseen_for = self._grace + timedelta(seconds=HEARTBEAT_SECONDS)
        await asyncio.sleep(unseen_for.total_seconds())
        while True:
            closed = await self._recorder.sweep(unseen_for)
            if closed:
                log.info("calls_given_up", calls=closed)
            await asyncio.sleep(EVERY_SECONDS)
