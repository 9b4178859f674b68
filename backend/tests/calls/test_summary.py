"""A call in a few numbers, report by report."""

from __future__ import annotations

from typing import Any

from teleconsulta.calls import summary
from teleconsulta.calls.schemas import QualitySummary


def summed_up(*reports: dict[str, Any], known: dict[str, Any] | None = None) -> dict[str, Any]:
    whole = dict(known or {})
    for report in reports:
        whole = summary.add(whole, report)
    return whole


def test_counts_are_added_and_the_rest_is_averaged() -> None:
    whole = summed_up({"rtt_ms": 20, "freezes": 1}, {"rtt_ms": 40, "freezes": 2, "fps": 30}, {"loss_in": 0.1})
    assert (whole["samples"], whole["rtt_ms"], whole["fps"], whole["loss_in"]) == (3, 30, 30, 0.1)
    assert (whole["freezes"], whole["restarts"], whole["jitter_ms"]) == (3, 0, None)


def test_the_worst_report_is_kept_beside_the_mean() -> None:
    whole = summed_up({"rtt_ms": 20, "concealed": 0.0}, {"rtt_ms": 900, "concealed": 0.2}, {"rtt_ms": 40})
    assert (whole["rtt_ms"], whole["rtt_ms_worst"], whole["concealed_worst"]) == (320, 900, 0.2)
    assert (whole["loss_in_worst"], whole["loss_out_worst"]) == (None, None)


def test_what_limited_the_picture_is_a_share_of_the_reports_that_said_so() -> None:
    limits = ("bandwidth", "none", "bandwidth", "cpu")
    whole = summed_up({}, *({"limitation": limit} for limit in limits))
    assert (whole["limited_bandwidth"], whole["limited_cpu"]) == (0.5, 0.25)
    assert summed_up({})["limited_cpu"] is None


def test_a_summary_of_an_older_version_can_be_read_and_continued() -> None:
    old = {"samples": 3, "rtt_ms": 35.0, "freezes": 0.0, "counted": {"rtt_ms": 3}}
    read = QualitySummary.model_validate(old)
    assert (read.samples, read.rtt_ms, read.rtt_ms_worst, read.interruptions) == (3, 35.0, None, None)
    longer = summed_up({"rtt_ms": 75}, known=old)
    assert (longer["samples"], longer["rtt_ms"], longer["rtt_ms_worst"]) == (4, 45.0, 75)
    assert old == {"samples": 3, "rtt_ms": 35.0, "freezes": 0.0, "counted": {"rtt_ms": 3}}
