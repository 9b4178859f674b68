"""Counts of what runs: a doctor's own, an admin's all, nobody's names."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import Builder, Staff
from tests.functional.conftest import Visit
from tests.functional.conftest import live as live
from tests.functional.conftest import visit as visit

pytestmark = pytest.mark.slow


async def stats(visit: Visit, who: Staff) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=visit.live.url, headers=who.headers) as client:
        answer = await client.get("/api/webrtc/stats")
    assert answer.status_code == 200
    return dict(answer.json())


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
