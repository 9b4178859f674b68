"""Whoever comes, whenever they come: no process ends with somebody there, and every process ends when nobody is."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from teleconsulta.idle.decision import SOON, Ahead, Booked, expected
from teleconsulta.idle.sleeper import Sleeper
from teleconsulta.idle.visits import Visits

BEGINNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)
CHANGES = ("enter", "knock", "glance", "leave", "sit", "stand_up")


async def nothing(*_: Any) -> None:
    """An application that serves nobody."""


class Moment:
    """What waits for the database: the test decides what happens meanwhile."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def finished(looking: Coroutine[Any, Any, Any]) -> list[Any]:
    """Lets it go on: nothing while it waits, or in a list what it came to."""
    try:
        looking.send(None)
    except StopIteration as done:
        return [done.value]
    return []


class Clinic(RuleBasedStateMachine):
    """The world around one process, and what a person would say about it."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.visits = Visits(nothing, lambda: self.seconds)
        self.arriving = self.people = 0
        self.busy_until = 0.0
        self.rooms: list[Booked] = []
        self.jobs: list[float] = []
        self.calls = 0
        self.reachable = True
        self.ended = False
        self.sleeper = Sleeper(
            visits=self.visits,
            people=lambda: self.people,
            arriving=lambda: self.arriving,
            ahead=self.ahead,
            leave=self.leave_for_good,
            clock=self.now,
            patience=PATIENCE,
        )

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.seconds)

    async def ahead(self) -> Ahead | None:
        await Moment()
        if not self.reachable:
            return None
        work = any(due <= self.seconds + SOON.total_seconds() for due in self.jobs)
        return Ahead(work, bool(self.calls), tuple(self.rooms))

    def leave_for_good(self) -> None:
        self.ended = True
        assert not self.somebody(), "ended with somebody there"
        assert self.seconds - self.busy_until >= PATIENCE.total_seconds(), "ended right after somebody"
        for room in self.rooms:
            over = self.now() >= room.ends_at
            assert over or room.starts_at - self.now() > timedelta(minutes=15), "ended before an appointment"
        assert all(due - self.seconds > 900 for due in self.jobs), "ended with work to do"
        assert self.reachable, "ended without knowing"

    def somebody(self) -> bool:
        return bool(self.visits.open or self.people or self.arriving or self.calls)

    # -- what happens ------------------------------------------------------------------------------

    def enter(self) -> None:
        self.visits.begin()
        self.busy_until = self.seconds

    def knock(self) -> None:
        self.arriving += 1

    def glance(self) -> None:
        """A request that is answered at once."""
        self.visits.begin()
        self.visits.end()
        self.busy_until = self.seconds

    def leave(self) -> None:
        if self.arriving:
            self.arriving -= 1
        elif self.visits.open:
            self.visits.end()
            self.busy_until = self.seconds

    def sit(self) -> None:
        self.people += 1

    def stand_up(self) -> None:
        self.people = max(0, self.people - 1)

    @precondition(lambda self: not self.ended)
    @rule(what=st.sampled_from(CHANGES))
    def somebody_does(self, what: str) -> None:
        getattr(self, what)()

    @precondition(lambda self: not self.ended)
    @rule(starts_in=st.integers(0, 90), minutes=st.integers(5, 60))
    def book(self, starts_in: int, minutes: int) -> None:
        self.glance()
        starts_at = self.now() + timedelta(minutes=starts_in)
        self.rooms.append(Booked(starts_at, starts_at + timedelta(minutes=minutes)))

    @precondition(lambda self: self.rooms and not self.ended)
    @rule()
    def close_room(self) -> None:
        self.glance()
        self.rooms.pop()

    @precondition(lambda self: not self.ended)
    @rule(due_in=st.integers(0, 5400))
    def queue_work(self, due_in: int) -> None:
        self.jobs.append(self.seconds + due_in)

    @precondition(lambda self: self.jobs and not self.ended)
    @rule()
    def work(self) -> None:
        self.jobs.pop(0)

    @precondition(lambda self: not self.ended)
    @rule(calls=st.integers(0, 1), reachable=st.booleans())
    def record(self, calls: int, reachable: bool) -> None:
        self.calls, self.reachable = calls, reachable

    @rule(seconds=st.sampled_from([1, 60, 299, 300, 301, 900, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.seconds += seconds

    @precondition(lambda self: not self.ended)
    @rule(meanwhile=st.lists(st.sampled_from(CHANGES), max_size=3))
    def look(self, meanwhile: list[str]) -> None:
        looking = self.sleeper.look()
        reason = finished(looking)
        if not reason:  # it waits for the database, which thinks
            for what in meanwhile:
                getattr(self, what)()
            reason = finished(looking)
        assert reason
        assert (reason == [None]) == self.ended

    def teardown(self) -> None:
        """Everybody goes home; then the process ends, at the first look after its patience."""
        if self.ended:
            return
        while self.arriving or self.visits.open:
            self.leave()
        self.people = self.calls = 0
        self.rooms, self.jobs, self.reachable = [], [], True
        self.seconds += PATIENCE.total_seconds()
        self.look([])
        assert self.ended


Clinic.TestCase.settings = how(max_examples=120, stateful_step_count=40, deadline=None)
TestClinic = Clinic.TestCase


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "awake"),
    [(15, 45, True), (16, 46, False), (-10, 20, True), (-30, 0, False), (-30, 1, True)],
)
def test_appointments_that_keep_awake(starts_in: int, ends_in: int, awake: bool) -> None:
    booked = Booked(BEGINNING + timedelta(minutes=starts_in), BEGINNING + timedelta(minutes=ends_in))
    assert expected([booked], BEGINNING) is awake
