"""Backup, wipe, restore: on the command line, with PostgreSQL's own programs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner, Result

from teleconsulta.backup.manifest import DUMP
from teleconsulta.backup.places import Folder, card_of, drill_in
from teleconsulta.backup.status import last_backup
from teleconsulta.cli import main
from teleconsulta.kernel import logging
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.tokens import Tokens
from tests.backup.keys import PUBLIC, identity_file
from tests.builders import Builder
from tests.calls.records import ended_call
from tests.support import PUBLIC_URL, SECRET, database_named, settings_for

pytestmark = pytest.mark.slow

# Written apart from the program's own: whatever the tables are, all their rows in one hash each.
EVERY_ROW = """
SELECT md5(coalesce(string_agg(row_text, E'\\n' ORDER BY row_text COLLATE "C"), '')) || ' ' || count(*)
FROM (SELECT r::text AS row_text FROM "{}" AS r) AS rows
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the checkout's `.env` and `var/`, and without the process-wide logging that commands set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "configure", lambda _format: None)


def run(*arguments: str | Path, **env: str) -> Result:
    cleared = dict.fromkeys(("DEMO", "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "BACKUP_TO", "BACKUP_RECIPIENT"))
    return CliRunner().invoke(main, [str(one) for one in arguments], env={**cleared, **env})


async def every_row(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {row[0]: await connection.fetchval(EVERY_ROW.format(row[0])) for row in tables}
    await connection.close()
    return found


@pytest.fixture
async def fresh(postgres: str) -> AsyncIterator[str]:
    """The address of an empty database."""
    name = f"e_{uuid4().hex}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {name}")
    yield database_named(postgres, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def lived(dsn: str) -> str:
    """A database with an old call in it."""
    database = Database(dsn, pool_size=1)
    await ended_call(database, await Builder(database, Tokens(SECRET)).room(patient_name="Benedita Quaresma"))
    await database.close()
    return dsn


def test_backup_wipe_restore(lived: str, fresh: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": lived, "SECRET_KEY": SECRET, "PUBLIC_URL": PUBLIC_URL}
    assert run("export", tmp_path / "before", "--format", "dossier", **env).exit_code == 0
    (dossier,) = (tmp_path / "before" / "dossiers").iterdir()
    before = asyncio.run(every_row(lived))
    assert before["calls"].endswith(" 1")

    place, identity = tmp_path / "backups", identity_file(tmp_path)
    result = run("backup", "--to", place, BACKUP_RECIPIENT=PUBLIC, **env)
    assert result.exit_code == 0, result.output
    assert "SECRET_KEY is NOT in the backup" in result.stdout
    for path in place.iterdir():
        assert b"Benedita" not in path.read_bytes()
    card = card_of(Folder(place), None)
    assert card.rows["calls"] == 1
    assert asyncio.run(last_backup(settings_for(lived, tmp_path, backup_to=str(place)))) == card.taken_at

    # What is there is not overwritten, and what is damaged is not begun with.
    args = ("restore", "--from", place, "--identity", identity)
    refused = run(*args, **env)
    assert (refused.exit_code, "(restore_not_empty)" in refused.stderr) == (1, True)
    dump = place / (card.name + DUMP)
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused = run(*args, "--into", fresh, SECRET_KEY=SECRET)
    assert (refused.exit_code, "(backup_damaged)" in refused.stderr) == (1, True)
    dump.write_bytes(whole)
    refused = run(*args, "--into", fresh, SECRET_KEY=SECRET[::-1])
    assert (refused.exit_code, "(restore_other_key)" in refused.stderr) == (1, True)
    assert asyncio.run(every_row(fresh)) == {}

    asyncio.run(wipe(lived))
    result = run(*args, **env)
    assert result.exit_code == 0, result.output
    assert "all equal" in result.stdout
    assert "The audit log is whole" in result.stdout
    assert "SECRET_KEY is NOT in the backup" in result.stdout
    assert asyncio.run(every_row(lived)) == before
    assert asyncio.run(guarded(lived))

    verified = run("verify", dossier)
    assert verified.exit_code == 0, verified.output
    assert run("export", tmp_path / "after", "--format", "dossier", **env).exit_code == 0
    (again,) = (tmp_path / "after" / "dossiers").iterdir()
    assert run("verify", again).exit_code == 0


def test_a_drill_in_a_database_of_its_own(lived: str, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    env = {"BACKUP_TO": str(place), "BACKUP_RECIPIENT": PUBLIC, "SECRET_KEY": SECRET}
    assert run("backup", DATABASE_URL=lived, **env).exit_code == 0
    result = run("restore", "--drill", "--identity", identity_file(tmp_path), **env)
    assert result.exit_code == 0, result.output
    assert "all equal" in result.stdout
    drilled = drill_in(Folder(place))
    assert drilled is not None
    assert drilled.name in run("restore", "--list", **env).stdout


def test_a_dump_that_fails_leaves_nothing(tmp_path: Path, dsn: str) -> None:
    result = run("backup", "--to", tmp_path / "b", DATABASE_URL=dsn + "&user=nobody_known", BACKUP_RECIPIENT=PUBLIC)
    assert result.exit_code == 1
    assert "(backup_failed)" in result.stderr
    assert list((tmp_path / "b").iterdir()) == []
    assert "(backup_no_recipient)" in run("backup", "--to", tmp_path / "b", DATABASE_URL=dsn).stderr
    assert "(backup_no_place)" in run("backup", DATABASE_URL=dsn, BACKUP_RECIPIENT=PUBLIC).stderr


async def wipe(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


async def guarded(dsn: str) -> bool:
    """Whether the audit log still only grows."""
    connection = await asyncpg.connect(dsn)
    with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
        await connection.execute("TRUNCATE audit_entries")
        return False
    await connection.close()
    return True
