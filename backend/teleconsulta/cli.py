"""The command line: `teleconsulta serve`, `worker`, `migrate`, `user ...`."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import asyncpg
import click
import uvloop
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import __version__
from teleconsulta.auth import service
from teleconsulta.auth.demo import ensure_demo_accounts
from teleconsulta.auth.schemas import UserCreate
from teleconsulta.consultations.tasks import work
from teleconsulta.jobs.worker import run as run_jobs
from teleconsulta.kernel import listening, logging, migrate
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres
from teleconsulta.kernel.errors import DomainError, Unavailable
from teleconsulta.kernel.postgres_files import EmbeddedPostgresError
from teleconsulta.kernel.settings import Settings
from teleconsulta.main import RefusedToStart, create_app

# sysexits.h: the words that supervisors and operators know.
EX_USAGE, EX_UNAVAILABLE, EX_TEMPFAIL, EX_CONFIG = 64, 69, 75, 78
DATABASE_PATIENCE_SECONDS = 30.0


def give_up(sentence: str, status: int) -> NoReturn:
    """Say why in a sentence, and leave."""
    click.echo(f"teleconsulta: {sentence}", err=True)
    sys.exit(status)


def load_settings() -> Settings:
    """Settings from the environment; one that cannot be read is named, its value is not."""
    try:
        return Settings().with_demo_defaults()
    except ValidationError as error:
        names = sorted({str(problem["loc"][0]).upper() for problem in error.errors(include_input=False)})
        give_up(f"these settings cannot be read: {', '.join(names)}.", EX_CONFIG)


def run(task: Coroutine[Any, Any, None]) -> None:
    """Run to the end; whatever is expected to go wrong is one sentence and a status."""
    try:
        uvloop.run(task)
    except KeyboardInterrupt:
        sys.exit(130)
    except RefusedToStart as error:
        give_up(f"will not start.\n{error}", EX_CONFIG)
    except (migrate.ForeignDatabase, EmbeddedPostgresError, listening.PortInUse) as error:
        give_up(str(error), EX_UNAVAILABLE)
    except Unavailable:
        give_up("the database does not answer (DATABASE_URL).", EX_TEMPFAIL)
    except DomainError as error:
        give_up(f"{error.message} ({error.code})", EX_USAGE)


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with a database that answers and is at the schema's head; our own one runs while the block does."""
    if settings.database_url is not None:
        await _migrate(settings.database_url)
        yield settings
        return
    own = EmbeddedPostgres(settings.var_dir / "postgres")
    dsn = await own.start()
    try:
        await _migrate(dsn)
        yield settings.model_copy(update={"database_url": dsn})
    finally:
        await own.stop()


async def _migrate(dsn: str) -> None:
    """Upgrade the schema. A database that is just waking up is waited for."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            await migrate.upgrade(dsn)
        except asyncpg.InvalidPasswordError as error:
            raise EmbeddedPostgresError("The database refuses the name or password in DATABASE_URL.") from error
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as error:
            if loop.time() > deadline:
                raise Unavailable from error
            await asyncio.sleep(1)  # there is nothing to wait on before it listens
        else:
            return


async def in_session(settings: Settings, act: Callable[[AsyncSession], Coroutine[Any, Any, object]]) -> None:
    """Do one thing in one transaction."""
    async with opened_database(settings) as ready:
        database = Database(ready.database_url or "", pool_size=1)
        try:
            async with database.session() as session:
                await act(session)
        finally:
            await database.close()


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Video consultations for small clinics."""


@main.command()
def serve() -> None:
    """Serve the app, the API and the sockets on one port, and work off the jobs."""
    settings = load_settings()
    logging.configure(settings.log_format)
    if complaints := settings.complaints():
        give_up("will not start.\n" + "\n".join(complaints), EX_CONFIG)
    run(_serve(settings))


async def _serve(settings: Settings) -> None:
    opened = listening.listen(settings.host, settings.port)
    async with opened_database(settings) as ready:
        app = create_app(ready)
        lines: list[str] = []
        if ready.demo:
            async with app.state.database.session() as session:
                password = await ensure_demo_accounts(session, ready)
            lines = _welcome(ready, password)
        if not await listening.serve(
            app, opened, started=lambda: click.echo("\n".join(lines)), ending=app.state.signaling.drain
        ):
            raise Unavailable


def _welcome(settings: Settings, password: str) -> list[str]:
    return [
        f"Teleconsulta   {settings.origin}",
        f"Teste rápido   {settings.origin}/teste-video  (abra em duas janelas)",
        f"Médica         medica@demo.local   senha: {password}",
        f"Administração  admin@demo.local    senha: {password}",
        "Ctrl-C encerra tudo.",
    ]


@main.command()
def worker() -> None:
    """Work off the jobs, without serving anybody."""
    settings = load_settings()
    logging.configure(settings.log_format)
    run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opened_database(settings) as ready:
        database = Database(ready.database_url or "", pool_size=2)
        try:
            await run_jobs(database, work(ready), stop)
        finally:
            await database.close()


@main.command(name="migrate")
def migrate_command() -> None:
    """Bring the database's schema to this program's version."""

    async def only_open() -> None:
        async with opened_database(load_settings()):
            click.echo(f"The schema is at {migrate.head()}.")

    run(only_open())


@main.group()
def user() -> None:
    """Staff accounts."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="As patients read it, for example 'Dra. Helena Prado'.")
@click.option("--role", type=click.Choice(["doctor", "admin"]), required=True)
@click.option("--council", help="Council number of a doctor, for example 'CRM/SP 123456'.")
@click.password_option(help="At least 8 characters; asked for when left out.")
def add(email: str, name: str, role: str, council: str | None, password: str) -> None:
    """Make an account that can sign in."""
    try:
        wish = UserCreate.model_validate(
            {"email": email, "name": name, "role": role, "council": council, "password": password}
        )
    except ValidationError as error:
        fields = sorted({str(problem["loc"][0]) for problem in error.errors(include_input=False)})
        give_up(f"not right: {', '.join(fields)}.", EX_USAGE)
    run(in_session(load_settings(), lambda session: service.create_user(session, wish)))
    click.echo("The account is ready.")


@user.command(name="reset-password")
@click.argument("email")
@click.password_option(help="The new password; asked for when left out.")
def reset_password(email: str, password: str) -> None:
    """Give an account a new password and end its sessions."""
    settings = load_settings()
    run(in_session(settings, lambda session: service.reset_password(session, settings, email, password)))
    click.echo("The password is changed, and all sessions of the account are over.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Keep an account from signing in, and sign it out everywhere."""
    run(in_session(load_settings(), lambda session: service.disable_user(session, email)))
    click.echo("The account is disabled.")


if __name__ == "__main__":
    main()
