"""Signing in: one answer for every wrong credential, and a session for the right one."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth.models import RefreshToken, StaffSession, Throttle, User
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import PASSWORD, Builder


async def sign_in(client: AsyncClient, email: str, password: str = PASSWORD) -> Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


async def test_the_right_password_gives_a_token_and_a_cookie(client: AsyncClient, build: Builder) -> None:
    doctor = await build.staff()
    answer = await sign_in(client, doctor.email.upper())
    assert answer.status_code == 200
    body = answer.json()
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 600
    assert body["user"]["id"] == str(doctor.id)
    me = await client.get("/api/auth/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.status_code == 200
    assert me.json() == body["user"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: AsyncClient, build: Builder) -> None:
    doctor = await build.staff()
    cookie = (await sign_in(client, doctor.email)).headers["set-cookie"]
    assert cookie.startswith("__Host-tc_refresh=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes >= {"httponly", "secure", "path=/", "samesite=strict"}
    assert not any(part.startswith("domain") for part in attributes)
    assert "max-age=43200" in attributes or "max-age=43199" in attributes


async def test_every_wrong_credential_gets_the_same_answer(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    doctor, disabled = await build.staff(), await build.staff()
    async with database.session() as session:
        (await session.get_one(User, disabled.id)).disabled_at = now()
    answers = [
        await sign_in(client, doctor.email, "not the password"),
        await sign_in(client, "nobody@clinica.example"),
        await sign_in(client, disabled.email),
        await sign_in(client, "no address at all"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = [answer.json() for answer in answers]
    for body in bodies:
        body.pop("request_id")
    assert bodies == [bodies[0]] * 4
    assert bodies[0]["code"] == "invalid_credentials"
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_signing_in_and_failing_to_are_recorded_once_each(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    doctor = await build.staff()
    await sign_in(client, doctor.email)
    await sign_in(client, doctor.email, "not the password")
    async with database.session() as session:
        rows = (await session.execute(select(AuditEntry.action, AuditEntry.ip_hash).order_by(AuditEntry.seq))).all()
    assert [row.action for row in rows] == ["session:opened", "session:refused"]
    assert all(row.ip_hash and len(row.ip_hash) == 32 for row in rows)


async def test_nothing_in_the_tables_can_be_used_to_sign_in(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    doctor = await build.staff()
    answer = await sign_in(client, doctor.email)
    cookie = answer.cookies["__Host-tc_refresh"]
    async with database.session() as session:
        kept = (await session.scalars(select(RefreshToken.token_hash))).all()
        hashed = await session.scalar(select(User.password_hash))
    assert cookie.encode() not in kept
    assert len(kept[0]) == 32
    assert hashed is not None
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_each_sign_in_is_a_session_of_its_own(client: AsyncClient, build: Builder, database: Database) -> None:
    doctor = await build.staff()
    first = await sign_in(client, doctor.email)
    second = await sign_in(client, doctor.email)  # with the first one's cookie: it is not taken over
    assert first.cookies["__Host-tc_refresh"] != second.cookies["__Host-tc_refresh"]
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(StaffSession)) == 3  # and the builder's


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@b.example"},
        {"email": "a@b.example", "password": 7},
        {"email": "a@b.example", "password": "x" * 2000},
        {"email": "a@b.example", "password": "x", "role": "admin"},
        [],
    ],
)
async def test_a_crooked_body_is_named_field_by_field(client: AsyncClient, body: object) -> None:
    answer = await client.post("/api/auth/login", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "validation"
    assert all(error["field"] is not None and error["code"] for error in answer.json()["errors"])
    assert "xxxx" not in answer.text


async def test_the_time_it_takes_does_not_tell_which_accounts_exist(app: FastAPI, build: Builder) -> None:
    from tests.kernel.clients import client_from

    known: list[float] = []
    unknown: list[float] = []
    doctors = [await build.staff() for _ in range(25)]
    async with client_from(app, "198.51.100.7") as client:
        app.state.limits._factor = 100
        await sign_in(client, "warm@clinica.example")
        for number, doctor in enumerate(doctors):
            for spent, email in ((known, doctor.email), (unknown, f"nobody{number}@clinica.example")):
                started = perf_counter()
                assert (await sign_in(client, email, "not the password")).status_code == 401
                spent.append(perf_counter() - started)
    # Generous: the machine is shared. A missing hash would be an order of magnitude.
    assert abs(median(known) - median(unknown)) < 0.5 * max(median(known), median(unknown))


async def test_the_throttle_keeps_no_names(client: AsyncClient, build: Builder, database: Database) -> None:
    doctor = await build.staff()
    await sign_in(client, doctor.email, "not the password")
    async with database.session() as session:
        keys = (await session.scalars(select(Throttle.key))).all()
    assert [len(key) for key in keys] == [32, 32]
