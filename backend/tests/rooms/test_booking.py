"""No doctor is booked twice for the same time; the database sees to it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.kernel.ids import new_id
from teleconsulta.patients.repository import find_or_create
from teleconsulta.rooms.errors import SlotTaken
from teleconsulta.rooms.models import Room
from teleconsulta.rooms.repository import book
from teleconsulta.rooms.window import Window, stamp
from tests.builders import Builder

HOUR = timedelta(hours=1)


async def schedule(database: Database, doctor: UUID, starts_at: datetime, *, scheduled: bool = True) -> UUID:
    moment = now()
    async with database.session() as session:
        patient = await find_or_create(session, "Bia", None, "pt-BR", moment)
        room = Room(
            id=new_id(),
            doctor_id=doctor,
            patient_id=patient.id,
            modality="teleconsulta",
            demo=False,
            state="open",
            created_at=moment,
        )
        await book(session, room, Window.lasting(starts_at, 60), moment, scheduled=scheduled)
        return room.id


@pytest.fixture
def tomorrow() -> datetime:
    return (now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


async def test_an_overlap_is_refused_with_other_times(database: Database, build: Builder, tomorrow: datetime) -> None:
    doctor = await build.staff()
    await schedule(database, doctor.id, tomorrow)
    with pytest.raises(SlotTaken) as refused:
        await schedule(database, doctor.id, tomorrow + HOUR / 2)
    assert refused.value.extra["next_free"] == [stamp(tomorrow + n * HOUR) for n in (1, 2, 3)]


async def test_back_to_back_is_no_overlap(database: Database, build: Builder, tomorrow: datetime) -> None:
    doctor = await build.staff()
    await schedule(database, doctor.id, tomorrow)
    await schedule(database, doctor.id, tomorrow + HOUR)
    await schedule(database, doctor.id, tomorrow - HOUR)


async def test_two_doctors_may_work_at_the_same_time(database: Database, build: Builder, tomorrow: datetime) -> None:
    for doctor in (await build.staff(), await build.staff()):
        await schedule(database, doctor.id, tomorrow)


async def test_an_instant_room_books_nothing(database: Database, build: Builder, tomorrow: datetime) -> None:
    doctor = await build.staff()
    await schedule(database, doctor.id, tomorrow)
    await schedule(database, doctor.id, tomorrow, scheduled=False)


async def test_a_closed_room_gives_its_time_back(database: Database, build: Builder, tomorrow: datetime) -> None:
    doctor = await build.staff()
    room_id = await schedule(database, doctor.id, tomorrow)
    async with database.session() as session:
        (await session.get_one(Room, room_id)).state = "closed"
    await schedule(database, doctor.id, tomorrow)


async def test_of_many_at_once_one_gets_the_time(database: Database, build: Builder, tomorrow: datetime) -> None:
    doctor = await build.staff()

    async def attempt(number: int) -> bool:
        for _ in range(50):
            try:
                await schedule(database, doctor.id, tomorrow + timedelta(minutes=5 * (number % 6)))
            except SlotTaken:
                return False
            except Unavailable:
                continue  # the pool was full: a client would try again
            return True
        raise AssertionError("never got an answer")

    results = await asyncio.gather(*(attempt(number) for number in range(60)))
    assert results.count(True) == 1
    async with database.session() as session:
        overlaps = await session.scalar(
            text("SELECT count(*) FROM rooms a JOIN rooms b ON a.id < b.id AND a.during && b.during")
        )
    assert overlaps == 0
