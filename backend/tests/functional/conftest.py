"""A real server for the functional tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from teleconsulta.kernel.settings import Settings
from tests.builders import Builder, Consultation
from tests.functional.live import Live, Person, serving


@pytest.fixture
async def live(settings: Settings) -> AsyncIterator[Live]:
    """The application behind a real HTTP server."""
    from teleconsulta.main import create_app

    async with serving(create_app(settings)) as running:
        yield running


@pytest.fixture
async def visit(live: Live) -> AsyncIterator[Visit]:
    """Lets people join, and shows them out at the end."""
    visit = Visit(live)
    yield visit
    await asyncio.gather(*(person.vanish() for person in visit.people))


class Visit:
    def __init__(self, live: Live) -> None:
        self.live = live
        self.people: list[Person] = []

    async def join(self, token: str, **auth: object) -> Person:
        person = await self.live.connect(token, **auth)
        self.people.append(person)
        return person

    async def doctor(self, room: Consultation, **auth: object) -> Person:
        return await self.join(room.doctor.token, room_id=room.room_id, **auth)

    async def patient(self, room: Consultation, **auth: object) -> Person:
        return await self.join(room.patient.token, **auth)

    async def call(self, build: Builder, **wishes: object) -> tuple[Consultation, Person, Person]:
        """A room with a call running: doctor and admitted patient."""
        room = await build.room(**wishes)  # type: ignore[arg-type]  # passed on as they are
        patient = await self.patient(room, incarnation="patient-page")
        doctor = await self.doctor(room, incarnation="doctors-page")
        await doctor.state()
        assert (await doctor.says("admit", participant_id=room.patient.participant_id))["ok"]
        for person in (doctor, patient):
            await person.hears("call_started")
        return room, doctor, patient
