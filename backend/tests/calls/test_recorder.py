"""What presence says happened is what stands on record: once, in order, with the right times."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from teleconsulta.audit.models import AuditEntry
from teleconsulta.calls import recorder as recorders
from teleconsulta.calls.models import Call, CallParticipant, CallStay, QualitySample, RoomEvent, StoredMessage
from teleconsulta.calls.notes import Note, StayClosed, StayOpened
from teleconsulta.calls.recorder import Recorder
from teleconsulta.calls.sweep import Sweep
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.presence import state as rules
from teleconsulta.presence.model import Seat, Who
from teleconsulta.rooms.models import Room, RoomParticipant
from tests.calls.scene import GRACE, START, Scene, actions, rows, timeline
from tests.frozen import frozen


async def test_a_consultation_from_arrival_to_outcome(scene: Scene, database: Database) -> None:
    scene.call()
    scene.wait(600)
    scene.ends()
    await scene.recorder.settled()
    call = (await rows(database, Call))[0]
    assert (call.state, call.end_reason) == ("ended", "ended_by_doctor")
    assert (call.started_at, call.ended_at) == (START + timedelta(seconds=10), START + timedelta(seconds=610))
    stays = await rows(database, CallStay)
    assert {(s.joined_at, s.left_at, s.left_reason) for s in stays} == {
        (call.started_at, call.ended_at, "ended_by_doctor")
    }
    assert await timeline(database) == [
        ("arrived", None),
        ("arrived", None),
        ("admitted", None),
        ("call_started", None),
        ("call_ended", "ended_by_doctor"),
        ("room_closed", "ended_by_doctor"),
    ]
    assert await actions(database) == [
        "participant:joined",
        "participant:joined",
        "participant:admitted",
        "call:started",
        "call:ended",
        "room:closed",
    ]
    room = (await rows(database, Room))[0]
    assert (room.state, room.outcome, room.closed_at) == ("closed", "completed", call.ended_at)


async def test_a_repeat_does_not_end_the_stay_that_came_after(scene: Scene, database: Database) -> None:
    """Another process may write again what one wrote that died (0030)."""
    scene.call()
    patient, call_id = scene.seat(scene.patient), scene.call_id
    left, back = scene.at + timedelta(seconds=10), scene.at + timedelta(seconds=20)
    written: list[Note] = [
        StayClosed(call_id, patient.id, left, "left"),
        StayOpened(call_id, patient.id, "patient", back),
    ]
    for _ in range(2):
        scene.recorder._take(written)
        await scene.recorder.settled()
    stays = [stay for stay in await rows(database, CallStay) if stay.participant_id == patient.id]
    assert [stay.left_at for stay in sorted(stays, key=lambda stay: stay.joined_at)] == [left, None]


async def test_writing_it_all_again_changes_nothing(scene: Scene, database: Database) -> None:
    scene.call()
    scene.drops(scene.patient)
    scene.wait(20)
    scene.joins(scene.patient)
    scene.recorder.say(scene.room.room_id, scene.seat(scene.patient), uuid4(), "Olá", scene.at)
    report = {"path": ("direct", "udp"), "quality": {"rtt_ms": 20.0}}
    scene.recorder.measure(scene.room.room_id, scene.call_id, scene.seat(scene.patient), scene.at, **report)  # type: ignore[arg-type]
    call_id = scene.call_id
    await scene.recorder.settled()

    async def everything() -> list[object]:
        tables = (Call, CallParticipant, CallStay, RoomEvent, StoredMessage, QualitySample, AuditEntry)
        return [
            {c.key: getattr(row, c.key) for c in table.__table__.columns}
            for table in tables
            for row in await rows(database, table)
        ]

    before = await everything()
    for step in scene.history:
        scene.recorder.follow(*step)
    scene.recorder.measure(scene.room.room_id, call_id, scene.seat(scene.patient), scene.at, **report)  # type: ignore[arg-type]
    await scene.recorder.settled()
    assert await everything() == before


async def test_a_short_drop_does_not_interrupt_a_stay(scene: Scene, database: Database) -> None:
    scene.call()
    scene.wait(30)
    scene.drops(scene.patient)
    scene.wait(59)
    scene.joins(scene.patient)
    scene.wait(30)
    scene.leaves(scene.patient)
    await scene.recorder.settled()
    assert len(await rows(database, Call)) == 1
    mine = [s for s in await rows(database, CallStay) if s.participant_id == scene.patient.id]
    assert [(s.left_at - s.joined_at).total_seconds() for s in mine] == [119]
    assert [event for event, _ in await timeline(database)][-4:] == ["away", "back", "left", "call_ended"]


async def test_a_long_drop_ends_the_call_when_she_was_last_seen(scene: Scene, database: Database) -> None:
    scene.call()
    scene.wait(100)
    scene.drops(scene.patient)
    scene.wait(60)
    await scene.recorder.settled()
    call = (await rows(database, Call))[0]
    assert (call.end_reason, call.ended_at - call.started_at) == ("timeout", timedelta(seconds=100))
    assert {s.left_at for s in await rows(database, CallStay)} == {call.ended_at}


async def test_the_doctors_decisions_are_kept(scene: Scene, database: Database) -> None:
    async def admitted_at() -> datetime | None:
        await scene.recorder.settled()
        found = [p for p in await rows(database, RoomParticipant) if p.id == scene.patient.id]
        return found[0].admitted_at  # type: ignore[no-any-return]

    scene.call()
    assert await admitted_at() == START + timedelta(seconds=10)
    scene.wait(5)
    scene.do(lambda s: rules.remove(s, scene.patient.id, scene.at))
    assert await admitted_at() is None
    scene.joins(scene.patient)
    scene.do(lambda s: rules.refuse(s, scene.patient.id, scene.at))
    await scene.recorder.settled()
    assert (await actions(database))[-4:] == [
        "participant:removed",
        "call:ended",
        "participant:joined",
        "participant:refused",
    ]


async def test_a_restarted_server_goes_on_with_the_same_call(
    scene: Scene, scenes: list[Scene], recorder: Recorder, database: Database
) -> None:
    scene.call()
    call = scene.state.call
    await recorder.settled()
    after = Scene(recorder, scene.room, call)
    scenes[0] = after
    after.at = scene.at + timedelta(seconds=20)
    after.joins(scene.doctor)
    after.joins(scene.patient, admitted=True)
    after.wait(30)
    after.ends()
    await recorder.settled()
    ended = (await rows(database, Call))[0]
    assert (len(await rows(database, Call)), ended.ended_at - ended.started_at) == (1, timedelta(seconds=50))
    assert len(await rows(database, CallStay)) == 2


class TestSweep:
    async def test_it_closes_what_nobody_came_back_to(
        self, scene: Scene, scenes: list[Scene], recorder: Recorder, database: Database
    ) -> None:
        scene.call()
        await recorder.settled()
        assert await recorder.sweep(GRACE) == 0
        assert (await rows(database, Call))[0].state == "open"  # somebody is in it, however old its heartbeat
        scenes.clear()  # the server lost its memory
        assert await recorder.sweep(GRACE) == 1
        call = (await rows(database, Call))[0]
        assert (call.state, call.end_reason, call.ended_at) == ("ended", "server_lost", call.last_seen_at)
        assert {s.left_reason for s in await rows(database, CallStay)} == {"server_lost"}
        assert (await timeline(database))[-1] == ("call_ended", "server_lost")
        assert (await actions(database))[-1] == "call:ended"

    async def test_whoever_is_just_late_finds_the_call_again(
        self, scene: Scene, scenes: list[Scene], recorder: Recorder, database: Database
    ) -> None:
        scene.call()
        await recorder.settled()
        after = Scene(recorder, scene.room, scene.state.call)
        after.at = scene.at + timedelta(seconds=90)
        scenes.clear()
        assert await recorder.sweep(GRACE) == 1
        scenes.append(after)
        after.joins(scene.doctor)
        after.joins(scene.patient, admitted=True)
        await recorder.settled()
        call = (await rows(database, Call))[0]
        assert (call.state, call.ended_at) == ("open", None)
        assert len([s for s in await rows(database, CallStay) if s.left_at is None]) == 2

    async def test_it_leaves_people_the_grace_time_after_a_start(
        self, scene: Scene, scenes: list[Scene], recorder: Recorder, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("teleconsulta.calls.sweep.HEARTBEAT_SECONDS", 0.1)
        scene.call()
        await recorder.settled()
        scenes.clear()
        sweep = Sweep(recorder, timedelta(seconds=0.3))
        sweep.start()
        assert (await rows(database, Call))[0].state == "open"
        async with asyncio.timeout(5):
            while (await rows(database, Call))[0].state == "open":  # noqa: ASYNC110 - seen in the database alone
                await asyncio.sleep(0.05)
        await sweep.stop()
        await sweep.stop()


async def _beats(database: Database) -> bool:
    return any(call.last_seen_at > now() - timedelta(seconds=5) for call in await rows(database, Call))


async def test_the_heartbeat_says_when_somebody_was_last_seen(
    scene: Scene, recorder: Recorder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorders, "HEARTBEAT_SECONDS", 0.05)
    await recorder.stop()
    recorder.start()
    scene.call()
    async with asyncio.timeout(5):
        while not await _beats(database):  # noqa: ASYNC110 - seen in the database alone
            await asyncio.sleep(0.05)
    for who in (scene.doctor, scene.patient):
        scene.drops(who)
    await recorder.settled()
    await asyncio.sleep(0.1)  # a beat that was under way
    seen = (await rows(database, Call))[0].last_seen_at
    await asyncio.sleep(0.2)  # several beats
    assert (await rows(database, Call))[0].last_seen_at == seen


async def test_what_cannot_be_written_takes_nothing_else_with_it(scene: Scene, database: Database) -> None:
    scene.joins(scene.patient)
    stranger = Seat(Who(uuid4(), "Ninguém", "patient"), "admitted", "x", "page", START)
    scene.recorder.say(scene.room.room_id, stranger, uuid4(), "never", START)
    scene.recorder.say(scene.room.room_id, scene.seat(scene.patient), uuid4(), "stays", START)
    await scene.recorder.settled()
    assert [m.text for m in await rows(database, StoredMessage)] == ["stays"]
    assert scene.recorder.lost == 1


async def test_memory_is_bounded_and_figures_give_way_first(
    database: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorders, "MAX_NOTES", 5)
    monkeypatch.setattr(recorders, "MAX_MEASUREMENTS", 3)
    scene.joins(scene.patient)
    idle = Recorder(database, list, now)  # nobody writes
    seat = scene.seat(scene.patient)
    for _ in range(4):
        idle.measure(scene.room.room_id, uuid4(), seat, START, path=None, quality={})
    assert idle.lost == 1
    for _ in range(3):
        idle.say(scene.room.room_id, seat, uuid4(), "Olá", START)
    assert idle.lost == 2
    await idle.stop()


async def test_a_frozen_database_delays_the_record_and_loses_nothing(
    scene: Scene, recorder: Recorder, database: Database
) -> None:
    scene.joins(scene.patient)
    await recorder.settled()
    async with frozen(database.dsn):
        scene.wait(5)
        scene.joins(scene.doctor)
        scene.admits(scene.patient)
        ids = [uuid4() for _ in range(50)]
        for number, message_id in enumerate(ids):
            at = scene.at + timedelta(seconds=number)
            recorder.say(scene.room.room_id, scene.seat(scene.patient), message_id, str(number), at)
        await asyncio.sleep(5)  # long enough for a write to be given up and tried again
        assert not recorder._settled.is_set()
    async with asyncio.timeout(15):
        await recorder.settled()
    assert [m.id for m in await rows(database, StoredMessage, StoredMessage.sent_at)] == ids
    assert (await timeline(database)) == [
        ("arrived", None),
        ("arrived", None),
        ("admitted", None),
        ("call_started", None),
    ]
    assert (await actions(database)).count("call:started") == 1
    assert recorder.lost == 0
