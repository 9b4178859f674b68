"""Runs what was enqueued, inside `serve` or alone; outlives the database and picks up what a killed worker held."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import structlog

from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import DomainError

if TYPE_CHECKING:
    from pgqueuer import PgQueuer

CONNECT_SECONDS = 5.0
RECONNECT_SECONDS = 1.0
GOODBYE_SECONDS = 5.0
BATCH = 2
AT_ONCE = 2 * BATCH

log = structlog.get_logger(__name__)

Handler = Callable[[Database, Mapping[str, str]], Awaitable[None]]
Ran = Callable[[str, str], None]
"""Hears of every run: of which entrypoint, and whether it is `done`, wants to be tried `again` or `failed`."""
Sweep = Callable[[Database], Awaitable[None]]


class TryAgain(Exception):
    """A handler's wish to be called again; `code` is stable and says nothing about a person. `after`: not at the
    worker's own pace."""

    def __init__(self, code: str, *, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast things are tried again. A silent worker's jobs are taken over after `heartbeat`."""

    first_delay: timedelta = timedelta(seconds=5)
    longest_delay: timedelta = timedelta(minutes=5)
    heartbeat: timedelta = timedelta(seconds=20)
    poll: timedelta = timedelta(seconds=10)
    sweep: timedelta = timedelta(seconds=60)

    def delay(self, attempts: int) -> timedelta:
        """Twice as long each time, up to the longest."""
        return min(self.first_delay * float(2 ** min(attempts, 20)), self.longest_delay)


@dataclass(frozen=True, slots=True)
class Work:
    """What this installation does in the background: a handler for each entrypoint, and sweeps that put back into
    the queue whatever should be in it and is not. `at_once`: of these entrypoints, so many jobs at a time at most."""

    handlers: Mapping[str, Handler]
    sweeps: Sequence[Sweep] = ()
    pace: Pace = field(default_factory=Pace)
    at_once: Mapping[str, int] = field(default_factory=dict)
    ran: Ran = lambda _entrypoint, _result: None


async def run(database: Database, work: Work, stop: asyncio.Event) -> None:
    """Work until `stop` is set; a database that goes away is waited for."""
    # A pool of its own: a job may hold a connection while a mail server thinks, and requests must not wait for that.
    own = Database(database.dsn, pool_size=AT_ONCE)
    try:
        await _run(own, work, stop)
    finally:
        await own.close()


async def _run(database: Database, work: Work, stop: asyncio.Event) -> None:
    sweeping = asyncio.create_task(_sweep(database, work, stop))
    try:
        while not stop.is_set():
            try:
                await _work_until_lost(database, work, stop)
            except Exception as error:  # whatever it is, letters have to leave when it is over
                log.warning("worker_interrupted", error=type(error).__name__)
                await _pause(stop, RECONNECT_SECONDS)
    finally:
        sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeping


async def _work_until_lost(database: Database, work: Work, stop: asyncio.Event) -> None:
    """One connection's life. Returns when it is lost or `stop` is set; raises what made it unusable."""
    connection = await asyncpg.connect(
        database.dsn,
        timeout=CONNECT_SECONDS,
        command_timeout=CONNECT_SECONDS,
        server_settings={"application_name": "teleconsulta worker"},
    )
    # In a thread and not with the module: a server that has just been woken answers sooner (0029).
    queuing = await asyncio.to_thread(importlib.import_module, "pgqueuer")
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _connection: lost.set())
    queuer: PgQueuer = queuing.PgQueuer.from_asyncpg_connection(connection)
    for name, handler in work.handlers.items():
        _register(queuer, name, handler, database, work)
    running = asyncio.create_task(
        queuer.qm.run(
            dequeue_timeout=work.pace.poll,
            batch_size=BATCH,
            max_concurrent_tasks=AT_ONCE,
            heartbeat_timeout=work.pace.heartbeat,
            shutdown_on_listener_failure=True,
        )
    )
    watching = [asyncio.create_task(lost.wait()), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait([running, *watching], return_when=asyncio.FIRST_COMPLETED)
        queuer.shutdown.set()
        if not running.done():
            await asyncio.wait([running], timeout=GOODBYE_SECONDS)
        if running.done():
            running.result()
    finally:
        # What is cut off here stays in its table as "to be done"; the sweep finds it.
        for task in (running, *watching):
            task.cancel()
        await asyncio.gather(running, *watching, return_exceptions=True)
        connection.terminate()


def _register(queuer: PgQueuer, name: str, handler: Handler, database: Database, work: Work) -> None:
    async def handle(job: Any) -> None:  # PgQueuer looks its annotations up: a `Job`, which is not there yet
        # Whatever is logged on the way says which job it was for; its payload is nobody's business.
        with structlog.contextvars.bound_contextvars(job_id=int(job.id), entrypoint=name):
            await _run_one(handler, database, job, name, work)

    queuer.entrypoint(name, accepts_context=False, concurrency_limit=work.at_once.get(name, 0))(handle)


async def _run_one(handler: Handler, database: Database, job: Any, name: str, work: Work) -> None:
    delay = work.pace.delay(job.attempts)
    ids: dict[str, Any] = orjson.loads(job.payload or b"{}")
    started, result = time.monotonic(), "again"
    try:
        await handler(database, ids)
    except TryAgain as wish:
        code, delay = wish.code, wish.after or delay
    except DomainError as error:
        code = error.code
    except Exception as error:
        log.exception("job_failed", error=type(error).__name__)
        code, result = "internal", "failed"
    else:
        code, result = "", "done"
    work.ran(name, result)
    log.info("job", result=result, code=code or None, ms=round((time.monotonic() - started) * 1000, 1))
    if code:
        from pgqueuer.domain.errors import RetryRequested

        # Outside of the handlers above, so that no text of theirs travels into the queue's own log.
        raise RetryRequested(delay=delay, reason=code)


async def _sweep(database: Database, work: Work, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for sweep in work.sweeps:
            try:
                await sweep(database)
            except Exception as error:
                log.warning("sweep_interrupted", error=type(error).__name__)
        await _pause(stop, work.pace.sweep.total_seconds())


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 can swallow a cancellation
            await stop.wait()
