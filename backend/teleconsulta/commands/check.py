"""`teleconsulta check`: says what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
from pydantic import ValidationError

from teleconsulta.checkup.examination import examine
from teleconsulta.checkup.installation import here
from teleconsulta.checkup.report import IDS, Line, Report, wrong
from teleconsulta.checkup.words import CATALOGUES, said
from teleconsulta.kernel import logging
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from teleconsulta.kernel.languages import LANGUAGES, Language
from teleconsulta.kernel.settings import Settings

MOST = 100
"""Statuses above 125 mean other things to a shell."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: one object.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.pass_context
def check(context: click.Context, as_json: bool, language: Language) -> None:
    """Examine this installation: settings, site, database, relay, e-mail. The exit status counts what is wrong."""
    begun = time.monotonic()
    lines = _examined()
    seconds = round(time.monotonic() - begun, 1)
    counts = {state: sum(line.state == state for line in lines) for state in ("ok", "warning", "wrong", "skipped")}
    if as_json:
        told = [{"id": line.id, "state": line.state, **said(line, language)._asdict()} for line in lines]
        click.echo(json.dumps({"seconds": seconds, "counts": counts, "lines": told}, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            _show(line, language)
        summary = CATALOGUES[language].summary
        click.echo(summary.format(seconds=seconds, **{**counts, "warnings": counts["warning"]}))
    context.exit(min(wrong(lines), MOST))


def _show(line: Line, language: Language) -> None:
    words = said(line, language)
    click.echo(f"{CATALOGUES[language].states[line.state]:<9}{words.title}: {words.finding}")
    if words.remedy is not None:
        click.echo(f"{'':<9}-> {words.remedy}")


def _examined() -> list[Line]:
    try:
        settings = Settings().with_demo_defaults()
    except ValidationError as error:
        report = Report()
        names = sorted({str(part).upper() for found in error.errors() for part in found["loc"][:1]})
        report.wrong("settings", "unreadable", names=", ".join(names))
        report.after("settings", *(one for one in IDS if one != "settings"))
        return report.lines()
    logging.configure(settings.log_format)
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> list[Line]:
    async with _database_of(settings) as found:
        return await examine(here(found))


@asynccontextmanager
async def _database_of(settings: Settings) -> AsyncIterator[Settings]:
    """With the address of the embedded database, where that is in use; none is made and nothing is migrated."""
    folder = settings.var_dir / "postgres"
    if settings.database_url is not None or not folder.exists():
        yield settings
        return
    embedded = EmbeddedPostgres(folder)
    try:
        dsn = await embedded.start()
    except EmbeddedPostgresError:
        yield settings
        return
    try:
        yield settings.model_copy(update={"database_url": dsn})
    finally:
        await embedded.stop()
