"""The dashboard speaks for the doctor without sitting in the room; who waits keeps their place."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import text

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.main import create_app
from tests.builders import Builder
from tests.calls.records import ended_call
from tests.functional.conftest import Visit
from tests.functional.live import serving


async def test_a_dashboard_tells_refuses_and_is_heard_at_once(visit: Visit, build: Builder, database: Database) -> None:
    room = await build.room()
    dashboard = await visit.join(room.doctor.token)
    patient = await visit.patient(room)
    assert (await patient.state())["position"] == 1
    await dashboard.hears("queue_updated", where=lambda said: len(said["waiting"]) == 1)
    whom = {"room_id": room.room_id, "participant_id": room.patient.participant_id}
    assert await dashboard.says("notice", **whom, text="Chamo em dez minutos.") == {"ok": True}
    assert (await patient.hears("notice"))["text"] == "Chamo em dez minutos."
    told = await dashboard.hears("queue_updated", where=lambda said: any(one["notice"] for one in said["waiting"]))
    assert told["waiting"][0]["notice"]["text"] == "Chamo em dez minutos."
    again = await visit.patient(room, incarnation="another-page")
    assert (await again.state())["notice"]["text"] == "Chamo em dez minutos."
    assert await dashboard.says("refuse", **whom, message="Ligue para a clínica.") == {"ok": True}
    assert await again.hears("session_revoked", code="refused") == {
        "code": "refused",
        "message": "Ligue para a clínica.",
    }
    await again.is_cut()
    assert room.doctor.id not in {c.participant_id for c in visit.live.app.state.signaling.sockets}
    await visit.live.recorder.settled()
    async with database.session() as session:
        events = (await session.execute(text("SELECT event, detail FROM room_events ORDER BY at, id"))).all()
        entries = (await session.scalars(text("SELECT details::text FROM audit_entries"))).all()
    assert [tuple(row) for row in events if row[0] in {"notified", "left"}] == [("notified", None), ("left", "refused")]
    assert not [entry for entry in entries if "clínica" in entry or "minutos" in entry]


async def test_a_dashboard_reaches_no_other_doctors_room(visit: Visit, build: Builder) -> None:
    room, stranger = await build.room(), await build.staff()
    patient = await visit.patient(room)
    await patient.state()
    other = await visit.join(stranger.token)
    whom = {"room_id": room.room_id, "participant_id": room.patient.participant_id}
    for event in ("admit", "refuse", "remove", "hold"):
        assert (await other.says(event, **whom))["code"] == "not_found"
    assert (await other.says("notice", **whom, text="Oi"))["code"] == "not_found"
    for event in ("admit", "hold"):
        assert (await patient.says(event, **whom))["code"] == "forbidden"
    own = await visit.join(room.doctor.token)
    assert (await own.says("admit", participant_id=room.patient.participant_id))["code"] == "not_found"
    assert (await own.says("notice", **whom, text="x" * 301))["code"] == "too_large"
    assert (await own.says("notice", **whom, text="  "))["code"] == "bad_message"


async def test_of_two_pages_that_admit_at_once_one_wins(visit: Visit, build: Builder) -> None:
    room = await build.room()
    patient, doctor = await visit.patient(room), await visit.doctor(room)
    dashboard = await visit.join(room.doctor.token)
    await asyncio.gather(patient.state(), doctor.state())
    who = room.patient.participant_id
    answers = await asyncio.gather(
        doctor.says("admit", participant_id=who), dashboard.says("admit", participant_id=who, room_id=room.room_id)
    )
    assert sorted(answer.get("code", "") for answer in answers) == ["", "already_admitted"]
    await patient.hears("call_started")
    assert (await dashboard.says("refuse", participant_id=who, room_id=room.room_id))["code"] == "not_found"


async def test_back_to_waiting_and_in_again(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    who = room.patient.participant_id
    heard, told = len(patient.heard), len(doctor.heard)
    assert await doctor.says("hold", participant_id=who) == {"ok": True}
    waiting = await patient.hears("room_state", after=heard)
    assert (waiting["self"]["state"], waiting["position"], waiting["call"]) == ("waiting", 1, None)
    assert waiting["ice_servers"] == []
    assert (await doctor.hears("participant_left", after=told))["reason"] == "held"
    assert (await doctor.hears("participant_joined", after=told))["participant"]["state"] == "waiting"
    answer = await patient.says("signal", to=room.doctor_participant_id, session="s", candidates=[])
    assert answer["code"] == "not_admitted"
    assert await doctor.says("admit", participant_id=who) == {"ok": True}
    await patient.hears("call_started", after=heard)


async def test_the_order_of_arrival_outlives_a_restart(settings: Settings, build: Builder) -> None:
    doctor = await build.staff()
    rooms = [await build.room(doctor=doctor) for _ in range(2)]
    async with serving(create_app(settings)) as first:
        for room in rooms:
            person = await first.connect(room.patient.token, incarnation="patient-page")
            await person.state()
        await first.recorder.settled()
    async with serving(create_app(settings)) as second:
        # The other way round: who comes back first has not come first.
        people = [await second.connect(room.patient.token, incarnation="patient-page") for room in reversed(rooms)]
        dashboard = await second.connect(doctor.token)
        queue = await dashboard.hears("queue_updated", where=lambda said: len(said["waiting"]) == 2)
        assert [one["room_id"] for one in queue["waiting"]] == [str(room.room_id) for room in rooms]
        await people[0].hears("queue_updated", position=2)
        for person in (*people, dashboard):
            await person.vanish()


async def test_who_comes_while_the_server_sleeps_is_served_in_order(settings: Settings, build: Builder) -> None:
    doctor = await build.staff()
    known, first, second, liar = [await build.room(doctor=doctor) for _ in range(4)]
    async with serving(create_app(settings)) as before:
        person = await before.connect(known.patient.token, incarnation="patient-page")
        await person.state()
        await before.recorder.settled()
    async with serving(create_app(settings)) as woken:
        dashboard = await woken.connect(doctor.token)
        people = []
        # The later one's line is the quicker one, and somebody claims to have stood there since yesterday.
        for room, knocking_ms in ((second, 40_000), (first, 60_000), (liar, 86_400_000), (known, 0)):
            people.append(await woken.connect(room.patient.token, incarnation="patient-page", knocking_ms=knocking_ms))
            await people[-1].state()
        queue = await dashboard.hears("queue_updated", where=lambda said: len(said["waiting"]) == 4)
        order = [one["room_id"] for one in queue["waiting"]]
        # Nobody whose arrival is on record is overtaken by a claim.
        assert order[0] == str(known.room_id)
        rest = [str(room.room_id) for room in (first, second)]
        assert [one for one in order if one in rest] == rest
        for one in (*people, dashboard):
            await one.vanish()


async def test_who_waits_is_told_how_long_once_there_are_calls_to_know_it_from(
    visit: Visit, build: Builder, database: Database
) -> None:
    doctor = await build.staff()
    for _ in range(5):
        past = await build.room(doctor=doctor)
        await ended_call(database, past, started_at=now() - timedelta(days=1), seconds=1200)
    rooms = [await build.room(doctor=doctor) for _ in range(2)]
    await visit.join(doctor.token)
    first, second = [await visit.patient(room) for room in rooms]
    # With the state when the record was read by then, else as soon as it is.
    told = (await second.state())["estimate"]
    told = told or (await second.hears("queue_updated", where=lambda said: bool(said["estimate"])))["estimate"]
    assert told == {"min_minutes": 20, "max_minutes": 20}
    assert not [said for event, said in first.heard if said.get("estimate")]
