"""The refresh token: used once, forgiven within seconds, and fatal for its session when a stranger brings it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth.keeper import SessionKeeper
from teleconsulta.auth.models import StaffSession
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.auth.test_login import sign_in
from tests.builders import Builder, Staff

COOKIE = "__Host-tc_refresh"


@pytest.fixture
async def doctor(build: Builder) -> Staff:
    return await build.staff()


async def refresh(client: AsyncClient, cookie: str | None) -> Response:
    client.cookies.clear()
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    return await client.post("/api/auth/refresh", headers=headers)


def later(app: FastAPI, **spans: float) -> None:
    """Move the server's clock."""
    ahead = timedelta(**spans)
    app.state.clock = lambda: now() + ahead


async def me(client: AsyncClient, token: str) -> Response:
    return await client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})


async def test_a_refresh_gives_a_new_pair(client: AsyncClient, doctor: Staff) -> None:
    first = await sign_in(client, doctor.email)
    second = await refresh(client, first.cookies[COOKIE])
    assert second.status_code == 200
    assert second.cookies[COOKIE] != first.cookies[COOKIE]
    assert second.json()["access_token"] != first.json()["access_token"]
    assert (await me(client, second.json()["access_token"])).status_code == 200


async def test_two_tabs_may_send_the_same_token_at_once(client: AsyncClient, doctor: Staff) -> None:
    cookie = (await sign_in(client, doctor.email)).cookies[COOKIE]
    client.cookies.clear()
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    answers = await asyncio.gather(*(client.post("/api/auth/refresh", headers=headers) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6


async def test_a_token_that_comes_back_later_ends_the_session_for_both(
    app: FastAPI, client: AsyncClient, doctor: Staff, database: Database
) -> None:
    stolen = (await sign_in(client, doctor.email)).cookies[COOKIE]
    owner = await refresh(client, stolen)
    later(app, seconds=11)
    thief = await refresh(client, stolen)
    assert (thief.status_code, thief.json()["code"]) == (401, "session_ended")
    assert (await refresh(client, owner.cookies[COOKIE])).json()["code"] == "session_ended"
    ended = await me(client, owner.json()["access_token"])
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    async with database.session() as session:
        actions = (await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))).all()
    assert actions == ["session:opened", "session:refresh_reused"]


async def test_a_session_falls_asleep_after_half_an_hour(app: FastAPI, client: AsyncClient, doctor: Staff) -> None:
    cookie = (await sign_in(client, doctor.email)).cookies[COOKIE]
    later(app, minutes=31)
    assert (await refresh(client, cookie)).json()["code"] == "session_ended"
    later(app)
    assert (await refresh(client, cookie)).json()["code"] == "session_ended"


async def test_a_call_of_ninety_minutes_is_not_logged_out(app: FastAPI, client: AsyncClient, doctor: Staff) -> None:
    answer = await sign_in(client, doctor.email)
    for minutes in range(8, 97, 8):
        later(app, minutes=minutes)
        answer = await refresh(client, answer.cookies[COOKIE])
        assert answer.status_code == 200
        assert (await me(client, answer.json()["access_token"])).status_code == 200


async def test_nobody_stays_for_more_than_twelve_hours(app: FastAPI, client: AsyncClient, doctor: Staff) -> None:
    answer = await sign_in(client, doctor.email)
    for minutes in range(25, 12 * 60, 25):
        later(app, minutes=minutes)
        answer = await refresh(client, answer.cookies[COOKIE])
    assert answer.status_code == 200
    assert answer.json()["expires_in"] <= 600
    later(app, hours=12, seconds=1)
    assert (await refresh(client, answer.cookies[COOKIE])).json()["code"] == "session_ended"


async def test_signing_out_ends_the_access_token_too(client: AsyncClient, doctor: Staff) -> None:
    answer = await sign_in(client, doctor.email)
    out = await client.post("/api/auth/logout")
    assert out.status_code == 204
    assert "max-age=0" in out.headers["set-cookie"].lower()
    assert (await me(client, answer.json()["access_token"])).json()["code"] == "session_ended"
    assert (await refresh(client, answer.cookies[COOKIE])).json()["code"] == "session_ended"


@pytest.mark.parametrize(("cookie", "code"), [(None, "unauthorized"), ("made-up", "session_ended")])
async def test_without_a_token_of_ours_there_is_nothing(client: AsyncClient, cookie: str | None, code: str) -> None:
    answer = await refresh(client, cookie)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert (await client.post("/api/auth/logout")).status_code == 204


async def test_one_device_that_signs_out_leaves_the_other_in(
    client: AsyncClient, doctor: Staff, database: Database
) -> None:
    phone = await sign_in(client, doctor.email)
    client.cookies.clear()
    await sign_in(client, doctor.email)
    await client.post("/api/auth/logout")
    assert (await me(client, phone.json()["access_token"])).status_code == 200
    async with database.session() as session:
        reasons = (await session.scalars(select(StaffSession.end_reason).order_by(StaffSession.id))).all()
    assert reasons == [None, None, "signed_out"]


class TestSessionKeeper:
    async def test_whoever_sits_in_a_room_is_not_logged_out_under_the_call(
        self, app: FastAPI, client: AsyncClient, doctor: Staff, database: Database
    ) -> None:
        """The page of a call asks the server for nothing, for as long as the call lasts."""
        cookie = (await sign_in(client, doctor.email)).cookies[COOKIE]
        async with database.session() as session:
            ids = set((await session.scalars(select(StaffSession.id))).all())
        keeper = SessionKeeper(database, lambda: ids, lambda: app.state.clock())
        for minutes in range(5, 91, 5):
            later(app, minutes=minutes)
            await keeper.keep()
        assert (await refresh(client, cookie)).status_code == 200

    async def test_what_has_ended_stays_ended(self, client: AsyncClient, doctor: Staff, database: Database) -> None:
        answer = await sign_in(client, doctor.email)
        await client.post("/api/auth/logout")
        async with database.session() as session:
            ids = set((await session.scalars(select(StaffSession.id))).all())
        await SessionKeeper(database, lambda: ids, now).keep()
        assert (await refresh(client, answer.cookies[COOKIE])).json()["code"] == "session_ended"

    async def test_a_database_that_is_away_is_asked_again_later(self) -> None:
        database = Database("postgresql://nobody@127.0.0.1:1/none")
        await SessionKeeper(database, lambda: {uuid4()}, now).keep()
        await SessionKeeper(database, set, now).keep()
        await database.close()
