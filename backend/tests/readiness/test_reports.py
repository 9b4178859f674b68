"""A test by the link alone: kept, shown to the doctor, told in the reminder, and deleted after ninety days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.readiness.models import ReadinessReport
from teleconsulta.readiness.sweep import sweep
from tests.builders import Builder, Staff
from tests.consultations.booking import book, close
from tests.consultations.letterbox import Letterbox

TESTS, TROUBLES = "/api/readiness/tests", "/api/readiness/troubles"
FACTS = {
    "camera": True,
    "microphone": True,
    "speaker": True,
    "websocket": True,
    "paths": {"direct": "blocked", "relay_udp": "blocked", "relay_tcp": "ok", "relay_tls": "unknown"},
    "down_kbps": 4200,
    "up_kbps": 900,
    "clock_offset_s": 0,
    "device": "phone",
}


@pytest.fixture
async def doctor(build: Builder) -> Staff:
    return await build.staff()


@pytest.fixture
def start() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
async def room(client: AsyncClient, doctor: Staff, start: datetime) -> dict[str, Any]:
    """Booked for three days ahead."""
    return await book(client, doctor, start)


def token(room: dict[str, Any]) -> str:
    return str(room["invitations"][0]["link"]).split("#")[1]


async def tested(client: AsyncClient, room: dict[str, Any], *causes: str) -> Any:
    return await client.post(TESTS, json={"token": token(room), "causes": causes, "facts": FACTS})


async def shown(client: AsyncClient, doctor: Staff, room: dict[str, Any]) -> Any:
    answer = await client.get(f"/api/rooms/{room['id']}", headers=doctor.headers)
    return answer.json()["invitations"][0]["readiness"]


async def rows(database: Database) -> list[ReadinessReport]:
    async with database.session() as session:
        return list(await session.scalars(select(ReadinessReport).order_by(ReadinessReport.made_at)))


async def test_long_before_the_window_it_is_kept_and_the_agenda_shows_the_last_one(
    client: AsyncClient, doctor: Staff, room: dict[str, Any], database: Database
) -> None:
    assert await shown(client, doctor, room) is None
    first = await tested(client, room, "udp_blocked", "no_device")
    assert (first.status_code, first.json()["light"], first.json()["causes"]) == (
        201,
        "red",
        ["no_device", "udp_blocked"],
    )
    assert (await tested(client, room, "udp_blocked")).json()["light"] == "amber"
    assert (await shown(client, doctor, room))["causes"] == ["udp_blocked"]
    kept = (await rows(database))[-1]
    assert kept.facts["paths"]["relay_tcp"] == "ok"
    assert kept.expires_at - kept.made_at == timedelta(days=90)


async def test_what_is_no_cause_or_no_link_is_refused(client: AsyncClient, room: dict[str, Any]) -> None:
    assert (await tested(client, room, "flux_capacitor")).status_code == 422
    answer = await client.post(TESTS, json={"token": "x", "causes": [], "facts": FACTS})
    assert answer.json()["code"] == "invalid_link"


async def test_a_red_test_changes_the_reminder_and_a_green_one_changes_it_back(
    client: AsyncClient, room: dict[str, Any], database: Database, settings: Settings, start: datetime
) -> None:
    letterbox = Letterbox(database, settings, now())
    (invitation,) = await letterbox.empty()
    assert f"/paciente/{room['id']}/teste#" in invitation.text
    await tested(client, room, "udp_blocked", "silent_microphone")
    (day,) = await letterbox.at(start - timedelta(days=1))
    assert "o microfone não captou som" in day.text
    assert "Testar agora" in day.text
    await tested(client, room, "udp_blocked")
    (soon,) = await letterbox.at(start - timedelta(minutes=15))
    assert "último teste" not in soon.text


@pytest.mark.parametrize("gone", ["expired", "revoked", "room_closed"])
async def test_a_link_that_opens_nothing_still_says_so(
    client: AsyncClient, app: FastAPI, doctor: Staff, room: dict[str, Any], database: Database, gone: str
) -> None:
    link = token(room)
    if gone == "expired":
        over = datetime.fromisoformat(room["closes_at"]) + timedelta(hours=23)
        app.state.clock = lambda: over
    elif gone == "revoked":
        await client.delete(f"/api/invitations/{room['invitations'][0]['id']}", headers=doctor.headers)
    else:
        await close(client, doctor, room, "completed")
    answer = await client.post(TROUBLES, json={"token": link, "cause": gone, "wants_phone": True})
    assert answer.status_code == 204, answer.text
    (kept,) = await rows(database)
    assert (kept.kind, kept.causes, kept.wants_phone) == ("trouble", [gone], True)


async def test_a_day_after_its_time_a_link_says_nothing_any_more(
    client: AsyncClient, app: FastAPI, room: dict[str, Any]
) -> None:
    long_over = datetime.fromisoformat(room["closes_at"]) + timedelta(hours=25)
    app.state.clock = lambda: long_over
    answer = await client.post(TROUBLES, json={"token": token(room), "cause": "expired"})
    assert (answer.status_code, answer.json()["code"]) == (410, "expired")


async def test_after_ninety_days_it_is_deleted(client: AsyncClient, room: dict[str, Any], database: Database) -> None:
    await tested(client, room)
    await sweep(lambda: now() + timedelta(days=89))(database)
    assert len(await rows(database)) == 1
    await sweep(lambda: now() + timedelta(days=90, minutes=1))(database)
    assert await rows(database) == []


async def test_going_on_by_telephone_is_told_by_the_room_and_the_audit_log(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    made = await build.room()
    for _ in range(2):
        answer = await client.post(f"/api/rooms/{made.room_id}/phone", headers=made.doctor.headers)
        assert (answer.status_code, answer.json()["channel"]) == (200, "phone")
    async with database.session() as session:
        from sqlalchemy import text

        events = (await session.scalars(text("SELECT event FROM room_events"))).all()
        actions = (await session.scalars(text("SELECT action FROM audit_entries"))).all()
    assert list(events) == ["continued_by_phone"]
    assert list(actions).count("call:continued_by_phone") == 1


async def test_a_sample_is_of_its_size(client: AsyncClient) -> None:
    answer = await client.get("/api/readiness/sample")
    assert len(answer.content) == 192 * 1024
    assert (await client.post("/api/readiness/sample", json={"pad": "x" * 1000})).status_code == 204
