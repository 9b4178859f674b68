"""Bringing the schema to its head, and telling whether a database is ours at all."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_one_at_a_time = threading.Lock()

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class ForeignDatabase(Exception):
    """The database holds tables that are not ours, or a schema that is newer than this program."""


def configuration(dsn: str) -> Config:
    """Alembic's settings for this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", dsn.replace("%", "%%"))
    return config


def head() -> str:
    """The newest revision this program knows."""
    revision = ScriptDirectory.from_config(configuration("")).get_current_head()
    if revision is None:
        raise RuntimeError("no migrations found")
    return revision


def knows(revision: str) -> bool:
    """Whether this program can bring a database of that revision to its own."""
    return revision in {script.revision for script in ScriptDirectory.from_config(configuration("")).walk_revisions()}


async def current(dsn: str) -> str | None:
    """The revision of the database, or None where nothing of ours stands.

    Raises:
        ForeignDatabase: other people's tables stand there, or a revision this program does not know.
    """
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        tables = {
            row["tablename"]
            for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        }
        if "alembic_version" not in tables:
            if tables:
                raise ForeignDatabase(
                    "This database already holds tables that are not Teleconsulta's. Give it an empty one."
                )
            return None
        revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()
    if revision is not None and not knows(revision):
        raise ForeignDatabase(
            "This database belongs to another program or to a newer Teleconsulta. Update the program first."
        )
    return str(revision) if revision is not None else None


async def upgrade(dsn: str) -> None:
    """Bring the schema to its head; safe to call from several servers at once."""
    if await current(dsn) == head():
        return
    await asyncio.to_thread(_upgrade, dsn)


def _upgrade(dsn: str) -> None:
    # Alembic keeps the running migration in module-wide proxies: one at a time in a process.
    with _one_at_a_time:
        command.upgrade(configuration(dsn), "head")
