"""`teleconsulta backup` and `teleconsulta restore`: what they ask, do and say."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from teleconsulta import audit
from teleconsulta import serve as server
from teleconsulta.audit.verification import HEAD_FILE
from teleconsulta.backup import age, making, places, restoring, status
from teleconsulta.backup.manifest import DRILL, DUMP, Card, Drill
from teleconsulta.kernel import logging
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from teleconsulta.kernel.errors import DomainError
from teleconsulta.kernel.settings import Settings

KEEP_APART = (
    "SECRET_KEY is NOT in the backup. Keep it apart and safe: with another key the second factors, the secrets of "
    "webhooks, every link that was sent and the signing key of dossiers are lost."
)


@click.command()
@click.option("--to", "to", help="A folder or s3://bucket/prefix; default: BACKUP_TO.")
@click.option(
    "--keep-days", type=click.IntRange(1), default=30, show_default=True, help="Older ones go, never the last."
)
@click.option("--list", "listing", is_flag=True, help="Only show which backups are there.")
@click.option(
    "--new-key", type=click.Path(path_type=Path), help="Only make a pair of keys; the identity goes to a file."
)
def backup(to: str | None, keep_days: int, listing: bool, new_key: Path | None) -> None:
    """Copy the database, encrypted for whoever keeps the identity; this server cannot read it afterwards."""
    if new_key is not None:
        _make_pair(new_key)
        return
    settings = _settings()
    place = _place(settings, to)
    if listing:
        _run(_list(place))
        return

    async def make() -> None:
        async with _database(settings) as dsn:
            card = await making.make(dsn, place, settings.backup_recipient, settings.secret_key, now())
        status.note_place(settings, place.where)
        gone = await making.drop_outdated(place, timedelta(days=keep_days), now())
        click.echo(f"{_line(card)}  written to {place.where}")
        if gone:
            click.echo(f"{len(gone)} older than {keep_days} days taken away.")
        if not settings.secret_key:
            click.echo("SECRET_KEY is not set here: the backup carries no seal that tells it from a forged one.")
        click.echo(KEEP_APART)

    _run(make())


@click.command()
@click.option("--from", "origin", help="A folder or s3://bucket/prefix; default: BACKUP_TO.")
@click.option("--name", help="Which backup; default: the newest.")
@click.option("--into", help="The empty database (postgresql://...); default: this installation's.")
@click.option("--identity", help="The file with the identity (AGE-SECRET-KEY-1...); - reads it from standard input.")
@click.option("--verify", "only_verify", is_flag=True, help="Restore nothing: say whether the backup is whole.")
@click.option(
    "--drill", "only_drill", is_flag=True, help="Restore into a database made for it, compare, throw it away."
)
@click.option("--list", "listing", is_flag=True, help="Only show which backups are there.")
@click.option("--other-key", is_flag=True, help="Restore although SECRET_KEY is not the one it was made with.")
def restore(
    origin: str | None,
    name: str | None,
    into: str | None,
    identity: str | None,
    only_verify: bool,
    only_drill: bool,
    listing: bool,
    other_key: bool,
) -> None:
    """Bring a backup into an empty database and compare every row, or only try whether that would work."""
    settings = _settings()
    place = _place(settings, origin)
    if listing:
        _run(_list(place))
    elif only_verify and identity is None:
        _run(_look(place, name))
    else:
        _run(_restore(settings, place, name, identity, into, other_key, only_verify, only_drill))


async def _look(place: places.Place, name: str | None) -> None:
    card = await asyncio.to_thread(places.card_of, place, name)
    await asyncio.to_thread(restoring.looks_whole, place, card)
    click.echo(f"{_line(card)}  is as it was written. Whether it can be read, only --identity tells.")


async def _restore(
    settings: Settings,
    place: places.Place,
    name: str | None,
    identity: str | None,
    into: str | None,
    other_key: bool,
    only_verify: bool,
    only_drill: bool,
) -> None:
    secrets = [secret for secret in (settings.secret_key, settings.secret_key_previous) if secret]
    key = restoring.Key(age.identities(identity), secrets, other_key)
    card = await asyncio.to_thread(places.card_of, place, name)
    if only_verify:
        read = await asyncio.to_thread(restoring.inspect, place, card, key)
        click.echo(f"{_line(card)}  is whole and can be read.")
        _tell_seal(read)
    elif only_drill:
        done = await restoring.drill(place, card, key)
        _tell(card, done)
        await asyncio.to_thread(_note_drill, place, card)
    elif into is not None:
        done = await restoring.restore(into.replace("postgres://", "postgresql://", 1), place, card, key)
        _tell(card, done)
        click.echo(KEEP_APART)
    else:
        async with _database(settings) as dsn:
            done = await restoring.restore(dsn, place, card, key)
        _tell(card, done)
        _set_head_aside(settings, done.verdict)
        click.echo(KEEP_APART)


def _tell(card: Card, done: restoring.Restored) -> None:
    rows = sum(table.rows for table in done.read.contents.tables.values())
    click.echo(f"{_line(card)}  restored: {len(done.read.contents.tables)} tables, {rows} rows, all equal.")
    _tell_seal(done.read)
    if not done.verdict.ok:
        # It came out as it went in: the fault is older than the backup.
        raise server.Refusal(
            f"The audit log is broken at entry {done.verdict.broken_at} ({done.verdict.problem}); it was when the "
            "backup was made."
        )
    click.echo(f"The audit log is whole, {done.verdict.entries} entries.")


def _tell_seal(read: restoring.Read) -> None:
    if read.sealed == "unknown":
        click.echo("Whether it was made by this installation is not known: SECRET_KEY or the seal is missing.")
    elif read.sealed == "not ours":
        click.echo("It was not made with this SECRET_KEY.")


def _note_drill(place: places.Place, card: Card) -> None:
    try:
        places.put(place, DRILL, Drill(name=card.name, at=now(), taken_at=card.taken_at))
    except DomainError as error:
        click.echo(f"The drill could not be put on record ({error.code}).", err=True)


def _set_head_aside(settings: Settings, verdict: audit.Verdict) -> None:
    """A head of the audit log that is newer than the backup would look like entries cut off, for ever."""
    known = audit.read_head(settings.var_dir)
    if known is None or (verdict.head is not None and known.seq <= verdict.head.seq):
        return
    aside = settings.var_dir / f"{HEAD_FILE}.before-{now():%Y%m%dT%H%M%SZ}"
    (settings.var_dir / HEAD_FILE).rename(aside)
    click.echo(
        f"This machine knew the audit log up to entry {known.seq}, the backup ends at {verdict.entries}: what was "
        f"written between them is lost. {aside} proves that it was there; keep it."
    )


async def _list(place: places.Place) -> None:
    known = await asyncio.to_thread(places.cards, place)
    for card in known:
        click.echo(_line(card))
    drilled = await asyncio.to_thread(places.drill_in, place)
    click.echo(f"{len(known)} backup(s) in {place.where}.")
    click.echo(f"Last good drill: {_time(drilled.at)}, of {drilled.name}." if drilled else "No drill is on record.")


def _line(card: Card) -> str:
    return f"{card.name}{DUMP}  {card.size / 1e6:.1f} MB  {len(card.rows)} tables, {sum(card.rows.values())} rows"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _make_pair(path: Path) -> None:
    identity, public = age.new_pair()
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise server.Refusal(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(number, "w") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    click.echo(f"BACKUP_RECIPIENT={public}")
    click.echo(f"{path} reads the backups: keep it in two safe places, and not on the server.")


def _settings() -> Settings:
    settings = server.read_settings().with_demo_defaults()
    logging.configure(settings.log_format)
    return settings


def _place(settings: Settings, address: str | None) -> places.Place:
    try:
        return places.place_of(address or settings.backup_to)
    except DomainError as error:
        raise _refusal(error) from error


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except DomainError as error:
        raise _refusal(error) from error


def _refusal(error: DomainError) -> server.Refusal:
    return server.Refusal(f"{error.message} ({error.code})")


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[str]:
    """The address of this installation's database, whose schema is left as it is."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    embedded = EmbeddedPostgres(settings.var_dir / "postgres")
    try:
        dsn = await embedded.start()
    except EmbeddedPostgresError as error:
        raise server.Refusal(str(error)) from error
    try:
        yield dsn
    finally:
        await embedded.stop()
