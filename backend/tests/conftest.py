"""A real PostgreSQL for every test: one server a run, one fresh database a test (copied from a migrated template)."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import structlog
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.typing import Processor

from teleconsulta.kernel import migrate
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from tests.builders import Builder
from tests.redis_server import RedisServer
from tests.support import PUBLIC_URL, database_named, settings_for

TEMPLATE = "template_teleconsulta"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the database or Redis is slow: `make check` leaves it to `make test`."""
    for item in items:
        if {"postgres", "redis"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Unconfigured, structlog draws tracebacks with every local variable: minutes of work for one of the pool's."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        renderer,
    ]
    structlog.configure(processors=processors)


def _memory() -> str | None:
    """A folder in memory where there is room for it: each test copies a database. None: the usual one."""
    shared = Path("/dev/shm")  # noqa: S108 - the kernel's own
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 2 << 30
    return str(shared) if roomy else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL with a migrated template database."""
    folder = Path(tempfile.mkdtemp(prefix="tc-pg-", dir=_memory()))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "data", durable=False) as dsn:
        asyncio.run(_make_template(dsn))
        yield dsn
    shutil.rmtree(folder, ignore_errors=True)


async def _make_template(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    await connection.close()
    await migrate.upgrade(database_named(dsn, TEMPLATE))


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """A running Redis; tests that share it use rooms of their own."""
    folder = Path(tempfile.mkdtemp(prefix="tc-redis-"))
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def dsn(postgres: str) -> AsyncIterator[str]:
    """A database of the test's own, migrated and empty."""
    name = f"t_{uuid4().hex}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    try:
        yield database_named(postgres, name)
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    opened = Database(dsn, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """One transaction, committed when the test ends well."""
    async with database.session() as opened:
        yield opened


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    """Settings of a production server: strong secrets, https, no demo."""
    return settings_for(dsn, tmp_path)


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.secret_key)


@pytest.fixture
def build(database: Database, tokens: Tokens) -> Builder:
    """Makes rows: `await build.room()` gives a doctor, a patient and their tokens."""
    return Builder(database, tokens)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The whole application with its lifespan running, without a socket."""
    from teleconsulta.main import create_app

    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of the app as our own page is one: same origin, with the header that forms cannot send."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=PUBLIC_URL, headers={"X-Teleconsulta": "1"}) as made:
        yield made
