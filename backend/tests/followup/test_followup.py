"""The rule of 180 days, and what a doctor decides about it."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient

from teleconsulta.followup.rules import Level, standing
from teleconsulta.kernel.clock import now
from tests.builders import Builder

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("days", "level"),
    [(0, "fine"), (149, "fine"), (150, "due"), (180, "due"), (181, "overdue"), (4000, "overdue")],
)
def test_the_warning_begins_on_day_150_and_the_interval_ends_with_day_180(days: int, level: Level) -> None:
    found = standing(DAY, DAY + timedelta(days=days))
    assert (found.level, found.days, found.due_on) == (level, days, date(2026, 6, 30))


def test_without_a_visit_nothing_is_known() -> None:
    assert standing(None, DAY).level == "unknown"


@pytest.mark.slow
class TestOverRest:
    async def test_the_day_is_kept_with_the_patient_and_warns_the_doctor(
        self, client: AsyncClient, build: Builder
    ) -> None:
        room = await build.room()
        url = f"/api/rooms/{room.room_id}/follow-up"
        assert (await client.get(url, headers=room.doctor.headers)).json()["level"] == "unknown"
        today = now().astimezone(ZoneInfo("America/Sao_Paulo")).date()
        wish = {"last_in_person_on": str(today - timedelta(days=160))}
        kept = (await client.put(url, json=wish, headers=room.doctor.headers)).json()
        assert (kept["level"], kept["days"], kept["due_on"]) == ("due", 160, str(today + timedelta(days=20)))

    async def test_a_day_to_come_is_refused(self, client: AsyncClient, build: Builder) -> None:
        room = await build.room()
        wish = {"last_in_person_on": str(now().date() + timedelta(days=2))}
        url = f"/api/rooms/{room.room_id}/follow-up"
        assert (await client.put(url, json=wish, headers=room.doctor.headers)).status_code == 422

    async def test_a_decision_is_kept_with_what_was_known_then(self, client: AsyncClient, build: Builder) -> None:
        room = await build.room()
        url = f"/api/rooms/{room.room_id}/follow-up"
        today = now().astimezone(ZoneInfo("America/Sao_Paulo")).date()
        await client.put(url, json={"last_in_person_on": str(today - timedelta(days=200))}, headers=room.doctor.headers)
        wish = {"decision": "see_in_person", "reason": "Retorno em dezembro."}
        made = await client.post(f"{url}/decisions", json=wish, headers=room.doctor.headers)
        assert made.status_code == 201
        await client.put(url, json={"last_in_person_on": str(today)}, headers=room.doctor.headers)
        shown = (await client.get(url, headers=room.doctor.headers)).json()
        assert shown["level"] == "fine"
        [decision] = shown["decisions"]
        assert (decision["decision"], decision["days"], decision["reason"]) == (
            "see_in_person",
            200,
            "Retorno em dezembro.",
        )

    async def test_another_doctors_consultation_does_not_exist(self, client: AsyncClient, build: Builder) -> None:
        room, stranger = await build.room(), await build.staff()
        answer = await client.get(f"/api/rooms/{room.room_id}/follow-up", headers=stranger.headers)
        assert answer.status_code == 404
