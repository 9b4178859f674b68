"""Medians and spreads. Times of this machine are ratios first, and figures only second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one figure in one run. All but `n` are in the unit of the samples."""

    n: int
    median: float
    p95: float
    low: float
    high: float


def quantile(samples: Sequence[float], share: float) -> float:
    """Nearest rank, so that the answer is a value that was measured; the mean of two in the middle for the median."""
    ordered = sorted(samples)
    if share == 0.5 and len(ordered) % 2 == 0:
        half = len(ordered) // 2
        return (ordered[half - 1] + ordered[half]) / 2
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(samples: Sequence[float]) -> Summary:
    """
    Raises:
        ValueError: there are no samples.
    """
    if not samples:
        raise ValueError("nothing was measured")
    return Summary(len(samples), quantile(samples, 0.5), quantile(samples, 0.95), min(samples), max(samples))
