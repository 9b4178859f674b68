"""The letters of accounts leave once, in the reader's language, and only while their link opens something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from teleconsulta.auth import letters, repository
from teleconsulta.jobs.worker import TryAgain
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.memory import MemorySender
from teleconsulta.mail.message import Mail
from teleconsulta.mail.sender import MailDelayed, MailError, MailRefused
from tests.auth.inviting import Worker, again, invite
from tests.builders import Staff


class Stubborn(MemorySender):
    """A mail server that says no, in the words it is given, before it takes a letter."""

    def __init__(self, *refusals: MailError) -> None:
        super().__init__()
        self.refusals = list(refusals)

    async def send(self, mail: Mail) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        await super().send(mail)


class TestLetters:
    @pytest.mark.parametrize(
        ("language", "subject", "address"),
        [
            ("pt-BR", "Sua conta na Clínica Horizonte: escolha uma senha", "/senha#"),
            ("en", "Your account at Clínica Horizonte: choose a password", "/senha?lang=en#"),
            ("es", "Su cuenta en Clínica Horizonte: elija una contraseña", "/senha?lang=es#"),
        ],
    )
    async def test_it_speaks_the_readers_language(
        self, client: AsyncClient, admin: Staff, worker: Worker, language: str, subject: str, address: str
    ) -> None:
        await invite(client, admin, language=language)
        await worker.send()
        (mail,) = worker.sender.sent
        assert (mail.subject, mail.to_email, mail.language) == (subject, "nova@clinica.example", language)
        assert f"https://clinica.example{address}" in mail.text
        assert "nova@clinica.example" in mail.html

    async def test_it_is_sent_once(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        await invite(client, admin)
        await worker.send()
        await worker.send()
        assert len(worker.sender.sent) == 1

    async def test_a_mail_server_that_is_busy_is_asked_again(
        self, client: AsyncClient, admin: Staff, database: Database, settings: Settings
    ) -> None:
        worker = Worker(database, settings, Stubborn(MailDelayed("smtp_deferred")))
        await invite(client, admin)
        with pytest.raises(TryAgain, match="smtp_deferred"):
            await worker.send()
        (link,) = await worker.links()
        assert (link.letter, link.attempts, link.error_code) == ("queued", 1, "smtp_deferred")
        await worker.send()
        (link,) = await worker.links()
        assert (link.letter, link.attempts, link.error_code) == ("sent", 2, None)

    async def test_an_address_that_is_refused_is_shown_to_the_admin(
        self, client: AsyncClient, admin: Staff, database: Database, settings: Settings
    ) -> None:
        worker = Worker(database, settings, Stubborn(MailRefused("recipient_refused")))
        await invite(client, admin)
        await worker.send()
        listed = (await client.get("/api/users", headers=admin.headers)).json()["items"][-1]
        assert (listed["pending"], listed["letter"]) == ("invitation", "failed")

    async def test_a_replaced_one_is_not_sent(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        made = await invite(client, admin)
        await again(client, admin, made["id"])
        await worker.send()
        assert [link.letter for link in await worker.links()] == ["withdrawn", "sent"]
        assert len(worker.sender.sent) == 1

    async def test_two_workers_do_not_send_it_twice(
        self, client: AsyncClient, admin: Staff, worker: Worker, database: Database
    ) -> None:
        await invite(client, admin)
        (link,) = await worker.links()
        async with database.session() as session:
            assert await repository.claim_letter(session, link.id) is not None
            with pytest.raises(TryAgain, match="busy"):
                await worker.send()
        await worker.send()
        assert len(worker.sender.sent) == 1

    async def test_a_letter_that_is_gone_is_no_trouble(self, worker: Worker, database: Database) -> None:
        identifier = new_id()
        async with database.session() as session:
            assert await repository.claim_letter(session, identifier) is None
            assert not await repository.letter_exists(session, identifier)
        await worker.handle(database, {"link_id": str(identifier)})
        assert worker.sender.sent == []

    async def test_one_whose_job_was_lost_is_queued_again(
        self, client: AsyncClient, admin: Staff, worker: Worker, database: Database
    ) -> None:
        await invite(client, admin)
        async with database.session() as session:
            await session.execute(text("DELETE FROM pgqueuer"))
        await letters.sweep(lambda: now() + timedelta(minutes=1))(database)
        async with database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 1
