"""Making a backup: one snapshot is fingerprinted and dumped, encrypted on the way; nothing lies in the clear."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import IO

import asyncpg

from teleconsulta import __version__
from teleconsulta.backup import age
from teleconsulta.backup.errors import DumpFailed
from teleconsulta.backup.fingerprint import connect, fingerprint
from teleconsulta.backup.manifest import CARD, DUMP, Card, Contents, head_of, name_for, outdated
from teleconsulta.backup.places import Place, cards, put
from teleconsulta.backup.programs import Program, find, last_words, spoken


async def make(dsn: str, place: Place, recipients: Sequence[str], secret: str, now: datetime) -> Card:
    """One backup of the whole database. `secret` seals it; empty: it stays unsealed.

    Raises:
        DomainError: see `errors`; nothing is left behind then.
    """
    keys = age.recipients(recipients)
    connection = await _connected(dsn)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            # Everything below looks at the same moment, pg_dump included.
            snapshot: str = await connection.fetchval("SELECT pg_export_snapshot()")
            program = await asyncio.to_thread(find, "pg_dump", connection.get_server_version().major)
            contents = await _contents(connection, program, now.astimezone(UTC))
            return await _dump(dsn, snapshot, program, contents, place, recipients, keys, secret)
    finally:
        await connection.close()


async def _connected(dsn: str) -> asyncpg.Connection:
    try:
        return await connect(dsn)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DumpFailed(f"The database does not answer ({type(error).__name__}).") from error


async def _contents(connection: asyncpg.Connection, program: Program, moment: datetime) -> Contents:
    tables = await fingerprint(connection)
    ours = "alembic_version" in tables
    return Contents(
        name=name_for(moment, os.urandom(3)),
        taken_at=moment,
        version=__version__,
        schema_head=await connection.fetchval("SELECT version_num FROM alembic_version") if ours else None,
        server=connection.get_server_version().major,
        program=program.major,
        tables=tables,
    )


async def _dump(
    dsn: str,
    snapshot: str,
    program: Program,
    contents: Contents,
    place: Place,
    recipients: Sequence[str],
    keys: Sequence[object],
    secret: str,
) -> Card:
    address, environment = spoken(dsn)
    head = head_of(contents, secret)
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603, ASYNC220 - PostgreSQL's own program; starting it takes no time
            [
                str(program.path), "--format=custom", "--no-owner", "--no-privileges", "--no-password",
                f"--snapshot={snapshot}", f"--dbname={address}",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment,
        ) as dumping,
    ):  # fmt: skip
        try:
            size, digest = await asyncio.to_thread(_pour, dumping, said, head, place, contents.name + DUMP, keys)
        finally:
            dumping.kill()  # in vain when it has ended
    card = Card(
        name=contents.name,
        taken_at=contents.taken_at,
        version=contents.version,
        schema_head=contents.schema_head,
        rows={name: table.rows for name, table in contents.tables.items()},
        size=size,
        sha256=digest,
        recipients=list(recipients),
    )
    await asyncio.to_thread(put, place, card.name + CARD, card)
    return card


def _pour(
    dumping: subprocess.Popen[bytes], said: IO[bytes], head: bytes, place: Place, name: str, keys: Sequence[object]
) -> tuple[int, str]:
    assert dumping.stdout is not None  # noqa: S101 - a pipe was asked for
    with place.writing(name) as out:
        counted = age.Counted(out)
        age.encrypt(age.Chained(head, dumping.stdout), counted, keys)
        if dumping.wait() != 0:
            raise DumpFailed(f"The database could not be copied. {last_words(said, 'pg_dump')}")
    return counted.size, counted.sha256


async def drop_outdated(place: Place, keep: timedelta, now: datetime) -> list[Card]:
    """Take away what is older than `keep`, but for the newest; the card goes last, so that nothing is forgotten."""

    def drop() -> list[Card]:
        gone = outdated(cards(place), keep, now)
        for card in gone:
            place.delete(card.name + DUMP)
            place.delete(card.name + CARD)
        return gone

    return await asyncio.to_thread(drop)
