"""A consultation in figures: what happened is counted, and nothing about who it happened to."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Refused


async def read(visit: Visit) -> dict[str, float]:
    async with AsyncClient(base_url=visit.live.url) as client:
        answer = await client.get("/metrics")
    lines = (line.rsplit(" ", 1) for line in answer.text.splitlines() if line.startswith("teleconsulta_"))
    return {name: float(value) for name, value in lines}


async def test_a_consultation_is_counted(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    await visit.patient(await build.room())
    with pytest.raises(Refused):
        await visit.join("nonsense")
    relayed: dict[str, Any] = {"path": {"kind": "relay", "protocol": "tls"}, "quality": {"restarts": 2}}
    assert (await patient.says("call_report", connection="connected", **relayed))["ok"]
    assert (await patient.says("trouble", cause="camera_busy"))["ok"]
    async with AsyncClient(base_url=visit.live.url, headers={"X-Teleconsulta": "1"}) as client:
        wish = {"token": room.patient.link_token, "cause": "udp_blocked"}
        assert (await client.post("/api/readiness/troubles", json=wish)).status_code == 204

    during = await read(visit)
    assert during['teleconsulta_joins_total{place="room",result="ok"}'] == 3
    assert during['teleconsulta_joins_total{place="room",result="unauthorized"}'] == 1
    assert during['teleconsulta_sockets{place="room"}'] == 3
    assert (during["teleconsulta_rooms"], during["teleconsulta_calls"]) == (2, 1)
    assert (during["teleconsulta_waiting_people"], during["teleconsulta_waiting_seconds_count"]) == (1, 1)
    assert during['teleconsulta_call_reports_total{path="relay",protocol="tls"}'] == 1
    assert during["teleconsulta_ice_restarts_total"] == 2
    assert during['teleconsulta_troubles_total{cause="camera_busy",told_by="socket"}'] == 1
    assert during['teleconsulta_troubles_total{cause="udp_blocked",told_by="link"}'] == 1
    assert during["teleconsulta_database_up"] == 1

    assert (await doctor.says("call_end", outcome="completed"))["ok"]
    await visit.live.recorder.settled()
    after = await read(visit)
    assert after['teleconsulta_calls_ended_total{reason="ended_by_doctor"}'] == 1
    assert after["teleconsulta_calls_started_total"] == after["teleconsulta_call_duration_seconds_count"] == 1
    assert (after["teleconsulta_calls"], after["teleconsulta_record_notes"]) == (0, 0)
    assert after["teleconsulta_audit_entries"] > 3
    told = "".join(after)
    for canary in ("Benedita", "Quaresma", room.doctor.email, str(room.room_id), str(room.patient.participant_id)):
        assert canary not in told
