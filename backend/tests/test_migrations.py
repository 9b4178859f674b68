"""The schema: what the models say, and what the tables refuse."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from teleconsulta.kernel import migrate
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.support import BACKEND, database_named

pytestmark = pytest.mark.slow

NINE = datetime(2031, 3, 3, 9, tzinfo=UTC)


async def test_the_migrations_make_what_the_models_say(dsn: str) -> None:
    await asyncio.to_thread(command.check, migrate.configuration(dsn))


async def test_down_and_up_again(dsn: str) -> None:
    await asyncio.to_thread(command.downgrade, migrate.configuration(dsn), "base")
    assert await migrate.current(dsn) is None
    await migrate.upgrade(dsn)
    assert await migrate.current(dsn) == migrate.head()


async def test_servers_that_start_at_once_migrate_once(postgres: str) -> None:
    connection = await asyncpg.connect(postgres)
    await connection.execute("CREATE DATABASE four_starters")
    await connection.close()
    dsn = database_named(postgres, "four_starters")
    program = "import asyncio, sys; from teleconsulta.kernel import migrate; asyncio.run(migrate.upgrade(sys.argv[1]))"
    starters = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, dsn, cwd=BACKEND) for _ in range(4)]
    assert [await starter.wait() for starter in starters] == [0, 0, 0, 0]
    assert await migrate.current(dsn) == migrate.head()


async def test_other_peoples_tables_are_not_touched(postgres: str) -> None:
    connection = await asyncpg.connect(postgres)
    await connection.execute("CREATE DATABASE a_shop")
    await connection.close()
    dsn = database_named(postgres, "a_shop")
    shop = await asyncpg.connect(dsn)
    await shop.execute("CREATE TABLE orders (id int)")
    await shop.close()
    with pytest.raises(migrate.ForeignDatabase):
        await migrate.upgrade(dsn)


async def test_a_newer_schema_is_not_touched(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE alembic_version SET version_num = '2999010101'")
    await connection.close()
    with pytest.raises(migrate.ForeignDatabase):
        await migrate.upgrade(dsn)


class TestNoDoubleBooking:
    async def test_two_scheduled_rooms_of_one_doctor_may_not_overlap(self, build: Builder) -> None:
        first = await build.room(starts_at=NINE, minutes=30, scheduled=True)
        with pytest.raises(DBAPIError, match="ex_rooms_no_double_booking"):
            await build.room(doctor=first.doctor, starts_at=NINE + timedelta(minutes=29), scheduled=True)

    async def test_the_next_may_begin_when_the_first_ends(self, build: Builder) -> None:
        first = await build.room(starts_at=NINE, minutes=30, scheduled=True)
        await build.room(doctor=first.doctor, starts_at=NINE + timedelta(minutes=30), scheduled=True)

    async def test_another_doctor_and_an_instant_room_are_free(self, build: Builder) -> None:
        first = await build.room(starts_at=NINE, scheduled=True)
        await build.room(starts_at=NINE, scheduled=True)
        await build.room(doctor=first.doctor, starts_at=NINE, scheduled=False)


async def test_the_audit_log_only_grows(database: Database, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO audit_entries (seq, at, action, details, previous_hash, hash) "
        "VALUES (1, now(), 'a:b', '{}', '', '')"
    )
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
