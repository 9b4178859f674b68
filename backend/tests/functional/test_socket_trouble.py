"""What is in a patient's way is on the doctor's screens at once, by socket or without one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from teleconsulta.kernel.causes import CAUSES
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Consultation
from tests.functional.conftest import Visit
from tests.functional.live import Person


@pytest.fixture
async def room(visit: Visit, build: Builder) -> Consultation:
    await asyncio.wait_for(visit.live.app.state.signaling.listening(), 5)
    return await build.room()


def trouble(cause: str | None) -> Any:
    """A picture of the queue that shows this cause."""
    return lambda queue: any(one["trouble"] == cause and one["trouble_at"] for one in queue["readiness"])


async def beacon(visit: Visit, **wish: Any) -> None:
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        answer = await client.post("/api/readiness/troubles", json=wish)
    assert answer.status_code == 204, answer.text


async def hears(feed: Person, cause: str | None, after: int) -> Any:
    async with asyncio.timeout(2):
        queue = await feed.hears("queue_updated", after, where=trouble(cause))
    return queue["readiness"][0]


async def test_every_cause_by_the_link_alone_within_two_seconds(visit: Visit, room: Consultation) -> None:
    feed = await visit.join(room.doctor.token)
    for cause in CAUSES:
        after = len(feed.heard)
        await beacon(visit, token=room.patient.link_token, cause=cause)
        seen = await hears(feed, cause, after)
        assert (seen["participant_id"], seen["name"]) == (str(room.patient.participant_id), "Benedita Quaresma")
    after = len(feed.heard)
    await beacon(visit, token=room.patient.link_token, cause=None)
    await hears(feed, None, after)


async def test_over_the_socket_to_dashboard_and_room_and_on_record(
    visit: Visit, room: Consultation, database: Database
) -> None:
    feed = await visit.join(room.doctor.token)
    patient, doctor = await visit.patient(room), await visit.doctor(room)
    await doctor.state()
    for cause in (*CAUSES[:3], None):
        after = len(feed.heard)
        assert (await patient.says("trouble", cause=cause))["ok"]
        await hears(feed, cause, after)
        await doctor.hears("trouble_told", cause=cause, participant_id=room.patient.participant_id)
    assert (await patient.says("trouble", cause="flux_capacitor"))["code"] == "bad_message"
    assert (await patient.says("trouble", cause="no_device", wants_phone=True))["ok"]
    await doctor.hears("trouble_told", wants_phone=True)
    await visit.live.recorder.settled()
    async with database.session() as session:
        lines = (await session.execute(text("SELECT event, detail FROM room_events WHERE event <> 'arrived'"))).all()
    assert [tuple(line) for line in lines] == [
        *(("trouble", cause) for cause in CAUSES[:3]),
        ("trouble_over", None),
        ("phone_wished", "no_device"),
    ]


async def test_a_dashboard_that_opens_later_knows_and_a_stranger_hears_nothing(
    visit: Visit, build: Builder, room: Consultation
) -> None:
    await beacon(visit, token=room.patient.link_token, cause="camera_busy")
    stranger = await visit.join((await build.staff()).token)
    feed = await visit.join(room.doctor.token)
    assert (await feed.hears("queue_updated"))["readiness"][0]["trouble"] == "camera_busy"
    assert (await stranger.hears("queue_updated"))["readiness"] == []


async def test_too_many_words_are_refused(visit: Visit, room: Consultation) -> None:
    patient = await visit.patient(room)
    codes = [(await patient.says("trouble", cause=None)).get("code") for _ in range(12)]
    assert "rate_limited" in codes


async def test_by_telephone_is_told_to_who_waits(visit: Visit, room: Consultation) -> None:
    patient = await visit.patient(room)
    await patient.state()
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        answer = await client.post(f"/api/rooms/{room.room_id}/phone", headers=room.doctor.headers)
    assert answer.status_code == 200
    await patient.hears("continued_by_phone", room_id=room.room_id)
