"""May the process end? Pure: what was seen comes in, the reason to stay comes out, or None."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SOON = timedelta(minutes=15)
"""An appointment or a job that is nearer than this is worth staying awake for."""

Reason = Literal["people", "requests", "lately", "unknown", "call", "work", "appointment", "somebody_came"]


@dataclass(frozen=True, slots=True)
class Here:
    """This process at one moment, seen without waiting for anything.

    `people`: sockets in rooms or on dashboards, seats that are kept, calls. `requests`: being answered or arriving,
    open sockets of strangers among them. `visits`: every request there ever was, so that one that came and went
    between two looks is seen. `quiet_for`: since the last of them ended.
    """

    people: int
    requests: int
    visits: int
    quiet_for: timedelta


@dataclass(frozen=True, slots=True)
class Booked:
    """The time of a room that is open: somebody is invited to it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the record expects. `work`: jobs that are running, or due within SOON. `calls`: on record as going on."""

    work: bool
    calls: bool
    booked: tuple[Booked, ...]


def here(seen: Here, patience: timedelta) -> Reason | None:
    """Why this process is needed now."""
    if seen.people:
        return "people"
    if seen.requests:
        return "requests"
    return "lately" if seen.quiet_for < patience else None


def ahead(known: Ahead | None, now: datetime) -> Reason | None:
    """Why it will be needed soon. None is known: the database does not answer, and nobody is to be let down by that."""
    if known is None:
        return "unknown"
    if known.calls:
        return "call"
    if known.work:
        return "work"
    return "appointment" if expected(known.booked, now) else None


def expected(booked: Iterable[Booked], now: datetime) -> bool:
    """Whether an appointment goes on, or begins soon."""
    return any(one.starts_at <= now + SOON and now < one.ends_at for one in booked)


def last_look(before: Here, after: Here) -> Reason | None:
    """Whether somebody came while the record was read. Nothing may be awaited between this and the end."""
    if after.people:
        return "people"
    if after.requests:
        return "requests"
    return "somebody_came" if after.visits != before.visits else None
