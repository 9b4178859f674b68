"""Ending what runs beside the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

PATIENCE_SECONDS = 0.2


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel until they are over: libraries swallow a cancellation now and then (seen in redis-py 8.1)."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=PATIENCE_SECONDS)
