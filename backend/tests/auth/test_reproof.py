"""Who signed in a while ago gives the password again before setting up a second factor."""

from __future__ import annotations

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from tests.auth.enrolled import Time, outcome
from tests.builders import PASSWORD, Builder, Staff


@pytest.fixture
async def doctor(build: Builder, time: Time) -> Staff:
    """Signed in ten minutes ago, and a token that is as fresh as can be."""
    staff = await build.staff()
    time.pass_by(minutes=10, seconds=5)
    return staff


async def start(client: AsyncClient, staff: Staff, **body: str) -> tuple[int, str | None]:
    return outcome(await client.post("/api/auth/totp", json=body, headers=staff.headers))


async def test_without_the_password_nothing_begins(client: AsyncClient, doctor: Staff) -> None:
    assert await start(client, doctor) == (403, "password_required")
    confirmed = await client.post("/api/auth/totp/confirm", json={"code": "123456"}, headers=doctor.headers)
    assert outcome(confirmed) == (409, "second_factor_missing")


async def test_with_it_the_setting_up_begins(client: AsyncClient, doctor: Staff) -> None:
    assert await start(client, doctor, password=PASSWORD) == (201, None)


async def test_guessing_it_is_recorded_and_gets_slow(client: AsyncClient, doctor: Staff, database: Database) -> None:
    found = [await start(client, doctor, password="not the password") for _ in range(6)]
    assert found == [(422, "wrong_password")] * 5 + [(429, "too_many_attempts")]
    async with database.session() as session:
        actions = (await session.scalars(select(AuditEntry.action))).all()
    assert actions == ["second_factor:refused"] * 5
