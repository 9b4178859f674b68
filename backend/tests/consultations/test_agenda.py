"""An agenda's day: no time given twice, whatever comes at once; zones and clock changes."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.consultations.booking import BIA, book, close
from tests.consultations.letterbox import Letterbox, entry

MINUTE = timedelta(minutes=1)


def last_sunday(year: int, month: int) -> date:
    """When clocks are changed in Europe: at 01:00 UTC of that day."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


async def overlaps(database: Database) -> int:
    async with database.session() as session:
        found: int | None = await session.scalar(
            text(
                "SELECT count(*) FROM rooms a JOIN rooms b ON a.id < b.id AND a.doctor_id = b.doctor_id "
                "AND a.during && b.during WHERE a.scheduled AND b.scheduled AND a.state = 'open' AND b.state = 'open'"
            )
        )
    return found or 0


class TestBooking:
    async def test_of_two_hundred_at_once_those_that_fit_stand(
        self, client: AsyncClient, build: Builder, database: Database, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        chance = random.Random(7)  # noqa: S311 - a game that can be played again

        async def attempt(number: int) -> tuple[int, dict[str, Any]]:
            start = tomorrow + chance.randrange(0, 96) * 5 * MINUTE
            body = {
                "patient": {"name": f"Paciente {number}", "email": None},
                "starts_at": start.isoformat(),
                "duration_minutes": chance.choice([15, 30, 45]),
            }
            answer = await client.post("/api/rooms", json=body, headers=doctor.headers)
            return answer.status_code, answer.json()

        answers = await asyncio.gather(*(attempt(number) for number in range(200)))
        counted = Counter(status for status, _ in answers)
        assert set(counted) == {201, 409}
        assert await overlaps(database) == 0
        async with database.session() as session:
            assert await session.scalar(text("SELECT count(*) FROM rooms")) == counted[201]
        for status, body in answers:
            if status == 409:
                assert body["code"] == "slot_taken"
                assert len(body["next_free"]) == 3

    async def test_moves_at_once_never_meet(
        self, client: AsyncClient, build: Builder, database: Database, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        rooms = [await book(client, doctor, tomorrow + n * timedelta(hours=1)) for n in range(12)]
        goal = (tomorrow + timedelta(days=1)).isoformat()
        answers = await asyncio.gather(
            *(
                client.patch(f"/api/rooms/{room['id']}", json={"starts_at": goal}, headers=doctor.headers)
                for room in rooms
            )
        )
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 11}
        assert await overlaps(database) == 0

    async def test_a_suggested_time_can_be_had(self, client: AsyncClient, build: Builder, tomorrow: datetime) -> None:
        doctor = await build.staff()
        await book(client, doctor, tomorrow, duration_minutes=50)
        wish = {"patient": BIA, "starts_at": tomorrow.isoformat(), "duration_minutes": 20}
        refused = await client.post("/api/rooms", json=wish, headers=doctor.headers)
        assert refused.status_code == 409
        for free in refused.json()["next_free"]:
            await book(client, doctor, free, duration_minutes=20)

    async def test_instant_rooms_stand_beside_everything(
        self, client: AsyncClient, build: Builder, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        for _ in range(3):
            answer = await client.post("/api/rooms", json={"patient": BIA}, headers=doctor.headers)
            assert answer.status_code == 201
        await book(client, doctor, now() + MINUTE)
        assert (await client.post("/api/rooms", json={"patient": BIA}, headers=doctor.headers)).status_code == 201

    async def test_a_cancelled_time_is_free_again(
        self, client: AsyncClient, build: Builder, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        await close(client, doctor, await book(client, doctor, tomorrow), "cancelled")
        await book(client, doctor, tomorrow)


class TestZones:
    async def test_a_room_keeps_the_clinics_zone_and_a_letter_says_the_patients(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        doctor = await build.staff()
        start = (now() + timedelta(days=30)).replace(hour=17, minute=30, second=0, microsecond=0)
        room = await book(client, doctor, start, time_zone="America/Manaus")
        assert room["time_zone"] == "America/Sao_Paulo"
        assert room["patient"]["time_zone"] == "America/Manaus"
        (mail,) = await letterbox.empty()
        assert "às 13:30 (horário de Manaus, UTC−4)" in mail.subject
        again = await book(client, doctor, start + timedelta(hours=1))
        assert again["patient"]["time_zone"] == "America/Manaus", "what was said before is remembered"

    async def test_without_another_zone_it_is_the_clinics(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        start = (now() + timedelta(days=30)).replace(hour=17, minute=30, second=0, microsecond=0)
        await book(client, await build.staff(), start)
        (mail,) = await letterbox.empty()
        assert "às 14:30 (horário de Brasília)" in mail.subject

    @pytest.mark.parametrize(
        "zone", ["America/Sao Paulo", "Marte/Olympus", "", "../../etc/passwd", "GMT+25", "a" * 300, "America", 3]
    )
    async def test_an_impossible_zone_is_refused(
        self, client: AsyncClient, build: Builder, tomorrow: datetime, zone: Any
    ) -> None:
        wish = {"patient": BIA, "starts_at": tomorrow.isoformat(), "time_zone": zone}
        answer = await client.post("/api/rooms", json=wish, headers=(await build.staff()).headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")
        assert [error["field"] for error in answer.json()["errors"]] == ["time_zone"]

    @pytest.mark.parametrize(
        ("month", "first", "second"),
        [
            # Lisbon, in spring: from 00:59 the clock goes to 02:00, and half an hour is half an hour.
            (3, "00:45:00+00:00", "02:15:00+01:00"),
            # And in autumn: 01:30 comes twice, an hour apart.
            (10, "01:30:00+01:00", "01:30:00+00:00"),
        ],
    )
    async def test_a_consultation_across_the_clock_change(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, month: int, first: str, second: str
    ) -> None:
        doctor, day = await build.staff(), last_sunday(now().year + 1, month)
        early, late = datetime.fromisoformat(f"{day}T{first}"), datetime.fromisoformat(f"{day}T{second}")
        room = await book(client, doctor, early, duration_minutes=30, time_zone="Europe/Lisbon")
        assert datetime.fromisoformat(room["ends_at"]) == early + 30 * MINUTE
        await book(client, doctor, late, duration_minutes=30)
        (mail, _second) = await letterbox.empty()
        _method, event = entry(mail)
        assert (event.start, event.end) == (early, early + 30 * MINUTE)
        clashing = {"patient": BIA, "starts_at": early.isoformat(), "duration_minutes": 30}
        refused = await client.post("/api/rooms", json=clashing, headers=doctor.headers)
        assert refused.status_code == 409
        for free in map(datetime.fromisoformat, refused.json()["next_free"]):
            assert all(free >= taken + 30 * MINUTE or free + 30 * MINUTE <= taken for taken in (early, late))
