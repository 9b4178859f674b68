"""A recorder on a real database, and a room to play."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.calls.scene import Scene


@pytest.fixture
async def scenes() -> list[Scene]:
    return []


@pytest.fixture
async def recorder(database: Database, scenes: list[Scene]) -> AsyncIterator[Recorder]:
    made = Recorder(database, lambda: [scene.state for scene in scenes], now)
    made.start()
    yield made
    await made.stop()


@pytest.fixture
async def scene(recorder: Recorder, build: Builder, scenes: list[Scene]) -> Scene:
    scenes.append(Scene(recorder, await build.room()))
    return scenes[0]
