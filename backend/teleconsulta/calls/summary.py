"""A call's quality in a few numbers, kept up to date report by report. Pure.

It stays when the reports themselves are purged, so it holds what somebody may ask about the call years later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SUMS = ("freezes", "freeze_ms", "restarts")
MEANS = ("rtt_ms", "jitter_ms", "loss_in", "loss_out", "concealed", "fps", "bitrate_in", "bitrate_out")
WORST = ("rtt_ms", "loss_in", "loss_out", "concealed")
LIMITS = ("bandwidth", "cpu")


def add(summary: Mapping[str, Any] | None, report: Mapping[str, Any]) -> dict[str, Any]:
    """The summary with one more report.

    Counts are summed, everything else is averaged over the reports that had it, and some keep their worst report
    beside the mean. `limited_bandwidth` and `limited_cpu` are shares of the reports that said what limits the picture.
    `counted` holds how many reports had which figure, so that a mean can be continued.
    """
    known = dict(summary or {})
    counted = known["counted"] = dict(known.get("counted", {}))
    known["samples"] = known.get("samples", 0) + 1
    for name in SUMS:
        known[name] = known.get(name, 0) + (report.get(name) or 0)
    for name in MEANS:
        _average(known, counted, name, report.get(name))
    for name in WORST:
        values = [value for value in (known.get(f"{name}_worst"), report.get(name)) if value is not None]
        known[f"{name}_worst"] = max(values, default=None)
    limitation = report.get("limitation")
    for limit in LIMITS:
        _average(known, counted, f"limited_{limit}", None if limitation is None else float(limitation == limit))
    for name in ("interruptions", "interruption_ms"):
        known.setdefault(name, 0)
    return known


def _average(known: dict[str, Any], counted: dict[str, int], name: str, value: float | None) -> None:
    if value is None:
        known.setdefault(name, None)
        return
    count = counted[name] = counted.get(name, 0) + 1
    mean = known.get(name) or 0.0
    known[name] = mean + (value - mean) / count
