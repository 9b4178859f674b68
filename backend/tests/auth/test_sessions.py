"""Where somebody is signed in, and out of there: of oneself, and of nobody else."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from tests.auth.enrolled import Time, bearer, outcome, sign_in_with
from tests.builders import Builder, Staff

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.fixture
async def doctor(build: Builder) -> Staff:
    """With one session already: the builder's."""
    return await build.staff()


async def sessions(client: AsyncClient, headers: dict[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await client.get("/api/auth/sessions", headers=headers)).json()["items"]
    return found


async def test_one_sees_where_one_is_signed_in(client: AsyncClient, doctor: Staff, build: Builder) -> None:
    await build.staff()  # somebody else's session is not in the list
    client.headers["User-Agent"] = PHONE
    phone = bearer(await sign_in_with(client, doctor.email, None))
    found = await sessions(client, phone)
    assert [(one["device"], one["browser"], one["current"]) for one in found] == [
        ("phone", "chrome", True),
        ("unknown", "other", False),
    ]
    assert [one["current"] for one in await sessions(client, doctor.headers)] == [False, True]


async def test_sessions_asleep_are_not_listed(app: FastAPI, client: AsyncClient, doctor: Staff) -> None:
    time = Time(app)
    time.pass_by(minutes=9)
    here = bearer(await sign_in_with(client, doctor.email, None))
    assert len(await sessions(client, here)) == 2
    time.pass_by(minutes=9, seconds=50)
    assert len(await sessions(client, here)) == 2
    time.pass_by(minutes=20)
    client.cookies.clear()
    fresh = bearer(await sign_in_with(client, doctor.email, None))
    assert [one["current"] for one in await sessions(client, fresh)] == [True, False]


async def test_one_device_is_signed_out(client: AsyncClient, doctor: Staff, database: Database) -> None:
    other = await sign_in_with(client, doctor.email, None)
    cookie = {"Cookie": f"__Host-tc_refresh={other.cookies['__Host-tc_refresh']}"}
    client.cookies.clear()
    gone = next(one["id"] for one in await sessions(client, doctor.headers) if not one["current"])
    assert (await client.delete(f"/api/auth/sessions/{gone}", headers=doctor.headers)).status_code == 204
    assert outcome(await client.get("/api/auth/me", headers=bearer(other))) == (401, "session_ended")
    assert outcome(await client.post("/api/auth/refresh", headers=cookie)) == (401, "session_ended")
    again = await client.delete(f"/api/auth/sessions/{gone}", headers=doctor.headers)
    assert outcome(again) == (404, "not_found")
    async with database.session() as session:
        closed = select(AuditEntry).where(AuditEntry.action == "session:closed")
        (entry,) = (await session.scalars(closed)).all()
    assert (entry.actor_id, str(entry.target_id), entry.details) == (doctor.id, gone, {"reason": "ended_by_owner"})


async def test_somebody_elses_session_does_not_exist(client: AsyncClient, doctor: Staff, build: Builder) -> None:
    stranger = await build.staff()
    answer = await client.delete(f"/api/auth/sessions/{stranger.session_id}", headers=doctor.headers)
    assert outcome(answer) == (404, "not_found")
    assert outcome(await client.get("/api/auth/me", headers=stranger.headers)) == (200, None)


async def test_all_others_are_signed_out_at_once(client: AsyncClient, doctor: Staff, build: Builder) -> None:
    stranger = await build.staff()
    others = [bearer(await sign_in_with(client, doctor.email, None)) for _ in range(3)]
    assert (await client.delete("/api/auth/sessions", headers=doctor.headers)).status_code == 204
    for headers in others:
        assert outcome(await client.get("/api/auth/me", headers=headers)) == (401, "session_ended")
    assert [one["current"] for one in await sessions(client, doctor.headers)] == [True]
    assert outcome(await client.get("/api/auth/me", headers=stranger.headers)) == (200, None)
