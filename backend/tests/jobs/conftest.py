"""Letters to be sent, and a worker that sends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from teleconsulta.consultations.tasks import work
from teleconsulta.invitations import letters
from teleconsulta.invitations.models import Delivery, Invitation
from teleconsulta.jobs import worker
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.sender import MailSender
from tests.builders import Builder, Consultation
from tests.jobs.process import QUICK
from tests.mail.server import Postbox, smtp_server
from tests.support import settings_for

Write = Callable[[Consultation, str], Awaitable[Delivery]]
Working = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
async def postbox() -> AsyncIterator[Postbox]:
    async with smtp_server() as box:
        yield box


@pytest.fixture
def smtp_settings(dsn: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_for(dsn, tmp_path, smtp_url=f"smtp://127.0.0.1:{postbox.port}")


@pytest.fixture
def write(database: Database, settings: Settings) -> Write:
    """Asks for the letter of a consultation's patient; `reason` makes its cause unique."""

    async def wish(consultation: Consultation, reason: str = "issued") -> Delivery:
        async with database.session() as session:
            invitation = await session.get_one(Invitation, consultation.patient.invitation_id)
            return await letters.write(session, settings, invitation, reason, now())

    return wish


@pytest.fixture
def working(database: Database, smtp_settings: Settings) -> Working:
    """A worker that runs while the block does."""

    @asynccontextmanager
    async def run(sender: MailSender | None = None, settings: Settings | None = None) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(
            worker.run(database, work(settings or smtp_settings, sender=sender, pace=QUICK), stop)
        )
        try:
            yield
        finally:
            stop.set()
            await task

    return run


async def stored(database: Database, delivery: Delivery) -> Delivery:
    """The delivery as it stands now."""
    async with database.session() as session:
        return (await session.execute(select(Delivery).where(Delivery.id == delivery.id))).scalar_one()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Ask again and again: another connection's commit cannot be awaited."""
    async with asyncio.timeout(seconds):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def until_state(database: Database, delivery: Delivery, state: str) -> Delivery:
    async def reached() -> bool:
        return (await stored(database, delivery)).state == state

    await until(reached)
    return await stored(database, delivery)


async def one_letter(build: Builder, write: Write) -> Delivery:
    return await write(await build.room(), "issued")
