"""When a link works, at each edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from teleconsulta.rooms.window import Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
WINDOW = Window.lasting(NOON, 30)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("when", "phase"),
    [
        (NOON - timedelta(minutes=30) - TICK, "early"),
        (NOON - timedelta(minutes=30), "open"),
        (NOON, "open"),
        (NOON + timedelta(minutes=90) - TICK, "open"),
        (NOON + timedelta(minutes=90), "over"),
    ],
)
def test_edges(when: datetime, phase: str) -> None:
    assert WINDOW.phase(when) == phase


def test_a_stored_range_is_the_same_window() -> None:
    assert Window.of(WINDOW.during) == WINDOW
    assert WINDOW.minutes == 30
    assert WINDOW.during.bounds == "[)"


def test_an_endless_range_is_no_window() -> None:
    with pytest.raises(ValueError, match="two ends"):
        Window.of(Range(NOON, None))
