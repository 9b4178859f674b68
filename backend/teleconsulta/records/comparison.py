"""Which rows were changed, taken away, put in or moved, by comparing lines with the signed list. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from teleconsulta.records.seal import Listed, digest

WORDS = {
    "header": "header",
    "consultation": "consultation",
    "identity": "identity",
    "consent_text": "text of the consent",
    "consent": "consent",
    "consent_override": "consent overridden in an emergency",
    "participation": "participation",
    "stay": "stay",
    "interruption": "interruption",
    "message": "chat message",
    "event": "event of the timeline",
    "note": "note of the doctor",
    "document": "issued document",
    "signed_copy": "signed copy of a document",
    "audit": "entry of the audit log",
    "audit_head": "head of the audit log",
}


def name(kind: str) -> str:
    """A kind of row in words; one that this version does not know keeps its own name."""
    return WORDS.get(kind, kind)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line of the file, counted from 1."""

    number: int
    line: bytes


def differences(lines: Sequence[Numbered], listed: Sequence[Listed]) -> list[str]:
    """One sentence for each row that is not as it was signed. Rows are counted from 1 too."""
    expected = {row.sha256: place for place, row in enumerate(listed)}
    present: dict[int, int] = {}  # where the line with the row of this place is
    strangers: list[int] = []
    copies: list[str] = []
    for at, one in enumerate(lines):
        place = expected.get(digest(one.line))
        if place is None:
            strangers.append(at)
        elif place in present:
            copies.append(f"Line {one.number} is a copy of {_row(listed, place)}.")
        else:
            present[place] = at
    kept = _rising([(at, place) for place, at in sorted(present.items(), key=lambda found: found[1])])
    unmoved = {place for _, place in kept}
    moved = [
        f"{_row(listed, place).capitalize()} is out of order: it stands in line {lines[at].number}."
        for place, at in present.items()
        if place not in unmoved
    ]
    problems: list[str] = []
    # Between two rows that are in place, unknown lines are what the rows that should be there became.
    ends = [(-1, -1), *kept, (len(lines), len(listed))]
    for (at, place), (next_at, next_place) in pairwise(ends):
        unknown = [lines[one].number for one in strangers if at < one < next_at]
        absent = [_row(listed, one).capitalize() for one in range(place + 1, next_place) if one not in present]
        both = min(len(unknown), len(absent))
        problems += [f"{row} was changed." for row in absent[:both]]
        problems += [f"{row} is missing." for row in absent[both:]]
        problems += [f"Line {number} does not belong in this dossier." for number in unknown[both:]]
    return [*problems, *moved, *copies]


def _row(listed: Sequence[Listed], place: int) -> str:
    return f"row {place + 1} ({name(listed[place].kind)})"


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of rows that are still in order: whatever is not in it was moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect_left(tails, place)
        before.append(ends[at - 1] if at else None)
        if at == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[at], ends[at] = place, index
    run: list[tuple[int, int]] = []
    step = ends[-1] if ends else None
    while step is not None:
        run.append(pairs[step])
        step = before[step]
    return run[::-1]
