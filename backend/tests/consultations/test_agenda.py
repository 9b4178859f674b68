"""An agenda's day: no time given twice, whatever comes at once; zones and clock changes; what calendars are told."""

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
from teleconsulta.kernel.settings import Settings
from tests.builders import Builder, Staff
from tests.consultations.letterbox import Letterbox, entry

BIA = {"name": "Benedita Quaresma", "email": "bia@paciente.example"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tomorrow() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def letterbox(database: Database, settings: Settings) -> Letterbox:
    return Letterbox(database, settings, now())


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


class TestCalendars:
    async def test_one_entry_from_booking_over_moving_to_cancelling(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        (asked,) = await letterbox.empty()
        await change(client, doctor, room, starts_at=(tomorrow + timedelta(hours=3)).isoformat())
        (other,) = await letterbox.empty()
        await change(client, doctor, room, duration_minutes=45)
        (longer,) = await letterbox.empty()
        await close(client, doctor, room, "cancelled")
        (off,) = await letterbox.empty()
        methods, events = zip(*(entry(mail) for mail in (asked, other, longer, off)), strict=True)
        assert methods == ("REQUEST", "REQUEST", "REQUEST", "CANCEL")
        assert len({str(event["UID"]) for event in events}) == 1
        assert [event["SEQUENCE"] for event in events] == [0, 1, 2, 3]
        assert [event.start for event in events] == [tomorrow] + [tomorrow + timedelta(hours=3)] * 3
        address, token = str(events[1]["URL"]).split("#")
        assert address == f"https://clinica.example/paciente/{room['id']}"
        assert (await client.post("/api/invitations/preview", json={"token": token})).status_code == 410
        assert "cancelada" in off.text
        assert "Segredo" not in off.text + off.html
        assert "/paciente/" not in off.text + off.html

    async def test_a_letter_sent_again_changes_nothing_in_the_calendar(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        (first,) = await letterbox.empty()
        await client.post(f"/api/invitations/{room['invitations'][0]['id']}/resend", headers=doctor.headers)
        (again,) = await letterbox.empty()
        (_, one), (_, other) = entry(first), entry(again)
        assert (str(one["UID"]), one["SEQUENCE"]) == (str(other["UID"]), other["SEQUENCE"])

    async def test_two_people_of_one_mailbox_keep_an_entry_each(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        companion = {"name": "Caetano", "email": BIA["email"], "role": "companion"}
        await client.post(f"/api/rooms/{room['id']}/invitations", json=companion, headers=doctor.headers)
        events = [entry(mail)[1] for mail in await letterbox.empty()]
        assert len({str(event["UID"]) for event in events}) == 2
        assert len({str(event["URL"]) for event in events}) == 2

    @pytest.mark.parametrize(
        ("name", "patient"),
        [
            ("emoji", "👩🏽‍⚕️ Bia 🎉"),
            ("right to left", "محمد بن عبد الله"),
            ("long", "ç" * 200),
            ("commas", 'Quaresma, Bia; "a rápida": x'),
        ],
    )
    async def test_any_name(
        self,
        client: AsyncClient,
        build: Builder,
        letterbox: Letterbox,
        tomorrow: datetime,
        name: str,
        patient: str,
    ) -> None:
        wish = {"patient": {"name": patient, "email": "bia@paciente.example"}}
        room = await book(client, await build.staff(name=f"Dra. {patient}"[:200]), tomorrow, **wish)
        assert room["patient"]["name"] == patient
        (mail,) = await letterbox.empty()
        _method, event = entry(mail)
        assert str(event["ATTENDEE"]) == "mailto:bia@paciente.example", name
        assert str(event["SUMMARY"]).startswith("Consulta por vídeo com Dra. ")

    async def test_an_instant_consultation_has_no_entry(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        answer = await client.post("/api/rooms", json={"patient": BIA}, headers=(await build.staff()).headers)
        assert answer.status_code == 201
        (mail,) = await letterbox.empty()
        assert mail.event is None


class TestCancelling:
    @pytest.mark.parametrize("outcome", ["cancelled", "refused_by_doctor", "no_show", "converted_to_phone"])
    async def test_before_its_time_people_are_told(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime, outcome: str
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        await letterbox.empty()
        await close(client, doctor, room, outcome)
        assert [entry(mail)[0] for mail in await letterbox.empty()] == ["CANCEL"]
        await close(client, doctor, room, outcome)
        assert await letterbox.empty() == [], "once"

    async def test_who_never_got_a_letter_gets_none(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        await close(client, doctor, await book(client, doctor, tomorrow), "cancelled")
        assert await letterbox.empty() == []

    async def test_a_consultation_that_took_place_is_not_cancelled(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, now() + 10 * MINUTE)
        await letterbox.empty()
        token = room["invitations"][0]["link"].split("#")[1]
        assert (await client.post("/api/invitations/redeem", json={"token": token})).status_code == 200
        await close(client, doctor, room, "referred_in_person")
        assert await letterbox.empty() == []

    async def test_an_instant_one_is_not_either(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox
    ) -> None:
        doctor = await build.staff()
        room = (await client.post("/api/rooms", json={"patient": BIA}, headers=doctor.headers)).json()
        await letterbox.empty()
        await close(client, doctor, room, "cancelled")
        assert await letterbox.empty() == []

    async def test_who_was_uninvited_hears_nothing_more(
        self, client: AsyncClient, build: Builder, letterbox: Letterbox, tomorrow: datetime
    ) -> None:
        doctor = await build.staff()
        room = await book(client, doctor, tomorrow)
        await letterbox.empty()
        await client.delete(f"/api/invitations/{room['invitations'][0]['id']}", headers=doctor.headers)
        await close(client, doctor, room, "cancelled")
        assert await letterbox.empty() == []
