"""Administrators do nothing before they have a second factor, but in a demonstration."""

from __future__ import annotations

from pathlib import Path

from httpx import AsyncClient

from teleconsulta.auth.models import User
from teleconsulta.auth.sessions import must_enrol
from tests.auth.enrolled import Time, bearer, enrol, outcome, sign_in_with
from tests.builders import Builder
from tests.support import settings_for


async def test_without_one_they_may_set_one_up_and_nothing_else(
    client: AsyncClient, build: Builder, time: Time
) -> None:
    admin = await build.staff("admin")
    answer = await sign_in_with(client, admin.email, None)
    assert answer.json()["must_enrol"] is True
    half = bearer(answer)
    for path in ("/api/users", "/api/audit", "/api/calls", "/api/rooms", "/api/webrtc/stats"):
        assert outcome(await client.get(path, headers=half)) == (403, "second_factor_required"), path
    for path in ("/api/auth/me", "/api/auth/totp", "/api/auth/sessions"):
        assert outcome(await client.get(path, headers=half)) == (200, None), path
    cookie = {"Cookie": f"__Host-tc_refresh={answer.cookies['__Host-tc_refresh']}"}
    client.cookies.clear()
    await enrol(client, half, time)
    renewed = await client.post("/api/auth/refresh", headers=cookie)
    assert renewed.json()["must_enrol"] is False
    assert outcome(await client.get("/api/users", headers=bearer(renewed))) == (200, None)


async def test_a_refresh_before_gives_no_more_than_the_sign_in(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    await sign_in_with(client, admin.email, None)
    renewed = await client.post("/api/auth/refresh")
    assert renewed.json()["must_enrol"] is True
    assert outcome(await client.get("/api/users", headers=bearer(renewed))) == (403, "second_factor_required")


async def test_who_takes_theirs_away_is_signed_out(client: AsyncClient, build: Builder, time: Time) -> None:
    admin = await build.staff("admin")
    phone = await enrol(client, admin.headers, time)
    body = {"code": phone.recovery[0]}
    assert (await client.request("DELETE", "/api/auth/totp", json=body, headers=admin.headers)).status_code == 204
    assert outcome(await client.get("/api/users", headers=admin.headers)) == (401, "session_ended")


def test_a_demonstration_asks_nobody_for_one(tmp_path: Path) -> None:
    admin = User(role="admin", totp_confirmed_at=None)
    assert must_enrol(settings_for("postgresql://nowhere/none", tmp_path), admin)
    assert not must_enrol(settings_for("postgresql://nowhere/none", tmp_path, demo=True), admin)
    assert not must_enrol(
        settings_for("postgresql://nowhere/none", tmp_path), User(role="doctor", totp_confirmed_at=None)
    )
