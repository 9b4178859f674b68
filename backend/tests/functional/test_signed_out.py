"""Whoever signs out, or is shut out, loses their sockets within the second; a room keeps a session awake."""

from __future__ import annotations

import asyncio

import pytest
from httpx import AsyncClient

from teleconsulta.main import sessions_in_rooms
from tests.auth.test_login import sign_in
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Refused

pytestmark = pytest.mark.slow


async def test_signing_out_cuts_the_dashboard(visit: Visit, build: Builder) -> None:
    doctor = await build.staff()
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        answer = await sign_in(client, doctor.email)
        token = answer.json()["access_token"]
        # The cookie is meant for https; this server listens in the clear.
        cookie = answer.headers["set-cookie"].split(";")[0]
        dashboard = await visit.join(token)
        async with asyncio.timeout(5):
            await client.post("/api/auth/logout", headers={"Cookie": cookie})
            assert (await dashboard.hears("session_revoked"))["code"] == "signed_out"


async def test_being_disabled_cuts_the_call_page(visit: Visit, build: Builder) -> None:
    admin, room = await build.staff("admin"), await build.room()
    doctor = await visit.doctor(room)
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        async with asyncio.timeout(5):
            await client.patch(f"/api/users/{room.doctor.id}", json={"disabled": True}, headers=admin.headers)
            assert (await doctor.hears("session_revoked"))["code"] == "signed_out"


@pytest.mark.parametrize("which", ["one", "all others"])
async def test_a_session_ended_from_elsewhere_loses_its_dashboard_within_a_second(
    visit: Visit, build: Builder, which: str
) -> None:
    doctor = await build.staff()
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        other = (await sign_in(client, doctor.email)).json()["access_token"]
        theirs, mine = await visit.join(other), await visit.join(doctor.token)
        listed = (await client.get("/api/auth/sessions", headers=doctor.headers)).json()["items"]
        path = "" if which == "all others" else "/" + next(one["id"] for one in listed if not one["current"])
        await client.delete(f"/api/auth/sessions{path}", headers=doctor.headers)
        async with asyncio.timeout(1):
            assert (await theirs.hears("session_revoked"))["code"] == "signed_out"
        assert not mine.gone.is_set()


async def test_who_has_still_to_set_up_a_second_factor_gets_no_dashboard(visit: Visit, build: Builder) -> None:
    admin = await build.staff("admin")
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        token = (await sign_in(client, admin.email)).json()["access_token"]
    with pytest.raises(Refused) as refusal:
        await visit.join(token)
    assert refusal.value.code == "unauthorized"


async def test_only_a_room_keeps_a_session_awake(visit: Visit, build: Builder) -> None:
    room, other = await build.room(), await build.staff()
    await visit.doctor(room)
    await visit.join(other.token)
    assert sessions_in_rooms(visit.live.app) == {room.doctor.session_id}
