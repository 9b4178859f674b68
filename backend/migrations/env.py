"""How Alembic reaches the database: one transaction, an advisory lock, and time-outs on locks and statements."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import teleconsulta.tables  # noqa: F401 - registers every table
from teleconsulta.kernel.db import Base
from teleconsulta.kernel.dsn import for_engine

# Two servers that start at once must not both migrate: the second waits here, then finds nothing to do.
ADVISORY_KEY = 0x7E1EC0

# PgQueuer's tables are its own; they are no part of our metadata.
OURS = frozenset(Base.metadata.tables)


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or name in OURS


def _run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '60s'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_KEY})
        context.run_migrations()


async def _online() -> None:
    url, extra = for_engine(context.config.get_main_option("sqlalchemy.url") or "")
    engine = create_async_engine(url, poolclass=NullPool, connect_args=extra)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
            await connection.commit()
    finally:
        await engine.dispose()


shared = context.config.attributes.get("connection")
if shared is not None:
    _run(shared)
else:
    asyncio.run(_online())
