"""What a doctor does with the agenda over REST, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from httpx import AsyncClient

from tests.builders import Staff

BIA = {"name": "Benedita Quaresma", "email": "bia@paciente.example"}


async def book(client: AsyncClient, doctor: Staff, starts_at: datetime | str, **wish: Any) -> dict[str, Any]:
    when = starts_at if isinstance(starts_at, str) else starts_at.isoformat()
    body = {"patient": BIA, "starts_at": when, **wish}
    answer = await client.post("/api/rooms", json=body, headers=doctor.headers)
    assert answer.status_code == 201, answer.text
    room: dict[str, Any] = answer.json()
    return room


async def change(client: AsyncClient, doctor: Staff, room: dict[str, Any], **wish: Any) -> dict[str, Any]:
    answer = await client.patch(f"/api/rooms/{room['id']}", json=wish, headers=doctor.headers)
    assert answer.status_code == 200, answer.text
    moved: dict[str, Any] = answer.json()
    return moved


async def close(client: AsyncClient, doctor: Staff, room: dict[str, Any], outcome: str) -> None:
    closing = {"outcome": outcome, "reason": "Segredo clínico."}
    answer = await client.post(f"/api/rooms/{room['id']}/close", json=closing, headers=doctor.headers)
    assert answer.status_code == 200, answer.text
