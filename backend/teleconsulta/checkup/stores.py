"""The database and Redis."""

from __future__ import annotations

import asyncio
import ipaddress
from functools import cache
from urllib.parse import urlsplit

import asyncpg

from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Report
from teleconsulta.kernel import migrate

DATABASE_IDS = ("database", "schema")
REDIS_IDS = ("redis",)
PATIENCE_SECONDS = 6.0
SKEW_SECONDS = 20


async def database(about: Installation, report: Report) -> None:
    dsn = about.settings.database_url
    revision: str | None = None
    if dsn is None:
        report.wrong("database", "none")
    elif not dsn.startswith("postgresql://"):
        report.wrong("database", "unreadable")
    else:
        revision = await _connect(about, report, dsn)
    if dsn is None or report.failed("database"):
        report.after("database", "schema")
        return
    # Alembic reads its files while it thinks: not in the loop that serves consultations.
    if revision == await asyncio.to_thread(_head):
        report.ok("schema")
        return
    try:
        current = await asyncio.to_thread(lambda: asyncio.run(migrate.current(dsn)))
    except migrate.ForeignDatabase:
        report.wrong("schema", "foreign")
    else:
        report.wrong("schema", "empty" if current is None else "old")


async def _connect(about: Installation, report: Report, dsn: str) -> str | None:
    """The revision that the database says it has, if it says one."""
    revision: str | None = None
    try:
        connection = await asyncpg.connect(dsn, timeout=PATIENCE_SECONDS)
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError):
        report.wrong("database", "refused")
    except asyncpg.InvalidCatalogNameError:
        report.wrong("database", "missing")
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
        report.wrong("database", "unreachable")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError):
        report.wrong("database", "unreadable")
    else:
        try:
            theirs = await connection.fetchval("SELECT now()", timeout=PATIENCE_SECONDS)
            if await connection.fetchval("SELECT to_regclass('alembic_version')", timeout=PATIENCE_SECONDS):
                revision = await connection.fetchval("SELECT version_num FROM alembic_version")
            version = str(connection.get_server_version().major)
        finally:
            await connection.close(timeout=PATIENCE_SECONDS)
        skew = abs((theirs - about.clock()).total_seconds())
        if skew > SKEW_SECONDS:
            report.warn("database", "clock", seconds=round(skew))
        else:
            report.ok("database", version=version)
    return revision


@cache
def _head() -> str:
    return migrate.head()


async def redis_server(about: Installation, report: Report) -> None:
    url = about.settings.redis_url
    if not url:
        report.unset("redis")
        return
    # Only here: it takes a while to load, and a server that was asleep has somebody waiting.
    import redis.asyncio
    from redis.exceptions import AuthenticationError, RedisError

    try:
        client = redis.asyncio.from_url(
            url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, retry=None
        )
    except ValueError:
        report.wrong("redis", "unreadable")
        return
    try:
        await client.ping()
    except AuthenticationError:
        report.wrong("redis", "refused")
    except (RedisError, OSError, TimeoutError) as error:
        refused = "AUTH" in str(error).upper()
        report.wrong("redis", "refused" if refused else "unreachable")
    else:
        if url.startswith("redis://") and _public(urlsplit(url).hostname or ""):
            report.warn("redis", "plain")
        else:
            report.ok("redis")
    finally:
        await client.aclose()


def _public(host: str) -> bool:
    """Whether it is plainly an address of the open network; a name may well be a private network's."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False
