"""When a reminder is due, and when it is too late for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from teleconsulta.invitations.timing import REMINDERS, ReminderKind
from teleconsulta.rooms.window import Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
WINDOW = Window.lasting(NOON, 30)
LONG_AGO = NOON - timedelta(days=9)
HOUR, MINUTE, TICK = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("kind", "now", "expected"),
    [
        ("reminder_24h", NOON - 24 * HOUR - TICK, False),
        ("reminder_24h", NOON - 24 * HOUR, True),
        ("reminder_24h", NOON - 2 * HOUR - TICK, True),  # the server was away for most of a day
        ("reminder_24h", NOON - 2 * HOUR, False),
        ("reminder_15m", NOON - 15 * MINUTE - TICK, False),
        ("reminder_15m", NOON - 15 * MINUTE, True),
        ("reminder_15m", NOON - TICK, True),
        ("reminder_15m", NOON, False),
        ("reminder_15m", NOON + 24 * HOUR, False),
    ],
)
def test_edges(kind: ReminderKind, now: datetime, expected: bool) -> None:
    assert REMINDERS[kind].due(WINDOW, LONG_AGO, now) is expected


@pytest.mark.parametrize(
    ("told_before", "expected"),
    [(24 * HOUR, True), (24 * HOUR - TICK, False), (3 * HOUR, False)],
)
def test_who_was_told_within_the_day_needs_no_reminder_of_it(told_before: timedelta, expected: bool) -> None:
    assert REMINDERS["reminder_24h"].due(WINDOW, NOON - told_before, NOON - 2.5 * HOUR) is expected
