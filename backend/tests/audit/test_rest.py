"""The audit log over REST: filtered by what was done, by whom, and about what."""

from __future__ import annotations

from httpx import AsyncClient

from teleconsulta.audit import Action
from tests.builders import Builder


async def test_filters_and_the_words_for_them(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    one, other = await build.room(), await build.room()
    for room in (one, other):
        url = f"/api/rooms/{room.room_id}/close"
        assert (await client.post(url, json={"outcome": "completed"}, headers=room.doctor.headers)).is_success

    async def found(**asked: str) -> list[tuple[str, str]]:
        answer = await client.get("/api/audit", params=asked, headers=admin.headers)
        return [(entry["action"], entry["actor"]["id"]) for entry in answer.json()["items"]]

    closed = [("room:closed", str(other.doctor.id)), ("room:closed", str(one.doctor.id))]
    assert await found(action="room:closed") == closed
    assert await found(actor_id=str(one.doctor.id)) == closed[1:]
    assert await found(target_id=str(other.room_id)) == closed[:1]
    words = await client.get("/api/audit/actions", headers=admin.headers)
    assert words.json()["items"] == [str(action) for action in Action]
