"""Counts of what runs: a doctor's own, an admin's all, nobody's names."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import Builder, Staff
from tests.functional.conftest import Visit
from tests.functional.conftest import live as live
from tests.functional.conftest import visit as visit

pytestmark = pytest.mark.slow


async def stats(visit: Visit, who: Staff) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=visit.live.url, headers=who.headers) as client:
        answer = await client.get("/api/webrtc/stats")
    assert answer.status_code == 200
    return dict(answer.json())


async def test_counts_are_for_the_staff_and_hold_nothing_but_counts(build: Builder, visit: Visit) -> None:
    room, _, _ = await visit.call(build)
    for headers, status in (({}, 401), (room.patient.headers, 403), ({"Authorization": "Bearer x"}, 401)):
        async with httpx.AsyncClient(base_url=visit.live.url, headers=headers) as client:
            assert (await client.get("/api/webrtc/stats")).status_code == status
    mine = await stats(visit, room.doctor)
    assert set(mine) == {"rooms", "connections", "calls", "details"}
    (detail,) = mine["details"]
    started = detail.pop("call_started_at")
    assert started.endswith("Z")
    assert detail == {"room_id": str(room.room_id), "participants": 2, "connections": 2, "waiting": 0}


async def test_a_doctor_counts_their_own_rooms_and_an_admin_all(build: Builder, visit: Visit) -> None:
    room, _, patient = await visit.call(build)
    other = await build.room()
    await visit.patient(other)
    admin = await build.staff("admin")

    mine = await stats(visit, room.doctor)
    assert (mine["rooms"], mine["connections"], mine["calls"]) == (1, 2, 1)
    waiting = await stats(visit, other.doctor)
    assert (waiting["rooms"], waiting["connections"], waiting["calls"]) == (1, 1, 0)
    everything = await stats(visit, admin)
    assert (everything["rooms"], everything["connections"], everything["calls"]) == (2, 3, 1)
    assert "Benedita" not in str(everything)

    await patient.vanish()
    assert (await stats(visit, await build.staff()))["details"] == []
