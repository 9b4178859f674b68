"""Links to choose a password: once, in time, only the newest, and sent by a letter that nobody else reads."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth import letters, repository
from teleconsulta.auth.models import PasswordLink
from teleconsulta.consultations.tasks import work
from teleconsulta.jobs.worker import Handler, TryAgain
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.memory import MemorySender
from teleconsulta.mail.message import Mail
from teleconsulta.mail.sender import MailDelayed, MailError, MailRefused
from tests.auth.enrolled import Time, outcome, sign_in_with
from tests.builders import PASSWORD, Builder, Staff

INVITED = {"email": "Nova@clinica.example", "name": "Dra. Nóra Ávila", "role": "doctor"}
CHOSEN = "girassol azul 77"


class Worker:
    """The worker's hand: sends what is queued, one letter after another."""

    def __init__(self, database: Database, settings: Settings, sender: MemorySender) -> None:
        self.database, self.sender = database, sender
        self.handle: Handler = work(settings, sender=sender).handlers[letters.ENTRYPOINT]

    async def links(self) -> list[PasswordLink]:
        async with self.database.session() as session:
            return list((await session.scalars(select(PasswordLink).order_by(PasswordLink.id))).all())

    async def send(self) -> None:
        for link in await self.links():
            await self.handle(self.database, {"link_id": str(link.id)})

    async def token(self) -> str:
        """What stands in the newest letter's link."""
        await self.send()
        found = re.search(r"/senha(?:\?lang=\w+)?#(\S+)", self.sender.sent[-1].text)
        assert found is not None
        return found[1]


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    return Worker(database, settings, MemorySender())


@pytest.fixture
async def admin(build: Builder) -> Staff:
    await build.staff("admin")  # another one, so that this one is not the last
    return await build.staff("admin")


async def invite(client: AsyncClient, admin: Staff, **changes: str) -> dict[str, object]:
    answer = await client.post("/api/users", json={**INVITED, **changes}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def choose(client: AsyncClient, token: str, password: str = CHOSEN) -> tuple[int, str | None]:
    return outcome(await client.post("/api/auth/password", json={"token": token, "password": password}))


async def again(client: AsyncClient, admin: Staff, user_id: object) -> tuple[int, str | None]:
    path = f"/api/users/{user_id}/password-link"
    return outcome(await client.post(path, json={}, headers=admin.headers))


class TestInvitation:
    async def test_the_invited_choose_a_password_and_sign_in(
        self, client: AsyncClient, admin: Staff, worker: Worker, database: Database
    ) -> None:
        made = await invite(client, admin)
        assert (made["pending"], made["letter"]) == ("invitation", "queued")
        token = await worker.token()
        listed = (await client.get("/api/users", headers=admin.headers)).json()["items"][-1]
        assert (listed["pending"], listed["letter"]) == ("invitation", "sent")
        preview = await client.post("/api/auth/password/preview", json={"token": token})
        assert (preview.json()["name"], preview.json()["email"], preview.json()["purpose"]) == (
            "Dra. Nóra Ávila", "nova@clinica.example", "invitation",
        )  # fmt: skip
        assert await choose(client, token) == (204, None)
        assert outcome(await sign_in_with(client, "nova@clinica.example", None, CHOSEN)) == (200, None)
        listed = (await client.get("/api/users", headers=admin.headers)).json()["items"][-1]
        assert (listed["pending"], listed["letter"]) == (None, None)
        async with database.session() as session:
            done = (
                await session.execute(select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.seq))
            ).all()
        assert [tuple(row) for row in done[:3]] == [
            ("user:created", admin.id),
            ("user:invited", admin.id),
            ("user:password_changed", UUID(str(made["id"]))),
        ]

    async def test_looking_at_it_changes_nothing(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        await invite(client, admin)
        token = await worker.token()
        for _ in range(5):
            assert (await client.post("/api/auth/password/preview", json={"token": token})).status_code == 200
        assert await choose(client, token) == (204, None)

    async def test_it_works_once(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        await invite(client, admin)
        token = await worker.token()
        answers = await asyncio.gather(*(choose(client, token, f"girassol azul {n}") for n in range(4)))
        assert sorted(answers, key=str) == [(204, None)] + [(410, "link_used")] * 3
        assert await choose(client, token) == (410, "link_used")

    async def test_a_weak_password_leaves_it_usable(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        await invite(client, admin)
        token = await worker.token()
        assert await choose(client, token, "senha123") == (422, "weak_password")
        assert await choose(client, token) == (204, None)

    async def test_it_ends(self, app: FastAPI, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        await invite(client, admin)
        token = await worker.token()
        time = Time(app)
        time.pass_by(days=7, seconds=-5)
        assert (await client.post("/api/auth/password/preview", json={"token": token})).status_code == 200
        time.pass_by(seconds=6)  # the token's own leeway is not ours
        assert await choose(client, token) == (410, "expired")
        time.pass_by(minutes=1)
        assert await choose(client, token) == (410, "expired")

    async def test_a_newer_one_replaces_it(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        made = await invite(client, admin)
        first = await worker.token()
        assert await again(client, admin, made["id"]) == (202, None)
        second = await worker.token()
        assert await choose(client, first) == (410, "revoked")
        assert await choose(client, second) == (204, None)

    async def test_a_password_given_by_the_admin_replaces_it(
        self, client: AsyncClient, admin: Staff, worker: Worker
    ) -> None:
        made = await invite(client, admin)
        token = await worker.token()
        change = {"password": "lampião verde 31"}
        changed = await client.patch(f"/api/users/{made['id']}", json=change, headers=admin.headers)
        assert changed.json()["pending"] is None
        assert await choose(client, token) == (410, "revoked")

    async def test_the_disabled_choose_nothing(self, client: AsyncClient, admin: Staff, worker: Worker) -> None:
        made = await invite(client, admin)
        token = await worker.token()
        await client.patch(f"/api/users/{made['id']}", json={"disabled": True}, headers=admin.headers)
        assert await choose(client, token) == (410, "revoked")
        assert await again(client, admin, made["id"]) == (409, "conflict")

    async def test_strangers_links_are_no_links(self, client: AsyncClient, tokens: Tokens, build: Builder) -> None:
        room = await build.room()
        later = now() + timedelta(hours=1)
        for raw in ("x", room.patient.link_token, room.doctor.token, tokens.issue("password", "x", later)):
            assert await choose(client, raw) == (401, "invalid_link")
        assert await choose(client, tokens.issue("password", str(new_id()), later)) == (401, "invalid_link")


class TestReset:
    async def test_the_old_password_and_every_session_are_void_at_once(
        self, client: AsyncClient, admin: Staff, worker: Worker, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        assert await again(client, admin, doctor.id) == (202, None)
        assert outcome(await client.get("/api/auth/me", headers=doctor.headers)) == (401, "session_ended")
        assert outcome(await sign_in_with(client, doctor.email, None, PASSWORD)) == (401, "invalid_credentials")
        token = await worker.token()
        assert worker.sender.sent[-1].to_email == doctor.email
        assert await choose(client, token) == (204, None)
        assert outcome(await sign_in_with(client, doctor.email, None, CHOSEN)) == (200, None)
        async with database.session() as session:
            assert "user:password_reset" in (await session.scalars(select(AuditEntry.action))).all()

    async def test_the_last_admin_cannot_lose_the_way_in(self, client: AsyncClient, build: Builder) -> None:
        admin = await build.staff("admin")
        assert await again(client, admin, admin.id) == (409, "last_admin")
        assert await again(client, admin, new_id()) == (404, "not_found")

    async def test_an_admin_who_was_only_invited_does_not_count(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        admin = await build.staff("admin")
        await invite(client, admin, role="admin")
        change = {"disabled": True}
        answer = await client.patch(f"/api/users/{admin.id}", json=change, headers=admin.headers)
        assert outcome(answer) == (409, "last_admin")


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
        from sqlalchemy import text

        await invite(client, admin)
        async with database.session() as session:
            await session.execute(text("DELETE FROM pgqueuer"))
        await letters.sweep(lambda: now() + timedelta(minutes=1))(database)
        async with database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 1
