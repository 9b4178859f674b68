"""The database: engine with time-outs on everything, the session an endpoint gets, the declarative base."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, Uuid
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from teleconsulta.kernel.dsn import for_engine
from teleconsulta.kernel.errors import Unavailable

TIMEOUT_SECONDS = 2.0
OVERFLOW = 4
"""Connections beyond a pool's size, for a moment when many ask at once."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. Times are aware (`timestamptz`), ids are UUIDs."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: DateTime(timezone=True), UUID: Uuid()}  # noqa: RUF012 - SQLAlchemy's own form


class Database:
    """One pool. A server that does not answer is given up after seconds, never after minutes."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.dsn = url
        self.most = pool_size + OVERFLOW
        address, extra = for_engine(url)
        self.engine: AsyncEngine = create_async_engine(
            address,
            pool_size=pool_size,
            max_overflow=OVERFLOW,
            pool_timeout=TIMEOUT_SECONDS,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={
                "timeout": TIMEOUT_SECONDS,
                "command_timeout": TIMEOUT_SECONDS,
                "server_settings": {"application_name": "teleconsulta"},
                **extra,
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed when the block ends well, and undone otherwise.

        Raises:
            Unavailable: the database does not answer.
        """
        try:
            async with self._sessions() as session, session.begin():
                yield session
        except Exception as error:
            if is_outage(error):
                raise Unavailable from error
            raise

    async def close(self) -> None:
        await self.engine.dispose()


def is_outage(error: BaseException) -> bool:
    """Whether this means 'the database is away', and not 'the question was wrong'."""
    if isinstance(error, DBAPIError):
        return (
            bool(error.connection_invalidated)
            or isinstance(error, InterfaceError | OperationalError)
            or _is_connection(error.orig)
        )
    return isinstance(error, PoolTimeout) or _is_connection(error)


def _is_connection(error: Any) -> bool:
    names = {type(error).__name__, type(getattr(error, "__cause__", None)).__name__}
    gone = {
        "CannotConnectNowError",
        "ConnectionDoesNotExistError",
        "AdminShutdownError",
        "CrashShutdownError",
        "TooManyConnectionsError",
        "InterfaceError",
        "InternalClientError",  # asyncpg lost track of a connection that timed out
        "QueryCanceledError",
    }
    return isinstance(error, OSError | TimeoutError) or bool(names & gone)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's transaction, committed before the answer is sent."""
    database: Database = request.app.state.database
    async with database.session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
