"""A consultation over real sockets: waiting, being admitted, talking, ending."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.calls.models import Call, CallInterruption, CallParticipant, StoredMessage
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.rooms.models import Room
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Refused


async def test_who_waits_sees_the_doctor_and_themselves_and_nothing_else(visit: Visit, build: Builder) -> None:
    room = await build.room()
    patient = await visit.patient(room, device="phone")
    state = await patient.state()
    assert state["self"]["state"] == "waiting"
    assert [p["role"] for p in state["participants"]] == ["patient"]
    assert (state["messages"], state["ice_servers"], state["position"]) == ([], [], 1)
    doctor = await visit.doctor(room)
    joined = await patient.hears("participant_joined")
    assert joined["participant"]["role"] == "doctor"
    seen = await doctor.state()
    assert {p["role"] for p in seen["participants"]} == {"doctor", "patient"}
    assert seen["ice_servers"]


async def test_admission_brings_everything_at_once_and_starts_the_call(visit: Visit, build: Builder) -> None:
    room = await build.room()
    patient = await visit.patient(room)
    doctor = await visit.doctor(room)
    await patient.state()
    me = (await doctor.state())["self"]["id"]
    before = len(patient.heard)
    assert await doctor.says("admit", participant_id=room.patient.participant_id) == {"ok": True}
    signal = {"to": room.patient.participant_id, "session": "s1", "description": {"type": "offer", "sdp": "v=0"}}
    assert await doctor.says("signal", **signal) == {"ok": True, "delivered": True}
    state = await patient.hears("room_state", after=before)
    assert state["self"]["state"] == "admitted"
    assert state["ice_servers"]
    assert state["call"]["id"] == (await doctor.hears("call_started"))["call"]["id"]
    relayed = await patient.hears("signal")
    assert relayed == {"from": me, "session": "s1", "description": {"type": "offer", "sdp": "v=0"}}
    assert patient.events().index("signal") > patient.events().index("room_state", before)


async def test_chat_is_stored_once_answered_alike_and_in_the_history(
    visit: Visit, build: Builder, database: Database
) -> None:
    room, doctor, patient = await visit.call(build)
    message_id = uuid4()
    text = "Tomo <b>dois</b> comprimidos? 🙂\nÀ noite."
    first = await patient.says("chat_message", id=message_id, text=text)
    assert first["ok"]
    assert first["message"]["name"] == "Benedita Quaresma"
    assert await doctor.hears("chat_message") == first["message"]
    assert await patient.says("chat_message", id=message_id, text="something else") == first
    assert (await doctor.says("chat_message", id=message_id, text="mine"))["code"] == "bad_message"
    assert doctor.events().count("chat_message") == 1
    again = await visit.patient(room, incarnation="patient-page")
    assert (await again.state())["messages"] == [first["message"]]
    await visit.live.recorder.settled()
    async with database.session() as session:
        assert [row.text for row in await session.scalars(select(StoredMessage))] == [text]


async def test_chat_has_a_limit(visit: Visit, build: Builder) -> None:
    _, doctor, _ = await visit.call(build)
    answers = [await doctor.says("chat_message", id=uuid4(), text="Olá") for _ in range(20)]
    assert {answer.get("code") for answer in answers} == {None, "rate_limited"}
    assert (await doctor.says("chat_message", id=uuid4(), text=" \n "))["code"] == "bad_message"


async def test_who_waits_can_neither_signal_nor_chat_nor_report(
    visit: Visit, build: Builder, database: Database
) -> None:
    room = await build.room()
    patient, doctor = await visit.patient(room), await visit.doctor(room)
    me = (await doctor.state())["self"]["id"]
    for _ in range(3):
        assert (await patient.says("signal", to=me, session="s"))["code"] == "not_admitted"
    assert (await doctor.says("signal", to=room.patient.participant_id, session="s"))["code"] == "not_found"
    assert (await patient.says("chat_message", id=uuid4(), text="Olá"))["code"] == "not_admitted"
    assert (await patient.says("call_report", connection="connected"))["code"] == "not_admitted"
    for event in ("admit", "refuse", "remove"):
        assert (await patient.says(event, participant_id=room.patient.participant_id))["code"] == "forbidden"
    assert (await patient.says("call_end"))["code"] == "forbidden"
    await visit.live.recorder.settled()
    async with database.session() as session:
        refused = select(AuditEntry).where(AuditEntry.action == "signal:refused")
        assert len((await session.scalars(refused)).all()) == 2  # one line a minute of each of them


async def test_media_state_is_relayed_to_the_admitted_and_kept(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    media = {"audio": True, "video": False, "screen": True, "recording": False}
    assert await patient.says("media_state", **media) == {"ok": True}
    assert await doctor.hears("media_state") == {"from": str(room.patient.participant_id), **media}
    guest = await build.guest(room.room_id, "companion")
    waiting = await visit.join(guest.token)
    assert {p["role"] for p in (await waiting.state())["participants"]} == {"doctor", "companion"}
    await patient.says("media_state", **{**media, "screen": False})
    await doctor.hears("media_state", screen=False)
    assert await doctor.says("admit", participant_id=guest.participant_id) == {"ok": True}
    # The patient could not see who waited, and meets them now.
    assert (await patient.hears("participant_joined", after=2))["participant"]["role"] == "companion"
    assert "media_state" not in waiting.events()


async def test_the_doctor_ends_the_consultation_for_good(visit: Visit, build: Builder, database: Database) -> None:
    room, doctor, patient = await visit.call(build)
    waiting = await visit.join((await build.guest(room.room_id, "companion")).token)
    call = (await doctor.hears("call_started"))["call"]
    assert await doctor.says("call_end", outcome="completed", reason="Alta") == {"ok": True}
    for person in (doctor, patient):
        ended = await person.hears("call_ended")
        assert (ended["call"], ended["reason"], ended["room_closed"]) == (call, "ended_by_doctor", True)
        await person.is_cut()
    await waiting.hears("session_revoked", code="room_closed")
    with pytest.raises(Refused) as refused:
        await visit.patient(room)
    assert refused.value.code == "room_closed"
    await visit.live.recorder.settled()
    async with database.session() as session:
        kept = await session.get_one(Room, room.room_id)
        assert (kept.state, kept.outcome, kept.outcome_reason) == ("closed", "completed", "Alta")


async def test_reports_come_at_most_every_ten_seconds(visit: Visit, build: Builder, database: Database) -> None:
    _, _, patient = await visit.call(build)
    report = {
        "connection": "connected",
        "path": {"kind": "relay", "protocol": "tls"},
        "quality": {"rtt_ms": 80, "loss_in": 0.01, "freezes": 1},
    }
    answers = [await patient.says("call_report", **report) for _ in range(3)]
    assert [answer.get("code") for answer in answers] == [None, None, "rate_limited"]
    await visit.live.recorder.settled()
    async with database.session() as session:
        call = (await session.scalars(select(Call))).one()
        part = (await session.scalars(select(CallParticipant).where(CallParticipant.path.is_not(None)))).one()
        assert (call.path, part.protocol) == ("relay", "tls")
        assert part.quality is not None
        assert (part.quality["samples"], part.quality["freezes"], part.quality["rtt_ms"]) == (2, 2, 80)


async def test_a_report_tells_what_interrupted_the_call(visit: Visit, build: Builder, database: Database) -> None:
    _, _, patient = await visit.call(build)
    lasting = {"id": str(uuid4()), "cause": "network_changed", "ago_ms": 0, "duration_ms": None, "restarts": 0}
    assert await patient.says("call_report", connection="disconnected", interruptions=[lasting]) == {"ok": True}
    over = {**lasting, "duration_ms": 0, "restarts": 2}
    assert await patient.says("call_report", connection="connected", interruptions=[over]) == {"ok": True}
    wrong = {**lasting, "cause": "sunspots"}
    refused = await patient.says("call_report", connection="connected", interruptions=[wrong])
    assert refused["code"] == "bad_message"
    await visit.live.recorder.settled()
    async with database.session() as session:
        call = (await session.scalars(select(Call))).one()
        kept = (await session.scalars(select(CallInterruption))).one()
    assert (str(kept.id), kept.cause, kept.duration_ms, kept.restarts) == (lasting["id"], "network_changed", 0, 2)
    assert call.started_at <= kept.began_at


async def test_a_report_outside_a_call_is_fine_and_forgotten(visit: Visit, build: Builder) -> None:
    doctor = await visit.doctor(await build.room())
    assert await doctor.says("call_report", connection="new") == {"ok": True}


class TestDashboard:
    async def test_it_shows_arrivals_within_a_second(self, visit: Visit, build: Builder) -> None:
        starts_at = now().replace(microsecond=0)
        room = await build.room(starts_at=starts_at, scheduled=True)
        other = await build.room(doctor=room.doctor)
        foreign = await build.room()
        feed = await visit.join(room.doctor.token)
        empty = await feed.hears("queue_updated")
        assert (empty["waiting"], empty["rooms"]) == ([], [])
        await visit.patient(foreign)
        first, second = await visit.patient(room), await visit.patient(other)
        assert (await second.state())["position"] == 2
        seen = await feed.hears("queue_updated", where=lambda queue: len(queue["waiting"]) == 2)
        assert [(e["room_id"], e["position"]) for e in seen["waiting"]] == [
            (str(room.room_id), 1),
            (str(other.room_id), 2),
        ]
        assert seen["waiting"][0]["scheduled_for"] is not None
        assert seen["waiting"][1]["scheduled_for"] is None
        assert {entry["patient_name"] for entry in seen["rooms"]} == {"Benedita Quaresma"}
        await first.says("leave")
        assert await second.hears("queue_updated") == {"position": 1, "estimate": None}

    async def test_it_says_nothing_in_a_room(self, visit: Visit, build: Builder) -> None:
        feed = await visit.join((await build.staff()).token)
        assert (await feed.says("leave"))["code"] == "forbidden"
        assert (await feed.says("signal", to=uuid4(), session="s"))["code"] == "forbidden"

    async def test_a_fourth_dashboard_takes_the_place_of_the_first(self, visit: Visit, build: Builder) -> None:
        staff = await build.staff()
        feeds = [await visit.join(staff.token) for _ in range(4)]
        await feeds[0].hears("session_revoked", code="replaced")
        await feeds[3].hears("queue_updated")
        assert visit.live.app.state.signaling.figures()["connections"] == 3


async def test_a_fault_of_ours_is_answered_and_not_explained(
    visit: Visit, build: Builder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room, doctor, _ = await visit.call(build)

    async def broken(*_: object) -> None:
        raise RuntimeError("Benedita Quaresma")

    monkeypatch.setattr(visit.live.app.state.signaling.store, "update", broken)
    answer = await doctor.says("media_state", audio=True)
    assert (answer["ok"], answer["code"]) == (False, "unavailable")
    with pytest.raises(Refused) as refused:
        await visit.patient(room)
    assert refused.value.code == "unavailable"
    assert "Benedita" not in caplog.text
    monkeypatch.undo()


async def test_draining_tells_everybody_and_lets_nobody_in(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    await visit.live.app.state.signaling.drain()
    for person in (doctor, patient):
        assert (await person.hears("server_draining"))["reconnect_after_ms"] > 0
        await person.is_cut()
    with pytest.raises(Refused):
        await visit.patient(room)
