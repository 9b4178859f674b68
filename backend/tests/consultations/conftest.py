"""When consultations are booked for, and where their letters go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from tests.consultations.letterbox import Letterbox


@pytest.fixture
def tomorrow() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def letterbox(database: Database, settings: Settings) -> Letterbox:
    return Letterbox(database, settings, now())
