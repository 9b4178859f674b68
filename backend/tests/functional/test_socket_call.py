"""A consultation over real sockets: waiting, being admitted, talking, ending."""

from __future__ import annotations

from tests.builders import Builder
from tests.functional.conftest import Visit


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
