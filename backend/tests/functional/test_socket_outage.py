"""What breaks beside a consultation does not break it: database, server process, network."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from teleconsulta.calls.models import Call, CallStay, RoomEvent, StoredMessage
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Consultation
from tests.frozen import frozen
from tests.functional.conftest import Visit
from tests.functional.live import Person, Refused
from tests.functional.raw import close_code, join, raw
from tests.support import ServerProcess


@pytest.mark.timeout(120)
async def test_a_call_does_not_notice_that_the_database_is_frozen(
    visit: Visit, build: Builder, database: Database
) -> None:
    room, doctor, patient = await visit.call(build)
    guest = await build.guest(room.room_id, "companion")
    await visit.live.recorder.settled()
    texts = [f"Mensagem {number}" for number in range(20)]
    slowest = 0.0
    async with frozen(database.dsn):
        begun = time.monotonic()
        for text in texts:
            moment = time.monotonic()
            signal_ = {"to": room.patient.participant_id, "session": "s", "candidates": [{"candidate": text}]}
            assert (await doctor.says("signal", **signal_))["delivered"]
            assert (await patient.says("chat_message", id=uuid4(), text=text))["ok"]
            slowest = max(slowest, time.monotonic() - moment)
            await asyncio.sleep(0.6)  # the pace of people talking
        # Somebody new is told within five seconds to come back, and not that the link is bad.
        moment = time.monotonic()
        with pytest.raises(Refused) as refused:
            await visit.join(guest.token)
        assert (refused.value.code, time.monotonic() - moment < 5) == ("unavailable", True)
        assert refused.value.data["retry_after"] > 0
        # Somebody who has a seat loses the socket and comes back.
        await patient.vanish()
        again = await visit.patient(room, incarnation="patient-page")
        assert [m["text"] for m in (await again.state())["messages"]] == texts
        await asyncio.sleep(max(0.0, 30 - (time.monotonic() - begun)))
    assert slowest < 1
    thawed = time.monotonic()
    while True:
        with contextlib.suppress(Refused):
            await visit.join(guest.token)
            break
    assert time.monotonic() - thawed < 5
    await asyncio.wait_for(visit.live.recorder.settled(), 10)
    async with database.session() as session:
        stored = await session.scalars(select(StoredMessage.text).order_by(StoredMessage.sent_at))
        assert list(stored) == texts
        assert len((await session.scalars(select(Call))).all()) == 1
        events = await session.scalars(select(RoomEvent.event).order_by(RoomEvent.at, RoomEvent.id))
        assert [e for e in events if e in {"away", "back"}] == ["away", "back"]


@pytest.fixture
async def process(dsn: str, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server of its own, which may be killed."""
    server = ServerProcess(dsn, tmp_path)
    await server.start()
    yield server
    await server.kill()


@contextlib.asynccontextmanager
async def talking(process: ServerProcess, room: Consultation) -> AsyncIterator[tuple[Person, Person]]:
    """Doctor and patient, on the pages they always have."""
    doctor, patient = Person(), Person()
    try:
        await patient.connect(process.url, room.patient.token, incarnation="patient-page")
        await doctor.connect(process.url, room.doctor.token, room_id=room.room_id, incarnation="doctors-page")
        await asyncio.gather(doctor.state(), patient.state())
        yield doctor, patient
    finally:
        await asyncio.gather(doctor.vanish(), patient.vanish())


@pytest.mark.timeout(120)
async def test_a_killed_server_comes_back_to_the_same_call(
    process: ServerProcess, build: Builder, database: Database
) -> None:
    room = await build.room()
    async with talking(process, room) as (doctor, patient):
        assert (await doctor.says("admit", participant_id=room.patient.participant_id))["ok"]
        call = (await patient.hears("call_started"))["call"]
        said = (await patient.says("chat_message", id=uuid4(), text="Antes"))["message"]
        await _until_recorded(database, said["id"])
        await process.kill()
        await asyncio.gather(doctor.is_cut(), patient.is_cut())
    await process.start()
    async with talking(process, room) as (doctor, patient):
        for person in (doctor, patient):
            state = await person.hears("room_state", where=lambda s: len(s["participants"]) == 2 or s["call"])
            assert state["self"]["state"] == "admitted"
            assert (state["call"]["id"], state["messages"]) == (call["id"], [said])
        answer = await doctor.says("signal", to=room.patient.participant_id, session="s", candidates=[])
        assert answer == {"ok": True, "delivered": True}
        assert (await doctor.says("call_end", outcome="completed"))["ok"]
        await patient.hears("call_ended")
    assert await process.stop() == 0
    async with database.session() as session:
        kept = (await session.scalars(select(Call))).one()
        assert (str(kept.id), kept.state, kept.end_reason) == (call["id"], "ended", "ended_by_doctor")
        stays = (await session.scalars(select(CallStay))).all()
        assert {stay.left_at for stay in stays} == {kept.ended_at}
        assert len(stays) == 2
    for canary in ("Quaresma", "Antes", room.patient.token, room.doctor.token):
        assert canary not in process.log.read_text()


async def _until_recorded(database: Database, message_id: str) -> None:
    async with asyncio.timeout(5):
        while True:
            async with database.session() as session:
                if message_id in {str(found) for found in await session.scalars(select(StoredMessage.id))}:
                    return
            await asyncio.sleep(0.05)  # another process writes it


@pytest.mark.timeout(120)
async def test_a_stopped_server_says_so_and_is_gone_within_five_seconds(
    process: ServerProcess, build: Builder, database: Database
) -> None:
    room = await build.room()
    guest = await build.guest(room.room_id, "companion")
    async with talking(process, room) as (doctor, patient), raw(process.url) as socket:
        await join(socket, guest.token)
        assert (await doctor.says("admit", participant_id=room.patient.participant_id))["ok"]
        begun = time.monotonic()
        process.send(signal.SIGTERM)
        for person in (doctor, patient):
            assert 0 < (await person.hears("server_draining"))["reconnect_after_ms"] < 3000
        assert await close_code(socket) == 1012
        assert await process.wait() == 0
        assert time.monotonic() - begun < 5
    async with database.session() as session:
        # The people did not leave: the call waits for them, and no drop is on record.
        assert (await session.scalars(select(Call))).one().state == "open"
        events = set(await session.scalars(select(RoomEvent.event)))
        assert events == {"arrived", "admitted", "call_started"}


@pytest.mark.timeout(60)
async def test_whoever_is_gone_without_a_word_is_noticed_within_twenty_seconds(visit: Visit, build: Builder) -> None:
    room = await build.room()
    doctor = await visit.doctor(room)
    async with raw(visit.live.url) as socket:
        await join(socket, room.patient.token)
        await doctor.hears("participant_joined")
        begun = time.monotonic()
        # The socket stays open and is read, but pings find no answer: a telephone in a tunnel.
        reading = asyncio.create_task(_read_on(socket))
        while doctor.events()[-1] != "participant_updated":
            await asyncio.wait_for(doctor.next(), 20)
        assert doctor.heard[-1][1]["participant"]["connection"] == "away"
        assert time.monotonic() - begun < 20
        reading.cancel()


async def _read_on(socket: object) -> None:
    with contextlib.suppress(Exception):
        async for _ in socket:  # type: ignore[attr-defined]  # whatever frames come
            pass
