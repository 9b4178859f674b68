"""One hash for each table, whatever order its rows lie in: PostgreSQL hashes the rows, we hash the sorted hashes."""

from __future__ import annotations

from hashlib import sha256

import asyncpg

from teleconsulta.backup.manifest import Table

STEADY = {
    # A row's text depends on these.
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    # Hosts cut long questions off.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "application_name": "teleconsulta backup",
}
LINE_BYTES = 65
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


async def connect(dsn: str) -> asyncpg.Connection:
    """A connection whose texts can be compared, and which may take its time."""
    return await asyncpg.connect(dsn, timeout=15, server_settings=STEADY)


async def fingerprint(connection: asyncpg.Connection) -> dict[str, Table]:
    """Every table of the schema by name, within the connection's transaction."""
    return {row[0]: await _table(connection, row[0]) for row in await connection.fetch(TABLES)}


async def _table(connection: asyncpg.Connection, name: str) -> Table:
    digest, size = sha256(), 0

    async def take(data: bytes) -> None:
        nonlocal size
        digest.update(data)
        size += len(data)

    quoted = '"' + name.replace('"', '""') + '"'
    await connection.copy_from_query(
        f"SELECT encode(sha256(convert_to(whole_row::text, 'UTF8')), 'hex') COLLATE \"C\" AS hash "  # noqa: S608 - a quoted name
        f"FROM ONLY {quoted} AS whole_row ORDER BY hash",
        output=take,
    )
    return Table(rows=size // LINE_BYTES, sha256=digest.hexdigest())
