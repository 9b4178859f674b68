"""What a page may report of its call."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from teleconsulta.signaling import limits
from teleconsulta.signaling.limits import Bucket
from teleconsulta.signaling.reports import CallReport


def interruption(**change: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "cause": "silence", "ago_ms": 5000, "duration_ms": 4000, "restarts": 2, **change}


def report(*interruptions: dict[str, Any]) -> CallReport:
    return CallReport.model_validate({"connection": "connected", "interruptions": list(interruptions)})


def test_a_report_needs_no_interruptions() -> None:
    assert CallReport.model_validate({"connection": "connected"}).interruptions == []


def test_one_may_last_still() -> None:
    assert report(interruption(duration_ms=None)).interruptions[0].duration_ms is None


@pytest.mark.parametrize(
    "change",
    [
        {"cause": "sunspots"},
        {"ago_ms": -1},
        {"ago_ms": 24 * 3600 * 1000 + 1},
        {"ago_ms": 1.5},
        {"duration_ms": -1},
        {"restarts": 1001},
        {"id": "the first"},
        {"began_at": "2026-11-27T12:00:00Z"},
    ],
)
def test_nonsense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        report(interruption(**change))


def test_twenty_are_enough() -> None:
    assert len(report(*(interruption() for _ in range(20))).interruptions) == 20
    with pytest.raises(ValidationError):
        report(*(interruption() for _ in range(21)))


def test_a_page_that_reports_every_ten_seconds_is_always_heard() -> None:
    bucket = Bucket(limits.REPORTS_PER_SECOND, limits.REPORTS_BURST)
    uneven = [at + (-0.9 if number % 3 else 0.9) for number, at in enumerate(range(3, 3600, 10))]
    assert all(bucket.allows(at) for at in uneven)


def test_a_page_that_reports_twice_as_often_is_not() -> None:
    bucket = Bucket(limits.REPORTS_PER_SECOND, limits.REPORTS_BURST)
    heard = [bucket.allows(float(at)) for at in range(0, 3600, 5)]
    assert sum(heard) <= 3600 / 9 + limits.REPORTS_BURST
