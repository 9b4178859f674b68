"""`video_call_started` and `video_call_ended`: once per person and call, whatever happens in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from teleconsulta.calls.happenings import ClientEvent, MediaEnded, MediaStarted
from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.presence.model import Call, Who
from tests.calls.scene import Scene

RELAYED = {"path": ("relay", "tls"), "quality": {"rtt_ms": 40.0}}


@pytest.fixture
def told() -> list[ClientEvent]:
    return []


@pytest.fixture
async def recorder(database: Database, scenes: list[Scene], told: list[ClientEvent]) -> AsyncIterator[Recorder]:
    made = Recorder(database, lambda: [scene.state for scene in scenes], now, told.append)
    made.start()
    yield made
    await made.stop()


def reports(scene: Scene, who: Who, **more: Any) -> None:
    kept = {**RELAYED, "has_media": True, "first_frame_ms": 180, **more}
    scene.recorder.measure(scene.room.room_id, scene.call_id, scene.seat(who), scene.at, **kept)


async def test_once_each_over_reload_and_reconnect(scene: Scene, told: list[ClientEvent]) -> None:
    scene.call()
    for page in ("page", "page", "reloaded"):
        reports(scene, scene.patient)
        scene.drops(scene.patient)
        scene.wait(10)
        scene.joins(scene.patient, page)
        scene.wait(10)
    reports(scene, scene.doctor, first_frame_ms=None)
    scene.ends()
    await scene.recorder.settled()
    assert told[:2] == [MediaStarted("patient", 180), MediaStarted("doctor", None)]
    assert sorted(told[2:], key=lambda event: event.role) == [
        MediaEnded(role, 60.0, "good", "relay", "tls") for role in ("doctor", "patient")
    ]


async def test_whoever_never_had_media_ends_nothing(scene: Scene, told: list[ClientEvent]) -> None:
    scene.call()
    reports(scene, scene.patient, has_media=False)
    scene.leaves(scene.patient)
    await scene.recorder.settled()
    assert told == []


async def test_two_calls_in_one_room_are_two(scene: Scene, told: list[ClientEvent]) -> None:
    for _ in range(2):
        if scene.state.seats:
            scene.joins(scene.patient)
        else:
            scene.call()
        reports(scene, scene.patient)
        scene.wait(30)
        scene.leaves(scene.patient)
        scene.wait(5)
    await scene.recorder.settled()
    assert [(event.name, event.role) for event in told] == [
        ("video_call_started", "patient"),
        ("video_call_ended", "patient"),
    ] * 2
    assert {event.seconds for event in told if isinstance(event, MediaEnded)} == {30.0}


async def test_another_server_tells_nothing_twice(scene: Scene, told: list[ClientEvent], database: Database) -> None:
    scene.call()
    reports(scene, scene.patient)
    await scene.recorder.settled()
    # The server is gone; the next one finds the call open, and its people come back to it.
    next_told: list[ClientEvent] = []
    other = Recorder(database, list, now, next_told.append)
    other.start()
    later = Scene(other, scene.room, Call(scene.call_id, scene.at))
    later.at = scene.at + timedelta(seconds=20)
    later.joins(later.patient, "reloaded", admitted=True)
    later.joins(later.doctor, "page")
    reports(later, later.patient)
    later.wait(40)
    later.ends()
    await other.settled()
    await other.stop()
    assert told == [MediaStarted("patient", 180)]
    assert [(event.name, event.role) for event in next_told] == [("video_call_ended", "patient")]


async def test_a_call_that_was_given_up_is_told_once(scene: Scene, told: list[ClientEvent]) -> None:
    scene.call()
    reports(scene, scene.patient)
    await scene.recorder.settled()
    call_id = scene.call_id
    scene.state = Scene(scene.recorder, scene.room).state  # nobody is known to be there
    assert await scene.recorder.sweep(timedelta(minutes=1)) == 1
    assert [event.name for event in told] == ["video_call_started", "video_call_ended"]
    back = Scene(scene.recorder, scene.room, Call(call_id, scene.at))
    back.at = scene.at + timedelta(minutes=1)
    back.joins(back.patient, admitted=True)
    back.joins(back.doctor)
    reports(back, back.patient)
    back.ends()
    await scene.recorder.settled()
    assert len(told) == 2
