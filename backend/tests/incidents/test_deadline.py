"""Three working days, as the ANPD counts them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from teleconsulta.incidents.deadline import due_at, good_friday

HERE = "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("known", "due"),
    [
        ("2026-11-23T10:00", "2026-11-27T00:00"),  # a Monday: Tuesday, Wednesday, all of Thursday
        ("2026-11-23T23:59", "2026-11-27T00:00"),
        ("2026-11-26T09:00", "2026-12-02T00:00"),  # a Thursday: Friday, Monday, Tuesday
        ("2026-11-28T12:00", "2026-12-03T00:00"),  # a Saturday
        ("2026-04-01T12:00", "2026-04-08T00:00"),  # Thursday, not Good Friday, Monday, Tuesday
        ("2026-12-23T12:00", "2026-12-30T00:00"),  # Thursday, not Christmas, Monday, Tuesday
        ("2026-11-18T12:00", "2026-11-25T00:00"),  # not the 20th of November
    ],
)
def test_three_working_days(known: str, due: str) -> None:
    here = ZoneInfo(HERE)
    moment = datetime.fromisoformat(known).replace(tzinfo=here)
    assert due_at(moment, HERE) == datetime.fromisoformat(due).replace(tzinfo=here)


def test_the_day_is_that_of_the_clinic() -> None:
    evening = datetime.fromisoformat("2026-11-24T01:30+00:00")  # still Monday in São Paulo
    assert due_at(evening, HERE).astimezone(ZoneInfo(HERE)).date() == date(2026, 11, 27)


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-03-29"), (2026, "2026-04-03"), (2038, "2038-04-23")])
def test_good_friday(year: int, day: str) -> None:
    assert good_friday(year) == date.fromisoformat(day)
