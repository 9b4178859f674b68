"""Back to waiting, a word to who waits, the place in the queue, and how long it will take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from teleconsulta.presence import queueing
from teleconsulta.presence.errors import NotSeated
from teleconsulta.presence.events import CallEnded, Held, Left, Notified
from teleconsulta.presence.model import Notice, Who
from teleconsulta.presence.queueing import estimate, hold, kept_place, notify
from teleconsulta.presence.state import drop, expire, refuse
from tests.presence.people import BIA, CAIO, EVA, GRACE, IRIS, LATER, NOON, empty, enter, in_call, kinds, let_in, seat

SECOND = timedelta(seconds=1)


class TestHold:
    def test_they_wait_where_they_stood_and_the_call_of_two_ends(self) -> None:
        outcome = hold(in_call(), BIA.id, LATER)
        assert kinds(outcome) == [Held, CallEnded]
        back = seat(outcome.state, BIA)
        assert (back.state, back.since, back.connection) == ("waiting", NOON, "Bia-1")

    def test_a_call_of_three_goes_on(self) -> None:
        three = let_in(enter(in_call(), CAIO).state, CAIO).state
        assert kinds(hold(three, BIA.id, LATER)) == [Held]

    def test_an_old_record_does_not_let_them_in_again(self) -> None:
        held = hold(in_call(), BIA.id, LATER).state
        again = enter(held, BIA, LATER, connection="Bia-2", incarnation="another", admitted=True).state
        assert seat(again, BIA).state == "waiting"

    def test_they_may_be_let_in_again(self) -> None:
        assert let_in(hold(in_call(), BIA.id, LATER).state, BIA, LATER).state.call is not None

    @pytest.mark.parametrize("who", [IRIS, EVA])
    def test_only_somebody_who_was_let_in(self, who: Who) -> None:
        with pytest.raises(NotSeated):
            hold(in_call(), who.id, LATER)

    def test_not_who_waits(self) -> None:
        with pytest.raises(NotSeated):
            hold(enter(in_call(), CAIO).state, CAIO.id, LATER)


class TestNotify:
    def test_the_last_word_stays_until_they_are_let_in(self) -> None:
        waiting = enter(enter(empty(), BIA).state, IRIS).state
        outcome = notify(waiting, BIA.id, "Dez minutos.", NOON)
        assert kinds(outcome) == [Notified]
        again = notify(outcome.state, BIA.id, "Já vou.", LATER).state
        assert seat(again, BIA).notice == Notice("Já vou.", LATER)
        assert seat(let_in(again, BIA).state, BIA).notice is None

    def test_it_outlives_a_reload(self) -> None:
        told = notify(enter(empty(), BIA).state, BIA.id, "Dez minutos.", NOON).state
        reloaded = enter(told, BIA, LATER, connection="Bia-2", incarnation="another").state
        assert seat(reloaded, BIA).notice == Notice("Dez minutos.", NOON)

    def test_who_is_in_is_spoken_to(self) -> None:
        with pytest.raises(NotSeated):
            notify(in_call(), BIA.id, "Dez minutos.", LATER)


def test_a_closed_tab_keeps_the_place_for_the_grace_time_and_no_longer() -> None:
    waiting = enter(enter(empty(), BIA).state, CAIO, LATER).state
    gone = drop(waiting, BIA.id, "Bia-1", LATER).state
    back = enter(expire(gone, LATER + GRACE - SECOND, GRACE).state, BIA, LATER + GRACE - SECOND, connection="Bia-2")
    assert [one.who for one in sorted(back.state.waiting, key=lambda one: one.since)] == [BIA, CAIO]
    late = enter(expire(gone, LATER + GRACE, GRACE).state, BIA, LATER + GRACE, connection="Bia-2")
    assert [one.who for one in sorted(late.state.waiting, key=lambda one: one.since)] == [CAIO, BIA]


def test_a_refusal_carries_its_message() -> None:
    event = refuse(enter(empty(), BIA).state, BIA.id, LATER, "Ligue para a clínica.").events[0]
    assert isinstance(event, Left)
    assert (event.reason, event.message) == ("refused", "Ligue para a clínica.")


STARTED = LATER


@pytest.mark.parametrize(
    ("arrived", "away", "now", "kept"),
    [
        (None, None, STARTED, False),
        (NOON, None, STARTED, True),
        (NOON, None, STARTED + GRACE, True),
        (NOON, None, STARTED + GRACE + SECOND, False),
        (NOON, NOON + SECOND, NOON + SECOND + GRACE, True),
        (NOON, NOON + SECOND, NOON + SECOND + GRACE + SECOND, False),
    ],
)
def test_the_place_is_kept_over_a_restart_for_the_grace_time(
    arrived: datetime | None, away: datetime | None, now: datetime, kept: bool
) -> None:
    assert kept_place(arrived, away, STARTED, now, GRACE) == (arrived if kept else None)


def test_who_waited_before_a_restart_stands_before_who_has_just_come() -> None:
    state = enter(enter(empty(), CAIO, LATER).state, BIA, LATER, since=NOON).state
    assert [s.who for s in sorted(state.waiting, key=lambda s: s.since)] == [BIA, CAIO]


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


USUAL = minutes(10, 12, 15, 20, 30)


@pytest.mark.parametrize(
    ("past", "ahead", "running", "not_before", "expected"),
    [
        (minutes(10, 12, 15, 20), 1, None, 0, None),  # four calls say nothing
        (minutes(10, 12, 15, 20, 0.5), 1, None, 0, None),  # nor does one that was a mistake
        (USUAL, 0, None, 0, None),  # next, and nobody is in: the doctor decides
        (USUAL, 1, None, 0, (10, 20)),  # 12 to 20
        (USUAL, 0, 2, 0, (10, 20)),  # 10 to 18
        (USUAL, 0, 45, 0, (0, 10)),  # longer than usual: it may end at any moment
        (USUAL, 2, 10, 0, (25, 50)),  # 26 to 50
        (USUAL, 1, None, 30, (30, 30)),  # booked for half past
        (USUAL, 6, 1, 0, None),  # more than two hours
        (minutes(0, 0, 0, 0, 0), 3, None, 0, None),
    ],
)
def test_how_long_it_will_probably_take(
    past: list[timedelta],
    ahead: int,
    running: float | None,
    not_before: float,
    expected: tuple[int, int] | None,
) -> None:
    gone_on = None if running is None else timedelta(minutes=running)
    found = estimate(past, ahead, gone_on, timedelta(minutes=not_before))
    assert (found and tuple(round(one / timedelta(minutes=1)) for one in found)) == expected


class TestKnockingAtASleepingServer:
    STARTED = datetime(2026, 5, 4, 8, tzinfo=UTC)
    GRACE = timedelta(seconds=60)

    def place(self, knocking: float, *, after_start: float = 5, last_sign: float | None = None) -> float | None:
        """Seconds before the start that somebody stands at, all in seconds."""
        sign = None if last_sign is None else self.STARTED - timedelta(seconds=last_sign)
        moment = self.STARTED + timedelta(seconds=after_start)
        at = queueing.knocked_at(timedelta(seconds=knocking), sign, self.STARTED, moment, self.GRACE)
        return None if at is None else (self.STARTED - at).total_seconds()

    def test_who_came_while_it_slept_stands_where_they_came(self) -> None:
        assert self.place(20) == 15
        assert self.place(12, after_start=10) == 2

    def test_who_came_when_it_was_awake_came_when_they_connected(self) -> None:
        assert self.place(5) is None
        assert self.place(0) is None

    def test_nobody_may_say_so_later(self) -> None:
        assert self.place(90, after_start=61) is None

    def test_nobody_came_earlier_than_a_host_takes_to_wake(self) -> None:
        assert self.place(86_400) == 300

    def test_nobody_overtakes_whoever_is_on_record(self) -> None:
        behind = self.place(86_400, last_sign=40)
        assert behind is not None
        assert 39.9 < behind < 40
        assert self.place(20, last_sign=40) == 15
        assert self.place(86_400, last_sign=4000) == 300
