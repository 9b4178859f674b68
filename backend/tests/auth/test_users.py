"""Who works at the clinic: only an administrator changes that, and what they take away is gone at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest
from httpx import AsyncClient
from sqlalchemy import select, update

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth import service
from teleconsulta.auth.demo import ensure_demo_accounts
from teleconsulta.auth.errors import EmailTaken, LastAdmin
from teleconsulta.auth.models import User
from teleconsulta.auth.schemas import UserCreate
from teleconsulta.kernel.announcements import CHANNEL
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from tests.auth.test_login import sign_in
from tests.builders import PASSWORD, Builder
from tests.support import settings_for

NEW = {"email": "Nova@clinica.example", "name": "Dra. Nóra Ávila", "role": "doctor", "password": "girassol azul 77"}


async def test_an_admin_adds_a_doctor_who_can_sign_in(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    answer = await client.post("/api/users", json={**NEW, "council": "CRM/RJ 9"}, headers=admin.headers)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["email"], made["slug"], made["council"], made["disabled"]) == (
        "nova@clinica.example", "nora-avila", "CRM/RJ 9", False,
    )  # fmt: skip
    assert "password" not in answer.text
    assert (await sign_in(client, "nova@clinica.example", "girassol azul 77")).status_code == 200
    again = await client.post("/api/users", json=NEW, headers=admin.headers)
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


async def test_two_of_one_name_get_two_slugs(database: Database) -> None:
    async with database.session() as session:
        made = [
            await service.create_user(session, UserCreate.model_validate({**NEW, "email": f"n{n}@clinica.example"}))
            for n in range(3)
        ]
    assert [user.slug for user in made] == ["nora-avila", "nora-avila-2", "nora-avila-3"]


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("sete777", False),
        ("v7 " * 42 + "xyz", False),
        ("password1", False),
        ("Password1", False),
        ("12345678", False),
        ("senha123456", False),
        ("teleconsulta", False),
        ("Teleconsulta2026!", False),
        ("aaaaaaaaaaaa", False),
        ("nova@clinica.example", False),
        ("girassol", True),
        ("só letras minúsculas", True),
        ("çãõé€漢字🙂🙂", True),
        ("9f" * 3 + " correct horse battery staple, of sixty-four characters, yes!!", True),
        ("v7 " * 42 + "xy", True),
    ],
    ids=str,
)
async def test_what_is_guessed_early_is_refused(client: AsyncClient, build: Builder, password: str, good: bool) -> None:
    admin = await build.staff("admin")
    answer = await client.post("/api/users", json={**NEW, "password": password}, headers=admin.headers)
    if good:
        assert answer.status_code == 201, answer.text
        assert (await sign_in(client, "nova@clinica.example", password)).status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (422, "weak_password")
        assert password not in answer.text


@pytest.mark.parametrize(
    "change",
    [{"email": "no address"}, {"email": "a@b"}, {"name": "  "}, {"name": "a\x00b"}, {"role": "patient"}, {"id": "x"}],
)
async def test_a_user_must_make_sense(client: AsyncClient, build: Builder, change: dict[str, Any]) -> None:
    admin = await build.staff("admin")
    answer = await client.post("/api/users", json={**NEW, **change}, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert answer.json()["errors"][0]["field"] == next(iter(change))


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"password": "girassol azul 77"}, {"role": "admin"}], ids=lambda c: next(iter(c))
)
async def test_what_an_admin_takes_away_is_gone_at_once(
    client: AsyncClient, build: Builder, dsn: str, change: dict[str, Any]
) -> None:
    admin, doctor = await build.staff("admin"), await build.staff()
    cookie = (await sign_in(client, doctor.email)).cookies["__Host-tc_refresh"]
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(dsn)
    await listener.add_listener(CHANNEL, lambda *news: heard.put_nowait(news[-1]))
    assert (await client.patch(f"/api/users/{doctor.id}", json=change, headers=admin.headers)).status_code == 200
    news = orjson.loads(await asyncio.wait_for(heard.get(), 5))
    await listener.close()
    assert news == {"kind": "user_ended", "user_id": str(doctor.id)}
    assert (await client.get("/api/auth/me", headers=doctor.headers)).json()["code"] == "session_ended"
    client.cookies.clear()
    refreshed = await client.post("/api/auth/refresh", headers={"Cookie": f"__Host-tc_refresh={cookie}"})
    assert refreshed.json()["code"] == "session_ended"
    signed_in = await sign_in(client, doctor.email)
    assert signed_in.status_code == (200 if "role" in change else 401)


async def test_a_disabled_account_can_be_enabled_again(client: AsyncClient, build: Builder) -> None:
    admin, doctor = await build.staff("admin"), await build.staff()
    path = f"/api/users/{doctor.id}"
    await client.patch(path, json={"disabled": True}, headers=admin.headers)
    back = await client.patch(path, json={"disabled": False, "name": "Dr. Ivo"}, headers=admin.headers)
    assert (back.json()["disabled"], back.json()["name"]) == (False, "Dr. Ivo")
    assert (await sign_in(client, doctor.email)).status_code == 200


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "doctor"}], ids=lambda c: next(iter(c)))
async def test_the_last_admin_stays(client: AsyncClient, build: Builder, change: dict[str, Any]) -> None:
    admin = await build.staff("admin")
    answer = await client.patch(f"/api/users/{admin.id}", json=change, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await client.get("/api/auth/me", headers=admin.headers)).status_code == 200


async def test_two_admins_cannot_remove_each_other_at_once(client: AsyncClient, build: Builder) -> None:
    one, two = await build.staff("admin"), await build.staff("admin")
    answers = await asyncio.gather(
        client.patch(f"/api/users/{two.id}", json={"disabled": True}, headers=one.headers),
        client.patch(f"/api/users/{one.id}", json={"disabled": True}, headers=two.headers),
    )
    assert 200 in {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} <= {200, 401, 409}
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_everybody_is_listed_page_by_page(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    ids = [str(admin.id)] + [str((await build.staff()).id) for _ in range(4)]
    seen: list[str] = []
    cursor = ""
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/users", params=query, headers=admin.headers)).json()
        seen += [user["id"] for user in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids
    for bad in ("x", "bm9wZQ", "%00"):
        answer = await client.get(f"/api/users?cursor={bad}", headers=admin.headers)
        assert answer.status_code == 422
    assert (await client.get("/api/users?limit=101", headers=admin.headers)).status_code == 422


async def test_nobody_is_404(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    answer = await client.patch(f"/api/users/{uuid4()}", json={"name": "x"}, headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_every_change_is_recorded_once(client: AsyncClient, build: Builder, database: Database) -> None:
    admin, doctor = await build.staff("admin"), await build.staff()
    for change in ({"name": "Dr. Ivo"}, {"password": "girassol azul 77"}, {"disabled": True}, {"disabled": False}):
        await client.patch(f"/api/users/{doctor.id}", json=change, headers=admin.headers)
    async with database.session() as session:
        rows = (await session.scalars(select(AuditEntry).order_by(AuditEntry.seq))).all()
    assert [row.action for row in rows] == [
        "user:changed", "user:password_changed", "user:disabled", "user:changed",
    ]  # fmt: skip
    assert {(row.actor_id, row.target_type, row.target_id) for row in rows} == {(admin.id, "user", doctor.id)}
    assert "Ivo" not in str([row.details for row in rows])


class TestForTheCommandLine:
    async def test_a_password_is_reset(self, database: Database, settings: Settings, build: Builder) -> None:
        doctor = await build.staff()
        async with database.session() as session:
            user = await service.reset_password(session, settings, doctor.email.upper(), "girassol azul 77")
            assert user.id == doctor.id

    async def test_an_account_is_disabled(self, database: Database, build: Builder) -> None:
        await build.staff("admin")
        doctor = await build.staff()
        async with database.session() as session:
            assert (await service.disable_user(session, doctor.email)).disabled_at is not None

    async def test_the_last_admin_is_not(self, database: Database, build: Builder) -> None:
        admin = await build.staff("admin")
        with pytest.raises(LastAdmin):
            async with database.session() as session:
                await service.disable_user(session, admin.email)

    async def test_an_address_is_taken_once(self, database: Database) -> None:
        async with database.session() as session:
            await service.create_user(session, UserCreate.model_validate(NEW))
            with pytest.raises(EmailTaken):
                await service.create_user(session, UserCreate.model_validate(NEW))


class TestDemoAccounts:
    async def test_they_keep_their_random_password_between_starts(
        self, database: Database, dsn: str, tmp_path: Path
    ) -> None:
        settings = settings_for(dsn, tmp_path, demo=True)
        passwords = []
        for _ in range(2):
            async with database.session() as session:
                passwords.append(await ensure_demo_accounts(session, settings))
        assert passwords[0] == passwords[1]
        assert len(passwords[0]) >= 16
        kept = settings.var_dir / "demo_password"
        assert kept.stat().st_mode & 0o777 == 0o600

    async def test_a_chosen_password_replaces_the_old_one(
        self, client: AsyncClient, database: Database, dsn: str, tmp_path: Path
    ) -> None:
        for password in (PASSWORD, "senha123"):
            async with database.session() as session:
                await ensure_demo_accounts(session, settings_for(dsn, tmp_path, demo=True, demo_password=password))
            async with database.session() as session:  # as a visitor may leave them
                await session.execute(
                    update(User).values(disabled_at=now(), totp_sealed=b"x", totp_confirmed_at=now(), pending="reset")
                )
        async with database.session() as session:
            await ensure_demo_accounts(session, settings_for(dsn, tmp_path, demo=True, demo_password="senha123"))
        answer = await sign_in(client, "medica@demo.local", "senha123")
        assert answer.json()["user"]["name"] == "Dra. Helena Prado"
        assert (await sign_in(client, "admin@demo.local", "senha123")).json()["user"]["role"] == "admin"
