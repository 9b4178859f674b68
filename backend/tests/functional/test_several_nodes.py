"""Several processes serve one clinic: whichever stops, dies or loses Redis, people stay where they are."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from teleconsulta.calls.models import Call, CallStay, RoomEvent, StoredMessage
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Consultation
from tests.functional.cluster import Cluster, cluster
from tests.functional.page import Page

ROOMS = 100
MESSAGES = 4
"""By each page, during the restarts."""


async def in_call(url: str, room: Consultation, doctors_url: str = "") -> tuple[Page, Page]:
    """Doctor and patient talk."""
    patient = Page(url, room.patient.token)
    doctor = Page(doctors_url or url, room.doctor.token, room_id=room.room_id)
    await asyncio.gather(*(page.until(lambda p=page: p.states) for page in (doctor, patient)))  # type: ignore[misc]
    participant = room.patient.participant_id
    await doctor.until(lambda: str(participant) in str(doctor.heard))
    assert (await doctor.at_once("admit", participant_id=participant))["ok"]
    for page in (doctor, patient):
        await page.until(lambda p=page: p.events()["call_started"])  # type: ignore[misc]
    return doctor, patient


@pytest.mark.timeout(240)
async def test_no_call_notices_that_all_servers_are_replaced(
    dsn: str, build: Builder, database: Database, tmp_path: Path
) -> None:
    rooms = [await build.room() for _ in range(ROOMS)]
    async with cluster(dsn, tmp_path) as running:
        pairs: list[tuple[Page, Page]] = []
        for begin in range(0, ROOMS, 10):
            pairs += await asyncio.gather(*(in_call(running.url, room) for room in rooms[begin : begin + 10]))
        pages = [page for pair in pairs for page in pair]
        calls = [str(uuid) for uuid in [call_of(doctor) for doctor, _ in pairs]]

        talking = asyncio.gather(*(talk(page) for page in pages))
        for server in running.servers:
            begun = time.monotonic()
            assert await server.stop() == 0
            assert time.monotonic() - begun < 8  # five, and what a busy machine adds
            await running.up(server)
        await talking

        for (doctor, patient), call in zip(pairs, calls, strict=True):
            for page in (doctor, patient):
                await page.until(lambda p=page: p.online and len(p.messages) == 2 * MESSAGES)  # type: ignore[misc]
                assert page.state["self"]["state"] == "admitted"
                assert page.state["call"] is None or page.state["call"]["id"] == call
                assert not page.events()["participant_left"] + page.events()["call_ended"]
                assert set(page.pushed.values()) <= {1}, "a message was told twice"
            assert doctor.messages == patient.messages
        assert sum(page.connects > 1 for page in pages) == len(pages)  # every one of their servers was replaced
        for doctor, _ in pairs:
            assert (await doctor.at_once("call_end", outcome="completed"))["ok"]
        await asyncio.gather(*(page.close() for page in pages))
        assert await asyncio.gather(*(server.stop() for server in running.servers)) == [0, 0, 0]
    await records_are_right(database, rooms, calls)


async def talk(page: Page) -> None:
    for number in range(MESSAGES):
        await page.say(f"{number}")
        await asyncio.sleep(2)  # the pace of people talking


def call_of(page: Page) -> str:
    return str(next(payload["call"]["id"] for event, payload in page.heard if event == "call_started"))


async def records_are_right(database: Database, rooms: list[Consultation], calls: list[str]) -> None:
    async with database.session() as session:
        kept = {str(call.id): call for call in await session.scalars(select(Call))}
        assert kept.keys() == set(calls)
        assert {(call.state, call.end_reason) for call in kept.values()} == {("ended", "ended_by_doctor")}
        stays = (await session.scalars(select(CallStay))).all()
        assert len(stays) == 2 * len(rooms)
        for stay in stays:
            call = kept[str(stay.call_id)]
            assert (stay.joined_at, stay.left_at) == (call.started_at, call.ended_at)
        assert len((await session.scalars(select(StoredMessage.id))).all()) == 2 * MESSAGES * len(rooms)
        events = list(await session.scalars(select(RoomEvent.event)))
        for once in ("arrived", "admitted", "call_started", "call_ended", "room_closed"):
            assert events.count(once) == len(rooms) * (2 if once == "arrived" else 1), once
        assert "left" not in events


@pytest.mark.timeout(240)
async def test_what_dies_takes_nobody_with_it(dsn: str, build: Builder, database: Database, tmp_path: Path) -> None:
    room = await build.room()
    async with cluster(dsn, tmp_path, SEAT_GRACE_SECONDS="30") as running:
        first, second, third = running.servers
        # One identity at two servers in the same moment: one seat.
        twins = [Page(server.url, room.patient.token) for server in (first, second)]
        await asyncio.gather(*(twin.until(lambda t=twin: t.states or t.revoked) for twin in twins))  # type: ignore[misc]
        await until(lambda: [twin.revoked for twin in twins].count("replaced") == 1)
        await asyncio.gather(*(twin.close() for twin in twins))

        doctor, patient = await in_call(second.url, room, doctors_url=first.url)
        call = call_of(doctor)
        assert await signal(doctor, patient)
        assert await signal(patient, doctor)

        # A server is killed: its people come back at another one, to the same call.
        await second.kill()
        patient.url = third.url
        await patient.until(lambda: patient.connects == 2)
        assert (patient.state["call"]["id"], patient.state["self"]["state"]) == (call, "admitted")
        assert await signal(doctor, patient)

        await redis_dies(running, build, room, doctor, patient)
        assert await signal(doctor, patient)
        assert await signal(patient, doctor)
        assert (await doctor.at_once("call_end", outcome="completed"))["ok"]
        await patient.until(lambda: patient.events()["call_ended"])
        await asyncio.gather(doctor.close(), patient.close())
        assert [await first.stop(), await third.stop()] == [0, 0]
    async with database.session() as session:
        kept = (await session.scalars(select(Call))).one()
        assert (str(kept.id), kept.end_reason) == (call, "ended_by_doctor")
        assert len((await session.scalars(select(CallStay))).all()) == 2
        assert {*await session.scalars(select(StoredMessage.text))} == {"Sem Redis", "Com Redis"}


async def redis_dies(running: Cluster, build: Builder, room: Consultation, doctor: Page, patient: Page) -> None:
    """For a while, and comes back with nothing in it."""
    seconds = float(os.environ.get("REDIS_AWAY_SECONDS", "6"))
    first, _, third = running.servers
    guest = await build.guest(room.room_id, "companion")
    connects = (doctor.connects, patient.connects)
    running.redis.kill()
    died = time.monotonic()
    for server in (first, third):
        checks = await running.until_ready(server, False)
        assert checks == {"database": "ok", "schema": "ok", "redis": "failed"}
    said = asyncio.create_task(doctor.say("Sem Redis"))
    late = Page(first.url, guest.token)
    await until(lambda: late.refusals)
    assert set(late.refusals) == {"unavailable"}  # and the page goes on trying
    await asyncio.sleep(max(0.0, seconds - (time.monotonic() - died)))
    running.redis.start()
    for server in (first, third):
        await running.until_ready(server)
    await said
    await patient.until(lambda: "Sem Redis" in patient.messages.values())
    await patient.say("Com Redis")
    await doctor.until(lambda: "Com Redis" in doctor.messages.values())
    await late.until(lambda: late.states)
    assert late.state["self"]["state"] == "waiting"
    await doctor.until(lambda: str(guest.participant_id) in str(doctor.heard))
    # Nobody else noticed anything.
    assert (doctor.connects, patient.connects) == connects
    assert not doctor.events()["participant_left"] + patient.events()["participant_left"]
    assert (await late.at_once("leave"))["ok"]
    await late.close()


async def signal(sender: Page, receiver: Page) -> bool:
    """Whether what one page says to the other arrives, in order."""
    session = uuid4().hex
    for number in range(3):
        candidates = [{"candidate": str(number)}]
        answer = await sender.at_once("signal", to=receiver.id, session=session, candidates=candidates)
        assert answer == {"ok": True, "delivered": True}
    await receiver.until(lambda: len(_signals(receiver, session)) == 3)
    mine = [p["candidates"][0]["candidate"] for p in _signals(receiver, session)]
    return mine == ["0", "1", "2"]


def _signals(page: Page, session: str) -> list[dict[str, list[dict[str, str]]]]:
    return [payload for event, payload in page.heard if event == "signal" and payload["session"] == session]


async def until(true: object, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # type: ignore[operator]  # noqa: ASYNC110 - a refused page hears nothing
            await asyncio.sleep(0.05)
