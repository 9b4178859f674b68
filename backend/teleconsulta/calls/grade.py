"""How a call felt, in one word, from its summaries. A table of thresholds, the worse side counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from teleconsulta.calls.schemas import Grade

# (figure, fair from, poor from): loss and concealment as shares, RTT in ms, interruptions together in ms.
# Audio decides: beyond 2 % of concealed speech people notice, beyond 8 % they ask each other to repeat.
THRESHOLDS = (
    ("concealed", 0.02, 0.08),
    ("loss_in", 0.05, 0.15),
    ("loss_out", 0.05, 0.15),
    ("rtt_ms", 300.0, 700.0),
    ("interruption_ms", 5_000.0, 30_000.0),
)
ORDER: tuple[Grade, ...] = ("good", "fair", "poor")


def grade(summaries: Iterable[Mapping[str, float | None] | None]) -> Grade | None:
    """The grade of the weakest side, or None where nobody reported anything."""
    grades = [_one(summary) for summary in summaries if summary]
    return max(grades, key=ORDER.index) if grades else None


def _one(summary: Mapping[str, float | None]) -> Grade:
    worst = 0
    for figure, fair, poor in THRESHOLDS:
        value = summary.get(figure)
        if value is not None:
            worst = max(worst, 2 if value >= poor else 1 if value >= fair else 0)
    return ORDER[worst]
