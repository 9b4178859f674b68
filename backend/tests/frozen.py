"""A database that stops answering without going away: every process of it is stopped, as a sleeping host would."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import AsyncIterator

import asyncpg
import psutil


@contextlib.asynccontextmanager
async def frozen(dsn: str) -> AsyncIterator[None]:
    """Stop the whole PostgreSQL server behind this address for as long as the block runs."""
    connection = await asyncpg.connect(dsn)
    postmaster = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()")).parent()
    await connection.close()
    assert postmaster is not None
    stopped = [postmaster, *postmaster.children(recursive=True)]
    try:
        for process in stopped:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSTOP)
        yield
    finally:
        for process in reversed(stopped):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
