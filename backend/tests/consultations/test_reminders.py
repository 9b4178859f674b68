"""Reminders: a day and a quarter of an hour before, once each, whatever is moved, cancelled or slept through."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from teleconsulta.invitations import reminders, repository
from teleconsulta.invitations.repository import Invited
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.message import Mail
from tests.builders import Builder, Staff
from tests.consultations.booking import BIA, book, change, close
from tests.consultations.letterbox import Letterbox

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def start() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0) + 3 * DAY


@pytest.fixture
def letterbox(database: Database, settings: Settings) -> Letterbox:
    return Letterbox(database, settings, now())


@pytest.fixture
async def doctor(build: Builder) -> Staff:
    return await build.staff()


@pytest.fixture
async def room(client: AsyncClient, doctor: Staff, letterbox: Letterbox, start: datetime) -> dict[str, Any]:
    """Booked three days ahead; the patient has the letter."""
    booked = await book(client, doctor, start)
    assert len(await letterbox.empty()) == 1
    return booked


def kinds(mails: list[Mail]) -> list[str]:
    return ["day" if mail.subject.startswith("Lembrete") else "soon" for mail in mails]


async def test_a_day_and_a_quarter_of_an_hour_before_once_each(
    room: dict[str, Any], letterbox: Letterbox, start: datetime
) -> None:
    said = {}
    for before in (DAY + MINUTE, DAY, DAY - MINUTE, 12 * HOUR, 16 * MINUTE, 15 * MINUTE, 14 * MINUTE, 0 * MINUTE):
        said[before] = kinds(await letterbox.at(start - before))
    assert {before: what for before, what in said.items() if what} == {DAY: ["day"], 15 * MINUTE: ["soon"]}


async def test_they_say_when_and_lead_to_the_room(room: dict[str, Any], letterbox: Letterbox, start: datetime) -> None:
    (day,) = await letterbox.at(start - DAY)
    (soon,) = await letterbox.at(start - 15 * MINUTE)
    for mail in (day, soon):
        assert f"https://clinica.example/paciente/{room['id']}#" in mail.text
        assert mail.event is None, "the calendar knows already"
        assert mail.to_email == BIA["email"]


class TestDowntime:
    async def test_a_day_of_downtime_gives_what_is_still_of_use(
        self, room: dict[str, Any], letterbox: Letterbox, start: datetime
    ) -> None:
        assert kinds(await letterbox.at(start - 3 * HOUR)) == ["day"]
        assert kinds(await letterbox.at(start - MINUTE)) == ["soon"]

    async def test_what_is_too_late_is_dropped(
        self, room: dict[str, Any], letterbox: Letterbox, start: datetime
    ) -> None:
        assert await letterbox.at(start - HOUR) == []
        assert await letterbox.at(start + MINUTE) == []

    async def test_a_letter_that_waited_too_long_in_the_queue_is_withdrawn(
        self, client: AsyncClient, room: dict[str, Any], letterbox: Letterbox, database: Database, start: datetime
    ) -> None:
        letterbox.moment = start - 14 * MINUTE
        await reminders.sweep(letterbox.settings, lambda: letterbox.moment)(database)
        assert await letterbox.at(start + MINUTE) == []
        async with database.session() as session:
            states = (await session.execute(text("SELECT kind, state FROM deliveries ORDER BY id"))).all()
        assert [tuple(row) for row in states] == [("invitation", "sent"), ("reminder_15m", "withdrawn")]

    async def test_several_workers_remind_once(
        self, room: dict[str, Any], letterbox: Letterbox, database: Database, start: datetime
    ) -> None:
        sweep = reminders.sweep(letterbox.settings, lambda: start - DAY)
        await asyncio.gather(*(sweep(database) for _ in range(4)))
        assert kinds(await letterbox.at(start - DAY)) == ["day"]

    async def test_a_worker_that_looked_before_another_was_done_gives_nothing(
        self, room: dict[str, Any], letterbox: Letterbox, database: Database, start: datetime
    ) -> None:
        """Its look is older than the mark, and the lock is free by the time it wants it."""
        at = start - DAY
        async with database.session() as session:
            (seen,) = await repository.to_remind(session, "reminder_24h", at, 10)
        await reminders.sweep(letterbox.settings, lambda: at)(database)
        async with database.session() as session:
            assert not await repository.count_as_reminded(session, seen, "reminder_24h", at)
        assert kinds(await letterbox.at(at)) == ["day"]


class TestChanges:
    async def test_a_moved_consultation_is_reminded_of_at_its_new_time(
        self, client: AsyncClient, doctor: Staff, room: dict[str, Any], letterbox: Letterbox, start: datetime
    ) -> None:
        assert kinds(await letterbox.at(start - DAY)) == ["day"]
        await change(client, doctor, room, starts_at=(start + 5 * DAY).isoformat())
        letterbox.moment = now()
        assert len(await letterbox.empty()) == 1  # the letter with the new time
        assert await letterbox.at(start - 15 * MINUTE) == []
        assert kinds(await letterbox.at(start + 4 * DAY)) == ["day"]
        assert kinds(await letterbox.at(start + 5 * DAY - 15 * MINUTE)) == ["soon"]

    async def test_a_reminder_on_its_way_is_withdrawn_by_a_move(
        self,
        client: AsyncClient,
        doctor: Staff,
        room: dict[str, Any],
        letterbox: Letterbox,
        database: Database,
        start: datetime,
    ) -> None:
        await reminders.sweep(letterbox.settings, lambda: start - DAY)(database)
        await change(client, doctor, room, starts_at=(start + 5 * DAY).isoformat())
        (mail,) = await letterbox.empty()
        assert mail.subject.startswith("Novo horário")

    @pytest.mark.parametrize("how", ["close", "revoke"])
    async def test_nobody_is_reminded_of_what_is_off(
        self,
        client: AsyncClient,
        doctor: Staff,
        room: dict[str, Any],
        letterbox: Letterbox,
        start: datetime,
        how: str,
    ) -> None:
        if how == "close":
            await close(client, doctor, room, "cancelled")
            assert len(await letterbox.empty()) == 1  # that it is off
        else:
            await client.delete(f"/api/invitations/{room['invitations'][0]['id']}", headers=doctor.headers)
        assert await letterbox.at(start - DAY) == []
        assert await letterbox.at(start - 15 * MINUTE) == []


class TestWhoIsLeftAlone:
    async def test_a_booking_within_the_day_needs_no_reminder_a_day_before(
        self, client: AsyncClient, doctor: Staff, letterbox: Letterbox
    ) -> None:
        at = now() + 5 * HOUR
        await book(client, doctor, at)
        assert len(await letterbox.empty()) == 1
        assert await letterbox.at(at - 4 * HOUR) == []
        assert kinds(await letterbox.at(at - 10 * MINUTE)) == ["soon"]

    async def test_an_instant_consultation(self, client: AsyncClient, doctor: Staff, letterbox: Letterbox) -> None:
        await client.post("/api/rooms", json={"patient": BIA}, headers=doctor.headers)
        assert len(await letterbox.empty()) == 1
        assert await letterbox.at(now() + MINUTE) == []

    async def test_without_an_address_another_channel_may_still_reach_them(
        self,
        client: AsyncClient,
        doctor: Staff,
        letterbox: Letterbox,
        database: Database,
        settings: Settings,
        start: datetime,
    ) -> None:
        room = await book(client, doctor, start, patient={"name": "Bia", "email": None})
        assert room["invitations"][0]["link"], "the doctor may copy it"
        reached: list[str] = []

        async def by_pigeon(_session: object, _settings: object, invited: Invited, kind: str, _now: object) -> None:
            reached.append(f"{kind} {invited.person.name}")

        sweep = reminders.sweep(settings, lambda: start - DAY, (reminders.by_letter, by_pigeon))
        await sweep(database)
        await sweep(database)
        assert reached == ["reminder_24h Bia"]
        assert await letterbox.at(start - DAY) == []

    async def test_who_has_come_into_the_waiting_room(
        self, client: AsyncClient, doctor: Staff, letterbox: Letterbox
    ) -> None:
        at = now() + 20 * MINUTE
        room = await book(client, doctor, at)
        await letterbox.empty()
        token = room["invitations"][0]["link"].split("#")[1]
        assert (await client.post("/api/invitations/redeem", json={"token": token})).status_code == 200
        assert await letterbox.at(at - 10 * MINUTE) == []
