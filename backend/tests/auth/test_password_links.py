"""Links to choose a password: once, in time, only the newest, and sent by a letter that nobody else reads."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.tokens import Tokens
from tests.auth.enrolled import Time, outcome, sign_in_with
from tests.auth.inviting import Worker, again, invite
from tests.builders import PASSWORD, Builder, Staff

CHOSEN = "girassol azul 77"


async def choose(client: AsyncClient, token: str, password: str = CHOSEN) -> tuple[int, str | None]:
    return outcome(await client.post("/api/auth/password", json={"token": token, "password": password}))


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
