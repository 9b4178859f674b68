"""Putting work into the queue, within the caller's transaction: undone work is never started."""

from __future__ import annotations

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def enqueue(session: AsyncSession, entrypoint: str, **ids: object) -> None:
    """Ask for `entrypoint` to be run with these ids, once the transaction commits.

    The same wish that is still waiting is not put in twice.
    """
    # Not with the module: a server that has just been woken answers sooner without it (0029).
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
    from pgqueuer.adapters.persistence.queries import Queries

    payload = orjson.dumps({name: str(value) for name, value in sorted(ids.items())})
    # SQLAlchemy begins with its first statement; what went past it before that would stand outside the transaction.
    await session.execute(text("SELECT 1"))
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    if connection is None:  # only on a connection that was given back
        raise RuntimeError("the session has no connection")
    await Queries(AsyncpgDriver(connection)).enqueue(
        entrypoint, payload, dedupe_key=f"{entrypoint} {payload.decode()}", on_conflict="skip"
    )
