"""The worker gives reminders by itself, also after it was away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from teleconsulta.invitations.models import Invitation
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.jobs.conftest import Working
from tests.mail.server import Postbox


async def test_a_worker_that_comes_back_finds_what_is_due(
    build: Builder, working: Working, database: Database, postbox: Postbox
) -> None:
    moment = now()
    for ahead in (timedelta(minutes=10), timedelta(hours=12), timedelta(days=2), timedelta(minutes=-10)):
        await build.room(starts_at=moment + ahead, minutes=30, scheduled=True)
    async with database.session() as session:
        await session.execute(update(Invitation).values(created_at=moment - timedelta(days=9)))
    for _start in range(2):
        async with working():
            await postbox.until(lambda: len(postbox.accepted) >= 2)
    assert sorted(postbox.accepted.values()) == [1, 1]
