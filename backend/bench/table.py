"""One table: each figure beside its target, and beside what others reach on the same machine in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Summary

MARKS = {True: "yes", False: "NO", None: "-"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `reached` is None where there is no target, or nothing to hold against it."""

    number: str
    figure: str
    ours: str
    spread: str = ""
    target: str = ""
    reached: bool | None = None
    beside: str = ""


HEAD = Row("#", "figure", "ours", "spread", "target", None, "same run: others")


def spread(found: Summary, digits: int = 0) -> str:
    """p95, least and greatest, as they stand in the table."""
    return f"p95 {found.p95:.{digits}f}, {found.low:.{digits}f}-{found.high:.{digits}f}, n={found.n}"


def missing(number: str, figure: str, why: str) -> Row:
    return Row(number, figure, "not measured", why)


def render(rows: Sequence[Row]) -> str:
    """Aligned columns, wide enough for their widest cell."""
    cells = [(row.number, row.figure, row.ours, row.spread, row.target, MARKS[row.reached], row.beside) for row in rows]
    head = (HEAD.number, HEAD.figure, HEAD.ours, HEAD.spread, HEAD.target, "met", HEAD.beside)
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *cells)
    ]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])
