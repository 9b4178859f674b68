"""The life of one server process: settings checked, port taken, database there, everything stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import IO

import asyncpg
import click
import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from pydantic import ValidationError

from teleconsulta.auth.demo import ADMIN, DOCTOR, ensure_demo_accounts
from teleconsulta.consultations.tasks import work
from teleconsulta.idle.sleeper import sleeper_for
from teleconsulta.idle.visits import Visits
from teleconsulta.jobs import worker
from teleconsulta.jobs.worker import Work
from teleconsulta.keeping import runs as retention
from teleconsulta.kernel import logging, migrate
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from teleconsulta.kernel.files import MANY_FILES, allow_many_files, file_limit
from teleconsulta.kernel.listening import handed_over, somebody_knocks
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.sender import MailSender
from teleconsulta.mail.service import sender_for
from teleconsulta.main import RefusedToStart, create_app
from teleconsulta.signaling.app import Signaling
from teleconsulta.watching import Watching

log = structlog.get_logger(__name__)

EX_CONFIG = 78  # of sysexits.h
DATABASE_PATIENCE_SECONDS = 20.0


class Refusal(click.ClickException):
    """Why nothing was started: one clear sentence."""

    def show(self, file: IO[str] | None = None) -> None:
        click.echo(self.message, err=True)


class Misconfigured(Refusal):
    """The configuration is wrong, and starting again will not help."""

    exit_code = EX_CONFIG


def read_settings() -> Settings:
    """Settings from the environment and `.env`.

    Raises:
        Misconfigured: a variable has a value that is none; it is named, its value is not.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = sorted({str(part).upper() for found in error.errors() for part in found["loc"][:1]})
        raise Misconfigured(f"These settings are not understood: {', '.join(names)}.") from None


@contextlib.asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with an address of a database that is ours and has the newest schema; our own server when none is set.

    Raises:
        Refusal: it does not answer, refuses us, or holds something else.
    """
    if settings.database_url is not None:
        await _bring_up_to_date(settings.database_url)
        yield settings
        return
    server = EmbeddedPostgres(settings.var_dir / "postgres")
    try:
        dsn = await server.start()
    except EmbeddedPostgresError as error:
        raise Refusal(str(error)) from error
    try:
        await _bring_up_to_date(dsn)
        yield settings.model_copy(update={"database_url": dsn})
    finally:
        await server.stop()


async def _bring_up_to_date(dsn: str) -> None:
    deadline = time.monotonic() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            return await migrate.upgrade(dsn)
        except migrate.ForeignDatabase as error:
            raise Misconfigured(str(error)) from error
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
            raise Misconfigured(f"The database server refuses DATABASE_URL ({type(error).__name__}).") from error
        except (asyncpg.InsufficientPrivilegeError, asyncpg.ClientConfigurationError, ValueError) as error:
            raise Misconfigured(f"DATABASE_URL cannot be used ({type(error).__name__}).") from error
        except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
            if time.monotonic() > deadline:  # a sleeping database of a free tier takes seconds to wake
                raise Refusal("The database of DATABASE_URL does not answer.") from error
            await asyncio.sleep(0.5)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, worker included.

    Raises:
        Refusal: the settings are unsafe (exit status 78), the port is taken, the database is not usable.
    """
    settings = settings.with_demo_defaults()
    if complaints := settings.complaints():
        raise Misconfigured("\n".join(complaints))
    logging.configure(settings.log_format)
    allow_many_files()
    with handed_over() or _listen(settings.host, settings.port) as listening:
        # The terminal's Ctrl-C and a service manager's stop are the same to us, also before the server is up.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _run(_serve(settings, listening))


def work_alone(settings: Settings) -> None:
    """Run the worker until SIGTERM or SIGINT, for installations that keep it apart from the server."""
    logging.configure(settings.log_format)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _run(_work_alone(settings.with_demo_defaults()))


def _run(main: Coroutine[None, None, None]) -> None:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main)
    except KeyboardInterrupt:  # while it was still starting; later, the server ends by itself
        raise SystemExit(130) from None


async def _work_alone(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with database_of(settings) as settings:
        database = Database(settings.database_url or "")
        try:
            await worker.run(database, _work(settings), stop)
        finally:
            await database.close()


async def _serve(settings: Settings, listening: socket.socket) -> None:
    async with database_of(settings) as settings:
        try:
            app = create_app(settings)
            background = _counted(settings, app.state.watching)
        except (RefusedToStart, ValueError) as error:
            raise Misconfigured(str(error)) from error
        if (allowed := file_limit()) < MANY_FILES:
            log.warning("few_files", allowed=allowed, wanted=MANY_FILES)
        database: Database = app.state.database
        banner = await _demo_banner(settings, database) if settings.demo else ""
        visits = Visits(app, time.monotonic)
        server = Server(
            app,
            uvicorn.Config(
                visits,
                ws="websockets-sansio",
                ws_max_size=65536,
                ws_per_message_deflate=False,
                ws_ping_interval=None,  # Socket.IO has a ping of its own
                ws_ping_timeout=None,
                timeout_graceful_shutdown=5,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # TRUSTED_PROXIES decides whom to believe, not a default
                log_config=None,
                lifespan="on",
            ),
            banner,
        )
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run(database, background, stop))
            if settings.idle_exit_seconds is not None:
                sleeper = sleeper_for(
                    visits=visits,
                    figures=app.state.signaling.figures,
                    arriving=lambda: server.arriving() + somebody_knocks(listening),
                    leave=server.leave,
                    database=database,
                    seconds=settings.idle_exit_seconds,
                )
                tasks.create_task(sleeper.run(stop))
            try:
                await server.serve(sockets=[listening])
            finally:
                stop.set()
    if not server.started:
        raise Refusal("The server could not be started; the lines above say why.")


def _work(settings: Settings, sender: MailSender | None = None) -> Work:
    handlers = {retention.ENTRYPOINT: retention.handler(now)}
    return work(settings, sender=sender, more_handlers=handlers, more_sweeps=[retention.sweep(now)])


def _counted(settings: Settings, watching: Watching) -> Work:
    return watching.counted(_work(settings, watching.letters.counted(sender_for(settings))))


class Server(uvicorn.Server):
    """uvicorn's, which says good-bye to sockets before it closes them, and leaves the ending of the process to us."""

    def __init__(self, app: FastAPI, config: uvicorn.Config, banner: str) -> None:
        super().__init__(config)
        self._signaling: Signaling = app.state.signaling
        self._banner = banner

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._banner:
            click.echo(self._banner)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._signaling.drain()
        await super().shutdown(sockets)

    def arriving(self) -> int:
        """Connections that have not asked for anything yet; before the start, whoever we are started for."""
        if not self.started:
            return 1
        return sum(getattr(one, "cycle", None) is None for one in self.server_state.connections)

    def leave(self) -> None:
        """Accept nobody from this very moment on, and end in good order."""
        for listener in self.servers:
            listener.close()
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn raises a signal again once it has served; we still have a database to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)


async def _demo_banner(settings: Settings, database: Database) -> str:
    async with database.session() as session:
        password = await ensure_demo_accounts(session, settings)
    mail = "by SMTP" if settings.smtp_url else f"in {settings.var_dir / 'outbox'}, and shown on the page"
    return "\n".join(
        (
            f"Teleconsulta  {settings.origin}  (Ctrl-C stops it)",
            f"  médica      {DOCTOR.email}",
            f"  admin       {ADMIN.email}",
            f"  senha       {password}",
            f"  e-mails     {mail}",
        )
    )


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything else is started.

    Raises:
        Refusal: the port is taken or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Refusal(
                f"Port {port} is taken by another program: stop that, or choose another, as in `make run PORT=8081`."
            ) from error
        if error.errno == errno.EACCES:
            raise Refusal(f"Port {port} is reserved for the system: choose one above 1023 with PORT.") from error
        raise Refusal(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    listening.set_inheritable(False)
    return listening
