"""Addresses of databases as hosts write them."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text

from teleconsulta.kernel import migrate
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.dsn import for_engine, plain
from teleconsulta.kernel.settings import Settings
from tests.support import database_named


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require&channel_binding=require", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql://u@h/d?channel_binding=prefer", "postgresql://u@h/d"),
        ("postgresql://u@/d?host=/run/postgresql", "postgresql://u@/d?host=/run/postgresql"),
        ("mysql://u@h/d", "mysql://u@h/d"),
    ],
)
def test_a_host_may_write_it_its_own_way(given: str, expected: str) -> None:
    assert plain(given) == expected
    assert Settings(_env_file=None, database_url=given).database_url == expected


def test_the_engine_is_told_about_encryption_in_its_own_words() -> None:
    url, extra = for_engine("postgresql://u:p@h:5432/d?sslmode=verify-full&host=x")
    assert extra == {"ssl": "verify-full"}
    assert dict(url.query) == {"host": "x"}
    assert for_engine("postgresql://u@h/d")[1] == {}


async def test_such_an_address_really_leads_there(postgres: str) -> None:
    admin = await asyncpg.connect(postgres)
    await admin.execute("CREATE DATABASE t_written_otherwise")
    address = database_named(postgres, "t_written_otherwise")
    address += f"{'&' if '?' in address else '?'}sslmode=disable&channel_binding=disable"
    settings = Settings(_env_file=None, database_url=address)
    assert settings.database_url is not None
    try:
        await migrate.upgrade(settings.database_url)
        database = Database(settings.database_url, pool_size=1)
        async with database.session() as session:
            assert await session.scalar(text("SELECT version_num FROM alembic_version")) == migrate.head()
        await database.close()
    finally:
        await admin.execute("DROP DATABASE t_written_otherwise WITH (FORCE)")
        await admin.close()
