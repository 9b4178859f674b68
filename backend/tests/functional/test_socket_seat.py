"""One seat each: taken over, resumed, kept for a while, given up."""

from __future__ import annotations

import asyncio

import pytest

from teleconsulta.kernel.settings import Settings
from tests.builders import Builder
from tests.functional.conftest import Visit


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"seat_grace_seconds": 1.0})


async def test_another_page_takes_over_and_the_old_one_is_told(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    heard = len(doctor.heard)
    second = await visit.patient(room, incarnation="second-page")
    state = await second.state()
    assert (state["self"]["state"], state["self"]["incarnation"]) == ("admitted", "second-page")
    assert state["call"] is not None
    await patient.hears("session_revoked", code="replaced")
    await patient.is_cut()
    updated = await doctor.hears("participant_updated", after=heard)
    assert updated["participant"]["incarnation"] == "second-page"
    assert "participant_left" not in doctor.events()


async def test_the_same_page_resumes_without_anybody_noticing(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    heard = len(doctor.heard)
    again = await visit.patient(room, incarnation="patient-page")
    assert (await again.state())["self"]["incarnation"] == "patient-page"
    await patient.is_cut()
    assert "session_revoked" not in patient.events()
    assert (await again.says("media_state", audio=True, video=True, screen=False, recording=False))["ok"]
    await doctor.hears("media_state")
    assert doctor.events()[heard:] == ["media_state"]


async def test_a_drop_is_away_and_coming_back_is_online_in_the_same_incarnation(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    call = (await doctor.hears("call_started"))["call"]
    heard = len(doctor.heard)
    await patient.vanish()
    away = await doctor.hears("participant_updated", after=heard)
    assert away["participant"]["connection"] == "away"
    answer = await doctor.says("signal", to=room.patient.participant_id, session="s", candidates=[])
    assert answer == {"ok": True, "delivered": False}
    again = await visit.patient(room, incarnation="patient-page")
    back = await doctor.hears("participant_updated", after=heard + 1)
    assert (back["participant"]["connection"], back["participant"]["incarnation"]) == ("online", "patient-page")
    assert (await again.state())["call"] == call


async def test_after_the_grace_time_the_seat_and_the_call_are_gone(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    await patient.vanish()
    left = await doctor.hears("participant_left")
    assert left["reason"] == "timeout"
    ended = await doctor.hears("call_ended")
    assert (ended["reason"], ended["room_closed"]) == ("timeout", False)
    # Who was admitted stays admitted: back again, a new call begins.
    again = await visit.patient(room)
    state = await again.state()
    assert state["self"]["state"] == "admitted"
    assert state["call"]["id"] != ended["call"]["id"]


async def test_leaving_gives_the_seat_up_at_once(visit: Visit, build: Builder) -> None:
    _, doctor, patient = await visit.call(build)
    assert await patient.says("leave") == {"ok": True}
    assert (await doctor.hears("participant_left"))["reason"] == "left"
    assert (await doctor.hears("call_ended"))["reason"] == "left"
    await patient.is_cut()


async def test_who_is_refused_or_shown_out_is_told_and_cut(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    guest = await build.guest(room.room_id, "companion")
    waiting = await visit.join(guest.token)
    await doctor.hears("participant_joined", version=visit.live.app.state.presence.get(room.room_id).version)
    assert (await patient.says("remove", participant_id=guest.participant_id))["code"] == "forbidden"
    assert await doctor.says("refuse", participant_id=guest.participant_id) == {"ok": True}
    await waiting.hears("session_revoked", code="refused")
    assert await doctor.says("remove", participant_id=room.patient.participant_id) == {"ok": True}
    await patient.hears("session_revoked", code="removed")
    await asyncio.gather(waiting.is_cut(), patient.is_cut())
    assert (await doctor.says("remove", participant_id=guest.participant_id))["code"] == "not_found"
    # Shown out is not locked out: they may knock again.
    assert (await (await visit.patient(room)).state())["self"]["state"] == "waiting"
