"""A call's quality in a few numbers, kept up to date report by report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SUMS = ("freezes", "freeze_ms", "restarts")
MEANS = ("rtt_ms", "jitter_ms", "loss_in", "loss_out", "concealed", "fps", "bitrate_in", "bitrate_out")


def add(summary: Mapping[str, Any] | None, report: Mapping[str, Any]) -> dict[str, Any]:
    """The summary with one more report: counts are summed, everything else is averaged over the reports that had it.

    `counted` holds how many reports had which figure, so that a mean can be continued.
    """
    known = dict(summary or {})
    counted = dict(known.get("counted", {}))
    known["samples"] = known.get("samples", 0) + 1
    for name in SUMS:
        known[name] = known.get(name, 0) + (report.get(name) or 0)
    for name in MEANS:
        value = report.get(name)
        if value is None:
            known.setdefault(name, None)
            continue
        count = counted[name] = counted.get(name, 0) + 1
        mean = known.get(name) or 0.0
        known[name] = mean + (value - mean) / count
    known["counted"] = counted
    return known
