"""Letters leave once, whatever the mail server, the database and the worker do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import asyncpg
import pytest
from sqlalchemy import delete, select, text

from teleconsulta.invitations import letters
from teleconsulta.invitations.models import Delivery, Invitation
from teleconsulta.invitations.repository import withdraw_letters
from teleconsulta.jobs.queue import enqueue
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.memory import MemorySender
from teleconsulta.rooms.models import Room
from tests.builders import Builder
from tests.jobs.conftest import Working, Write, one_letter, stored, until, until_state
from tests.mail.server import Postbox
from tests.support import BACKEND


class TestSending:
    async def test_a_letter_is_sent_and_recorded(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        delivery = await one_letter(build, write)
        async with working():
            sent = await until_state(database, delivery, "sent")
        assert sent.sent_at is not None
        assert sent.error_code is None
        assert postbox.accepted == {delivery.message_id: 1}
        assert postbox.recipients == ["bia@paciente.example"]

    async def test_what_is_rolled_back_is_never_sent(
        self, build: Builder, settings: Settings, working: Working, database: Database, postbox: Postbox, write: Write
    ) -> None:
        consultation = await build.room()

        async def interrupted() -> None:
            async with database.session() as session:
                invitation = await session.get_one(Invitation, consultation.patient.invitation_id)
                await letters.write(session, settings, invitation, "undone", now())
                raise LookupError

        with pytest.raises(LookupError):
            await interrupted()
        async with database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0
        marker = await write(consultation, "after")
        async with working():
            await until_state(database, marker, "sent")
        assert postbox.accepted == {marker.message_id: 1}

    async def test_an_enqueue_without_a_commit_leaves_nothing(self, database: Database) -> None:
        async def interrupted() -> None:
            async with database.session() as session:
                await enqueue(session, "nothing", id=1)
                raise LookupError

        with pytest.raises(LookupError):
            await interrupted()
        async with database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0

    async def test_the_same_job_twice_sends_once(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        delivery = await one_letter(build, write)
        async with working():
            await until_state(database, delivery, "sent")
            async with database.session() as session:
                await enqueue(session, "letters.send", delivery_id=delivery.id)
            marker = await one_letter(build, write)
            await until_state(database, marker, "sent")
        assert postbox.accepted == {delivery.message_id: 1, marker.message_id: 1}

    async def test_a_letter_whose_link_died_is_withdrawn(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        consultation = await build.room()
        delivery = await write(consultation, "issued")
        async with database.session() as session:
            (await session.get_one(Room, consultation.room_id)).state = "closed"
        async with working():
            await until_state(database, delivery, "withdrawn")
        assert postbox.attempts == 0

    async def test_a_letter_that_nobody_queued_is_found(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        delivery = await one_letter(build, write)
        async with database.session() as session:
            await session.execute(text("DELETE FROM pgqueuer"))
            found = await session.get_one(Delivery, delivery.id)
            found.created_at = now() - timedelta(minutes=2)
        async with working():
            await until_state(database, delivery, "sent")
        assert postbox.accepted == {delivery.message_id: 1}

    async def test_a_letter_that_is_gone_is_let_go(
        self, build: Builder, write: Write, working: Working, database: Database
    ) -> None:
        delivery = await one_letter(build, write)
        async with database.session() as session:
            await session.execute(delete(Delivery).where(Delivery.id == delivery.id))
        sender = MemorySender()
        async with working(sender):
            marker = await one_letter(build, write)
            await until_state(database, marker, "sent")
            await until(lambda: _no_jobs(database))
        assert [mail.message_id for mail in sender.sent] == [marker.message_id]


class TestMailServer:
    async def test_ten_refusals_then_accepted_once(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        postbox.answer = lambda number: "451 try later" if number < 10 else None
        delivery = await one_letter(build, write)
        async with working():
            sent = await until_state(database, delivery, "sent")
        assert sent.attempts == 11
        assert postbox.accepted == {delivery.message_id: 1}

    async def test_a_refusal_for_now_is_shown_and_tried_again(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        postbox.answer = lambda _number: "451 try later"
        delivery = await one_letter(build, write)
        async with working():
            await postbox.until(lambda: postbox.attempts >= 2)
        waiting = await stored(database, delivery)
        assert (waiting.state, waiting.error_code) == ("queued", "smtp_deferred")

    @pytest.mark.parametrize(
        ("data", "recipient", "code"),
        [("554 no spam here", None, "message_refused"), (None, "550 no such mailbox", "recipient_refused")],
    )
    async def test_a_refusal_for_good_is_final(
        self,
        build: Builder,
        write: Write,
        working: Working,
        database: Database,
        postbox: Postbox,
        data: str | None,
        recipient: str | None,
        code: str,
    ) -> None:
        postbox.answer = lambda _number: data
        postbox.to_recipient = lambda _address: recipient
        delivery = await one_letter(build, write)
        async with working():
            failed = await until_state(database, delivery, "failed")
        assert (failed.error_code, failed.attempts, failed.sent_at) == (code, 1, None)

    async def test_no_server_at_all_then_one(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox, settings: Settings
    ) -> None:
        delivery = await one_letter(build, write)

        async def twice() -> bool:
            return (await stored(database, delivery)).attempts >= 2

        nobody = settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
        async with working(settings=nobody):
            await until(twice)
        assert (await stored(database, delivery)).error_code == "smtp_unreachable"
        async with working():
            await until_state(database, delivery, "sent")
        assert postbox.accepted == {delivery.message_id: 1}

    async def test_revoking_does_not_wait_for_a_hanging_server(
        self, build: Builder, write: Write, working: Working, database: Database, postbox: Postbox
    ) -> None:
        postbox.hang = asyncio.Event()
        delivery = await one_letter(build, write)
        async with working():
            await postbox.until(lambda: postbox.attempts == 1)
            async with asyncio.timeout(1), database.session() as session:
                await withdraw_letters(session, [delivery.invitation_id])
            postbox.hang.set()
            await until_state(database, delivery, "sent")


class TestWorker:
    async def test_a_lost_connection_is_made_again(
        self, build: Builder, write: Write, working: Working, database: Database, dsn: str, postbox: Postbox
    ) -> None:
        async with working():
            first = await one_letter(build, write)
            await until_state(database, first, "sent")
            await _cut_everybody_off(dsn)
            second = await one_letter(build, write)
            await until_state(database, second, "sent")
        assert set(postbox.accepted.values()) == {1}

    @pytest.mark.slow
    @pytest.mark.timeout(180)
    async def test_killing_workers_loses_nothing(
        self, build: Builder, write: Write, database: Database, dsn: str, postbox: Postbox
    ) -> None:
        consultation = await build.room()
        wanted = {(await write(consultation, f"cause {number}")).message_id for number in range(40)}
        for killed in range(1, 6):
            async with worker_process(dsn, postbox):
                await postbox.until(partial(postbox.has, 4 * killed), seconds=40)
        async with worker_process(dsn, postbox):
            await postbox.until(lambda: set(postbox.accepted) == wanted, seconds=60)
            await until(lambda: _all_sent(database))
        # Each cause has one Message-ID; a kill between "accepted" and "committed" repeats it, never a new one.
        assert set(postbox.accepted) == wanted
        assert sum(postbox.accepted.values()) <= len(wanted) + 4 * 5


@asynccontextmanager
async def worker_process(dsn: str, postbox: Postbox) -> AsyncIterator[None]:
    """A worker that is killed with `kill -9` when the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.jobs.process",
        dsn,
        f"smtp://127.0.0.1:{postbox.port}",
        cwd=BACKEND,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def _no_jobs(database: Database) -> bool:
    async with database.session() as session:
        return not await session.scalar(text("SELECT count(*) FROM pgqueuer"))


async def _all_sent(database: Database) -> bool:
    async with database.session() as session:
        return not (await session.scalars(select(Delivery.id).where(Delivery.state != "sent"))).all()


async def _cut_everybody_off(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
