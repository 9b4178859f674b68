"""The shape of a catalogue. A test compares the three with each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`titles` and `fine` by line; `faults` by `line.fault`, each what is wrong and what to do about it."""

    titles: dict[str, str]
    fine: dict[str, str]
    faults: dict[str, tuple[str, str]]
    unset: str
    after: str
    states: dict[str, str]
    summary: str
