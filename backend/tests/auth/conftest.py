"""A clock that can be moved, an administrator who invites, and a worker who writes."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.memory import MemorySender
from tests.auth.enrolled import Time
from tests.auth.inviting import Worker
from tests.builders import Builder, Staff


@pytest.fixture
def time(app: FastAPI) -> Time:
    return Time(app)


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    return Worker(database, settings, MemorySender())


@pytest.fixture
async def admin(build: Builder) -> Staff:
    await build.staff("admin")  # another one, so that this one is not the last
    return await build.staff("admin")
