"""The queue and its letters in figures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from teleconsulta.jobs.figures import JobFigures
from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Pace, TryAgain, Work, run
from teleconsulta.kernel.db import Database
from teleconsulta.mail.counting import LetterFigures
from teleconsulta.mail.message import Mail
from teleconsulta.mail.sender import MailDelayed, MailRefused


async def test_what_waits_and_how_it_went(database: Database) -> None:
    registry = CollectorRegistry()
    figures = JobFigures(registry, database)
    async with database.session() as session:
        await enqueue(session, "good", n=1)
        await enqueue(session, "bad", n=1)
        await session.execute(text("UPDATE pgqueuer SET execute_after = now() - interval '90 seconds'"))
    await figures.refresh()
    assert registry.get_sample_value("teleconsulta_jobs", {"state": "queued"}) == 2
    assert 89 < (registry.get_sample_value("teleconsulta_jobs_oldest_due_seconds") or 0) < 600

    stop, ran = asyncio.Event(), []

    def count(entrypoint: str, result: str) -> None:
        figures.ran(entrypoint, result)
        ran.append(entrypoint)
        if len(ran) == 2:
            stop.set()

    async def good(_database: Database, _ids: Mapping[str, str]) -> None:
        return None

    async def bad(_database: Database, _ids: Mapping[str, str]) -> None:
        raise TryAgain("later")

    await asyncio.wait_for(run(database, Work({"good": good, "bad": bad}, pace=Pace(), ran=count), stop), 20)
    await figures.refresh()
    assert registry.get_sample_value("teleconsulta_jobs", {"state": "queued"}) == 0
    assert registry.get_sample_value("teleconsulta_jobs", {"state": "retrying"}) == 1
    for entrypoint, result in (("good", "done"), ("bad", "again")):
        labels = {"entrypoint": entrypoint, "result": result}
        assert registry.get_sample_value("teleconsulta_job_runs_total", labels) == 1


async def test_a_database_that_is_away_is_said_to_be() -> None:
    registry = CollectorRegistry()
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    await JobFigures(registry, away).refresh()
    assert registry.get_sample_value("teleconsulta_database_up") == 0
    await away.close()


@pytest.mark.parametrize(
    ("error", "result"), [(None, "sent"), (MailDelayed("x"), "delayed"), (MailRefused("x"), "refused")]
)
async def test_letters_are_counted_by_what_became_of_them(error: Exception | None, result: str) -> None:
    class Post:
        async def send(self, _mail: Mail) -> None:
            if error is not None:
                raise error

    registry = CollectorRegistry()
    sender = LetterFigures(registry).counted(Post())
    mail: Mail = object()  # type: ignore[assignment]  # nobody opens it
    if error is None:
        await sender.send(mail)
    else:
        with pytest.raises(type(error)):
            await sender.send(mail)
    assert registry.get_sample_value("teleconsulta_mails_total", {"result": result}) == 1
