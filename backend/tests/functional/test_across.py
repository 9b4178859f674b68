"""Two processes as one: what people at one of them say and do reaches those at the other, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from teleconsulta.calls.models import RoomEvent, StoredMessage
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Live, serving
from tests.redis_server import RedisServer


@pytest.fixture
async def here(settings: Settings, redis: RedisServer) -> AsyncIterator[Visit]:
    redis.empty()
    async with _visiting(settings, redis) as visit:
        yield visit


@pytest.fixture
async def there(settings: Settings, redis: RedisServer, here: Visit) -> AsyncIterator[Visit]:
    async with _visiting(settings, redis) as visit:
        yield visit


def _visiting(settings: Settings, redis: RedisServer) -> Visiting:
    return Visiting(settings.model_copy(update={"redis_url": redis.url}))


class Visiting:
    """One process and who visits it."""

    def __init__(self, settings: Settings) -> None:
        from teleconsulta.main import create_app

        self._serving = serving(create_app(settings))

    async def __aenter__(self) -> Visit:
        live: Live = await self._serving.__aenter__()
        await live.app.state.signaling.listening()
        await live.app.state.signaling._nodes.reachable(10)
        self._visit = Visit(live)
        return self._visit

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(person.vanish() for person in self._visit.people))
        await self._serving.__aexit__(None, None, None)


async def test_a_call_between_two_processes(here: Visit, there: Visit, build: Builder, database: Database) -> None:
    room = await build.room()
    patient = await there.patient(room, incarnation="patients-page")
    doctor = await here.doctor(room, incarnation="doctors-page")
    await doctor.hears("room_state")
    assert (await doctor.says("admit", participant_id=room.patient.participant_id))["ok"]
    for person in (doctor, patient):
        await person.hears("call_started")
    for number in range(20):
        candidates = [{"candidate": str(number)}]
        said = {"to": room.patient.participant_id, "session": "s", "candidates": candidates}
        assert await doctor.says("signal", **said) == {"ok": True, "delivered": True}
    await patient.hears("signal", candidates=[{"candidate": "19"}])
    heard = [payload["candidates"][0]["candidate"] for event, payload in patient.heard if event == "signal"]
    assert heard == [str(number) for number in range(20)]

    assert (await patient.says("media_state", audio=True, video=False, screen=False, recording=False))["ok"]
    await doctor.hears("media_state", audio=True)
    assert (await patient.says("trouble", cause="no_device"))["ok"]
    await doctor.hears("trouble_told", cause="no_device")
    message = uuid4()
    for _ in range(2):  # the answer was lost, so it is said again
        assert (await patient.says("chat_message", id=message, text="Bom dia"))["ok"]
    await doctor.hears("chat_message", text="Bom dia")

    # Another page of the patient's, at the other process: one seat, and the call's history with it.
    again = await here.patient(room, incarnation="another-page")
    await patient.hears("session_revoked", code="replaced")
    await patient.is_cut()
    state = await again.state()
    assert ([m["text"] for m in state["messages"]], state["self"]["state"]) == (["Bom dia"], "admitted")
    assert doctor.events().count("chat_message") == doctor.events().count("trouble_told") == 1
    await asyncio.gather(here.live.recorder.settled(), there.live.recorder.settled())
    async with database.session() as session:
        assert len((await session.scalars(select(StoredMessage.id))).all()) == 1
        events = list(await session.scalars(select(RoomEvent.event)))
        assert sorted(events) == ["admitted", "arrived", "arrived", "back", "call_started", "trouble"]


async def test_a_dashboard_sees_who_waits_at_another_process(here: Visit, there: Visit, build: Builder) -> None:
    room = await build.room()
    patient = await there.patient(room)
    dashboard = await here.join(room.doctor.token)
    who = str(room.patient.participant_id)
    await dashboard.hears("queue_updated", where=lambda told: who in str(told["waiting"]))
    aimed = {"participant_id": who, "room_id": room.room_id}
    assert (await dashboard.says("notice", text="Dez minutos.", **aimed))["ok"]
    await patient.hears("notice", text="Dez minutos.")
    assert (await dashboard.says("refuse", **aimed))["ok"]
    await patient.hears("session_revoked", code="refused")
    await patient.is_cut()
    await dashboard.hears("queue_updated", after=len(dashboard.heard) - 1, where=lambda told: not told["waiting"])


async def test_a_revocation_is_carried_out_once(here: Visit, there: Visit, build: Builder, database: Database) -> None:
    """Both processes hear of it from the database."""
    room = await build.room()
    patient, doctor = await there.patient(room), await here.doctor(room)
    await doctor.hears("room_state", where=lambda state: len(state["participants"]) > 1)
    async with database.session() as session:
        participant = room.patient.participant_id
        await announce(session, "participant_revoked", participant_id=participant, room_id=room.room_id)
    await patient.hears("session_revoked", code="revoked")
    await patient.is_cut()
    await doctor.hears("participant_left", reason="revoked")
    await asyncio.gather(here.live.recorder.settled(), there.live.recorder.settled())
    assert doctor.events().count("participant_left") == 1
    async with database.session() as session:
        assert [*await session.scalars(select(RoomEvent.event))].count("left") == 1
