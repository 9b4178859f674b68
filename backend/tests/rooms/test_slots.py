"""The next free times of a doctor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleconsulta.rooms.slots import next_free

HALF = timedelta(minutes=30)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 26, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("busy", "after", "expected"),
    [
        ([], at(9), [at(9), at(9, 30), at(10)]),
        ([], at(9, 2), [at(9, 5), at(9, 35), at(10, 5)]),
        ([(at(9), at(9, 30))], at(9), [at(9, 30), at(10), at(10, 30)]),
        ([(at(9, 20), at(10)), (at(10, 30), at(11))], at(9), [at(10), at(11), at(11, 30)]),
        ([(at(10, 30), at(11)), (at(9), at(10))], at(9, 10), [at(10), at(11), at(11, 30)]),
        ([(at(9), at(9, 7))], at(9), [at(9, 10), at(9, 40), at(10, 10)]),
        ([(at(8), at(12)), (at(9), at(10))], at(9), [at(12), at(12, 30), at(13)]),
    ],
)
def test_gaps_are_found(busy: list[tuple[datetime, datetime]], after: datetime, expected: list[datetime]) -> None:
    assert next_free(busy, after, HALF) == expected


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 240)), max_size=30),
    st.integers(0, 2000),
    st.integers(5, 240),
)
def test_a_suggestion_never_overlaps(booked: list[tuple[int, int]], start: int, minutes: int) -> None:
    busy = [(at(0) + timedelta(minutes=a), at(0) + timedelta(minutes=a + b)) for a, b in booked]
    after, length = at(0) + timedelta(minutes=start), timedelta(minutes=minutes)
    found = next_free(busy, after, length)
    assert len(found) == 3
    taken = list(busy)
    for free in found:
        assert free >= after
        assert all(free + length <= begin or free >= end for begin, end in taken)
        taken.append((free, free + length))
