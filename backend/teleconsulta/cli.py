"""The command line: what an operator types. Failures are one sentence, without a traceback."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import click
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import __version__
from teleconsulta import serve as server
from teleconsulta.auth import second_factor
from teleconsulta.auth import service as users
from teleconsulta.auth.schemas import UserCreate
from teleconsulta.calls.history import Filters
from teleconsulta.commands.backup import backup, restore
from teleconsulta.commands.check import check
from teleconsulta.commands.coturn import coturn_config
from teleconsulta.kernel import logging
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import DomainError
from teleconsulta.kernel.settings import Settings
from teleconsulta.records.export import KINDS, Kind, prepare, write
from teleconsulta.records.verification import examine, told

Work = Callable[[AsyncSession, Settings], Awaitable[str]]


@click.group()
@click.version_option(__version__, message="Teleconsulta %(version)s")
def main() -> None:
    """Video consultations for small clinics."""


@main.command()
def serve() -> None:
    """Serve the app, the API and the sockets on PORT, with the worker inside."""
    server.serve(server.read_settings())


@main.command()
def worker() -> None:
    """Only do what was queued: send letters and remind people."""
    server.work_alone(server.read_settings())


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""

    async def nothing_else(_session: AsyncSession, _settings: Settings) -> str:
        return "The database has the newest schema."

    _in_database(nothing_else)


@main.group()
def user() -> None:
    """Accounts of doctors and admins."""


@user.command()
@click.option("--email", prompt="E-mail")
@click.option("--name", prompt="Name")
@click.option("--role", type=click.Choice(["doctor", "admin"]), prompt="Role")
@click.option("--council", default=None, help='Professional registration, as in "CRM/SP 123456".')
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(email: str, name: str, role: Literal["doctor", "admin"], council: str | None, password_stdin: bool) -> None:
    """Make an account."""
    password = _password(password_stdin)
    try:
        wish = UserCreate(email=email, name=name, role=role, council=council, password=password)
    except ValidationError as error:
        fields = ", ".join(sorted({str(found["loc"][0]) for found in error.errors()}))
        raise server.Refusal(f"Not understood: {fields}.") from None

    async def make(session: AsyncSession, _settings: Settings) -> str:
        await users.create_user(session, wish)
        return "The account is made."

    _in_database(make)


@user.command("reset-password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def reset_password(email: str, password_stdin: bool) -> None:
    """Give an account a new password; it is signed out everywhere."""
    password = _password(password_stdin)

    async def change(session: AsyncSession, settings: Settings) -> str:
        await users.reset_password(session, settings, email, password)
        return "The password is changed, and the account signed out everywhere."

    _in_database(change)


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shut an account out, at once and everywhere."""

    async def shut_out(session: AsyncSession, _settings: Settings) -> str:
        await users.disable_user(session, email)
        return "The account is disabled."

    _in_database(shut_out)


@user.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor of an account away, for who has lost it; it is signed out everywhere."""

    async def take_away(session: AsyncSession, settings: Settings) -> str:
        account = await users.find(session, email)
        await second_factor.remove_for(session, settings, account.id, now(), None)
        return "The second factor is gone, and the account signed out everywhere."

    _in_database(take_away)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A public key (hex) that is to be trusted; may be given again.")
def verify(file: Path, keys: tuple[str, ...]) -> None:
    """Say whether a dossier is as it was signed. Needs no server, no database and no network."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise server.Refusal(f"{file} cannot be read: {error.strerror}.") from error
    found = examine(content, {key.strip().lower() for key in keys})
    if not found.ok or found.contents is None:
        raise server.Refusal("\n".join([*found.problems, "This dossier is NOT as it was signed."]))
    click.echo(told(found))
    click.echo(f"The dossier is whole and as it was signed, with the key {found.contents.key}.")
    if not keys:
        keys_at = found.contents.about.get("keys_at")
        click.echo(f"Whose key is that? Compare it with the ones at {keys_at}, or give the right one with --key.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day, in this machine's time zone.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, included.")
@click.option("--format", "kinds", type=click.Choice(KINDS), multiple=True, help="May be given again; default: all.")
def export(folder: Path, since: datetime | None, until: datetime | None, kinds: tuple[Kind, ...]) -> None:
    """Write every call of a period into a new FOLDER: lists (CSV, JSON), signed dossiers, FHIR bundles."""
    wanted = Filters(
        since=since.astimezone() if since else None,
        until=(until + timedelta(days=1)).astimezone() if until else None,
    )

    async def take_out(session: AsyncSession, settings: Settings) -> str:
        if not settings.secret_key:
            raise server.Misconfigured("SECRET_KEY is missing: dossiers are signed with a key derived from it.")
        count = await write(session, settings, folder, kinds or KINDS, wanted, now)
        return f"{count} call(s) written to {folder}."

    try:
        prepare(folder)
    except OSError as error:
        raise server.Refusal(f"{folder} cannot be used: name a folder that is new or empty.") from error
    try:
        _in_database(take_out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


main.add_command(backup)
main.add_command(restore)
main.add_command(check)
main.add_command(coturn_config)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _in_database(work: Work) -> None:
    """One transaction on this installation's database, whether its server runs or not; prints what `work` answers."""
    settings = server.read_settings().with_demo_defaults()
    logging.configure(settings.log_format)
    try:
        click.echo(asyncio.run(_one_transaction(settings, work)))
    except DomainError as error:
        raise server.Refusal(error.message) from error


async def _one_transaction(settings: Settings, work: Work) -> str:
    async with server.database_of(settings) as ready:
        database = Database(ready.database_url or "", pool_size=1)
        try:
            async with database.session() as session:
                return await work(session, ready)
        finally:
            await database.close()


if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    main(prog_name="teleconsulta")
