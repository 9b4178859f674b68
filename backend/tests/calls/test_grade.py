"""A call's grade, as a table."""

import pytest

from teleconsulta.calls.grade import grade


@pytest.mark.parametrize(
    ("says", "summaries", "expected"),
    [
        ("nobody reported", [], None),
        ("nobody reported anything", [None, {}], None),
        ("all well", [{"rtt_ms": 40.0, "loss_in": 0.0, "concealed": 0.001}], "good"),
        ("the weaker side counts", [{"concealed": 0.0}, {"concealed": 0.03}], "fair"),
        ("a figure on the edge belongs to the worse", [{"rtt_ms": 300.0}], "fair"),
        ("speech that breaks up is poor whatever the rest", [{"rtt_ms": 20.0, "concealed": 0.2}], "poor"),
        ("half a minute without anything is poor, good as the rest was", [{"interruption_ms": 30_000}], "poor"),
        ("unknown figures do not count", [{"rtt_ms": None, "loss_in": 0.01}], "good"),
    ],
)
def test_grade(says: str, summaries: list[dict[str, float | None] | None], expected: str | None) -> None:
    assert grade(summaries) == expected, says
