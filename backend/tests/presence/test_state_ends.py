"""How seats, calls and rooms end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from teleconsulta.presence.events import CallEnded, Left, Outcome, RoomClosed
from teleconsulta.presence.model import Call, Who
from teleconsulta.presence.state import (
    close,
    drop,
    expire,
    leave,
    may_see,
    next_deadline,
)
from tests.presence.people import (
    BIA,
    CAIO,
    CALL,
    GRACE,
    IRIS,
    LATER,
    NOON,
    empty,
    enter,
    in_call,
    kinds,
    seat,
)


class TestExpire:
    def test_within_the_grace_time_nothing_happens(self) -> None:
        away = drop(in_call(), BIA.id, "Bia-1", NOON).state
        assert expire(away, NOON + GRACE - timedelta(milliseconds=1), GRACE) == Outcome(away)

    def test_after_the_grace_time_the_call_ended_when_she_was_last_seen(self) -> None:
        away = drop(in_call(), BIA.id, "Bia-1", LATER).state
        outcome = expire(away, LATER + GRACE, GRACE)
        left, ended = outcome.events
        assert isinstance(left, Left)
        assert (left.seat.who, left.reason, left.at) == (BIA, "timeout", LATER)
        assert isinstance(ended, CallEnded)
        assert (ended.reason, ended.at, ended.room_closed) == ("timeout", LATER, False)

    def test_a_call_from_before_a_restart_waits_the_grace_time_for_a_second_person(self) -> None:
        old = Call(CALL, NOON)
        alone = enter(empty(call=old), IRIS).state
        assert next_deadline(alone, GRACE) == NOON + GRACE
        assert kinds(expire(alone, NOON + GRACE, GRACE)) == [CallEnded]
        both = enter(alone, BIA, admitted=True).state
        assert both.call == old
        assert expire(both, NOON + GRACE, GRACE) == Outcome(both)

    def test_the_last_one_gone_the_restarted_call_is_over(self) -> None:
        alone = enter(empty(call=Call(CALL, NOON)), IRIS).state
        outcome = leave(alone, IRIS.id, "Íris-1", LATER)
        assert kinds(outcome) == [Left, CallEnded]
        assert next_deadline(outcome.state, GRACE) is None

    def test_the_deadline_is_the_earliest(self) -> None:
        state = drop(drop(in_call(), BIA.id, "Bia-1", LATER).state, IRIS.id, "Íris-1", NOON).state
        assert next_deadline(state, GRACE) == NOON + GRACE


class TestClose:
    def test_everybody_goes_for_good(self) -> None:
        outcome = close(in_call(), "ended_by_doctor", LATER)
        ended, closed = outcome.events
        assert isinstance(ended, CallEnded)
        assert ended.room_closed
        assert isinstance(closed, RoomClosed)
        assert [s.who for s in closed.seats] == [BIA, IRIS]
        assert (outcome.state.seats, outcome.state.call, outcome.state.closed) == ((), None, True)

    def test_without_a_call(self) -> None:
        assert kinds(close(empty(), "room_closed", LATER)) == [RoomClosed]

    def test_twice_is_fine(self) -> None:
        closed = close(empty(), "room_closed", LATER).state
        assert close(closed, "room_closed", LATER) == Outcome(closed)


@pytest.mark.parametrize(
    ("viewer", "other", "sees"),
    [
        (IRIS, CAIO, True),
        (BIA, CAIO, False),
        (CAIO, BIA, False),
        (CAIO, IRIS, True),
        (BIA, IRIS, True),
        (CAIO, CAIO, True),
    ],
)
def test_who_waits_is_seen_by_the_doctor_alone(viewer: Who, other: Who, sees: bool) -> None:
    state = enter(in_call(), CAIO).state
    assert may_see(seat(state, viewer), seat(state, other)) is sees
