"""News that must reach running sockets: sent with the transaction by PostgreSQL's NOTIFY, on commit and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.kernel.ending import end

CHANNEL = "teleconsulta"
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)

Handler = Callable[[str, dict[str, str]], Awaitable[None]]


async def announce(session: AsyncSession, kind: str, **ids: object) -> None:
    """Tell every server process, when this transaction commits, that something was withdrawn or closed."""
    payload = orjson.dumps({"kind": kind, **{name: str(value) for name, value in ids.items()}}).decode()
    await session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


class Listener:
    """Listens for announcements; after a lost connection it asks for a full check, since some may have been missed."""

    def __init__(self, dsn: str, handle: Handler, recheck: Callable[[], Awaitable[None]]) -> None:
        self._dsn, self._handle, self._recheck = dsn, handle, recheck
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._work())]

    async def stop(self) -> None:
        await end(self._tasks)

    async def _listen(self) -> None:
        first = True
        while True:
            try:
                connection = await asyncpg.connect(self._dsn, timeout=2, command_timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(RETRY_SECONDS)
                continue
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _c, e=lost: e.set())
                await connection.add_listener(CHANNEL, self._received)
                self.listening.set()
                if not first:
                    await self._recheck()
                first = False
                await self._until_lost(connection, lost)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("announcements_interrupted", error=type(error).__name__)
            finally:
                self.listening.clear()
                connection.terminate()

    @staticmethod
    async def _until_lost(connection: asyncpg.Connection[Any], lost: asyncio.Event) -> None:
        while not lost.is_set():
            try:
                async with asyncio.timeout(10):  # `wait_for` of Python 3.11 can swallow a cancellation
                    await lost.wait()
            except TimeoutError:
                # A frozen server keeps the socket open: only a question shows that nobody listens.
                await connection.fetchval("SELECT 1", timeout=2)

    def _received(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._queue.put_nowait(str(payload))

    async def _work(self) -> None:
        while True:
            news = orjson.loads(await self._queue.get())
            try:
                await self._handle(news.pop("kind"), news)
            except Exception:
                log.exception("announcement_failed")
