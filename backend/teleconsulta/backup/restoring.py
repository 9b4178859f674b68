"""Reading a backup again: found whole first, restored into an empty database second, compared row by row third."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import asyncpg

from teleconsulta import audit
from teleconsulta.backup import age
from teleconsulta.backup.errors import (
    Damaged,
    Differs,
    NewerBackup,
    NotEmpty,
    OldServer,
    OtherKey,
    RestoreFailed,
    WrongIdentity,
)
from teleconsulta.backup.fingerprint import connect, fingerprint
from teleconsulta.backup.manifest import DUMP, Card, Contents, Opening, Sealed, Sink, differences
from teleconsulta.backup.places import Place
from teleconsulta.backup.programs import Program, find, last_words, spoken
from teleconsulta.kernel import migrate
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres

# Whatever somebody made here: tables, views, sequences, and not what an extension brought along.
ANYTHING = """
SELECT EXISTS (
  SELECT FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
)
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What it takes to read backups. `secrets`: SECRET_KEY and the one before, to know our own seal by."""

    identities: Sequence[Any]
    secrets: Sequence[str] = ()
    other_key: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A backup that is whole. `sealed`: by this SECRET_KEY, by another, or nobody can tell."""

    contents: Contents
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Restored:
    """`verdict` is that of the audit chain."""

    read: Read
    verdict: audit.Verdict


class _Nowhere:
    def write(self, _data: bytes, /) -> None:
        """Only to see that everything can be read."""


def looks_whole(place: Place, card: Card) -> None:
    """Whether the file is as it was written, which needs no identity: it is compared with its card.

    Raises:
        Damaged.
    """
    _compare(age.Pieces(place.reading(card.name + DUMP)), card)


def inspect(place: Place, card: Card, key: Key) -> Read:
    """Decrypt all of it and keep nothing.

    Raises:
        Damaged, WrongIdentity, NoBackup, PlaceFailed.
    """
    return _decrypted(place, card, key, _Nowhere())


async def restore(dsn: str, place: Place, card: Card, key: Key) -> Restored:
    """Bring a backup into the empty database of this address.

    Raises:
        DomainError: see `errors`; but for `Differs`, the database is as empty as it was.
    """
    read = await asyncio.to_thread(inspect, place, card, key)
    _judge(read, key)
    program = await _prepare(dsn, read.contents)
    await asyncio.to_thread(_pour, dsn, program, place, card, key)
    connection = await connect(dsn)
    try:
        differing = differences(read.contents.tables, await fingerprint(connection))
    finally:
        await connection.close()
    if differing:
        raise Differs(f"What was restored is not what was backed up: {', '.join(differing)}.")
    return Restored(read, await _verdict(dsn))


async def drill(place: Place, card: Card, key: Key) -> Restored:
    """The same into a database that is made for it and thrown away. It holds everything in the clear meanwhile."""
    with tempfile.TemporaryDirectory(prefix="teleconsulta-drill-", ignore_cleanup_errors=True) as folder:
        # The database's own folder, within, is closed to others.
        await asyncio.to_thread(Path(folder).chmod, 0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=False)
        dsn = await server.start()
        try:
            return await restore(dsn, place, card, key)
        finally:
            await server.stop()


def _judge(read: Read, key: Key) -> None:
    head = read.contents.schema_head
    if head is not None and not migrate.knows(head):
        raise NewerBackup
    if read.sealed == "not ours" and not key.other_key:
        raise OtherKey


async def _prepare(dsn: str, contents: Contents) -> Program:
    try:
        connection = await connect(dsn)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise RestoreFailed(f"The database to restore into does not answer ({type(error).__name__}).") from error
    try:
        if await connection.fetchval(ANYTHING):
            raise NotEmpty
        major = connection.get_server_version().major
    finally:
        await connection.close()
    if major < contents.server:
        raise OldServer(f"The backup is of PostgreSQL {contents.server}; the database to restore into is {major}.")
    return await asyncio.to_thread(find, "pg_restore", contents.program)


def _pour(dsn: str, program: Program, place: Place, card: Card, key: Key) -> None:
    address, environment = spoken(dsn)
    with tempfile.TemporaryFile() as said, subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        [
            str(program.path), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
            "--no-password", f"--dbname={address}",
        ],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=environment,
    ) as restoring:  # fmt: skip
        assert restoring.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            _decrypted(place, card, key, restoring.stdin)
            restoring.stdin.close()
        except Exception as error:
            # Killed before its end of input, it leaves an open transaction that the server undoes.
            if restoring.poll() is None:
                restoring.kill()
                raise
            raise _failed(said) from error
        if restoring.wait() != 0:
            raise _failed(said)


def _failed(said: IO[bytes]) -> RestoreFailed:
    return RestoreFailed(f"The backup could not be restored; nothing was kept. {last_words(said, 'pg_restore')}")


def _decrypted(place: Place, card: Card, key: Key, sink: Sink) -> Read:
    pieces = age.Pieces(place.reading(card.name + DUMP))
    opening = Opening(key.secrets, lambda _contents, _sealed: sink)
    try:
        age.decrypt(pieces, opening, key.identities)
    except (Damaged, WrongIdentity):
        # One wrong byte in the header looks like a wrong identity: the card knows better.
        _compare(pieces, card)
        raise
    _compare(pieces, card)
    if opening.contents is None or opening.contents.name != card.name:
        raise Damaged
    return Read(opening.contents, opening.sealed)


def _compare(pieces: age.Pieces, card: Card) -> None:
    if pieces.finish() != card.sha256 or pieces.size != card.size:
        raise Damaged


async def _verdict(dsn: str) -> audit.Verdict:
    database = Database(dsn, pool_size=1)
    try:
        async with database.session() as session:
            return await audit.verify(session)
    finally:
        await database.close()
