"""One rule of the room after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from teleconsulta.presence.errors import AlreadyAdmitted, NotSeated, RoomFull, RoomIsClosed, SeatTaken
from teleconsulta.presence.events import (
    Admitted,
    Away,
    CallEnded,
    CallStarted,
    Joined,
    Left,
    MediaChanged,
    Outcome,
    Resumed,
    TakenOver,
    Updated,
)
from teleconsulta.presence.model import Call, Media, Who
from teleconsulta.presence.state import (
    close,
    drop,
    informed,
    leave,
    refuse,
    remove,
    resume,
    revoke,
    set_media,
)
from tests.presence.people import (
    BIA,
    CAIO,
    CALL,
    DORA,
    EVA,
    IRIS,
    LATER,
    NOON,
    arrival,
    empty,
    enter,
    in_call,
    kinds,
    let_in,
    seat,
)


class TestJoin:
    def test_a_patient_waits(self) -> None:
        outcome = enter(empty(), BIA)
        assert kinds(outcome) == [Joined]
        assert seat(outcome.state, BIA).state == "waiting"

    def test_the_doctor_is_let_in_and_a_waiting_patient_is_no_call(self) -> None:
        outcome = enter(enter(empty(), BIA).state, IRIS)
        assert kinds(outcome) == [Joined]
        assert seat(outcome.state, IRIS).admitted
        assert outcome.state.call is None

    def test_a_demo_admits_and_so_the_call_begins(self) -> None:
        outcome = enter(enter(empty(demo=True), BIA).state, IRIS)
        assert kinds(outcome) == [Joined, CallStarted]
        assert outcome.state.call == Call(CALL, NOON)

    def test_who_was_admitted_before_a_restart_stays_admitted(self) -> None:
        assert seat(enter(empty(), BIA, admitted=True).state, BIA).admitted

    def test_who_was_admitted_and_left_comes_back_admitted(self) -> None:
        gone = leave(in_call(), BIA.id, "Bia-1", LATER).state
        assert kinds(enter(gone, BIA, LATER)) == [Joined, CallStarted]

    def test_who_was_shown_out_waits_again_whatever_an_old_record_says(self) -> None:
        out = remove(in_call(), BIA.id, LATER).state
        assert seat(enter(out, BIA, LATER, admitted=True).state, BIA).state == "waiting"

    def test_a_closed_room_takes_nobody(self) -> None:
        with pytest.raises(RoomIsClosed):
            enter(close(in_call(), "ended_by_doctor", LATER).state, BIA)

    def test_four_fit_and_the_doctors_place_is_kept(self) -> None:
        state = empty(demo=True)
        for who in (BIA, CAIO, DORA):
            state = enter(state, who).state
        with pytest.raises(RoomFull):
            enter(state, EVA)
        assert len(enter(state, IRIS).state.admitted) == 4

    def test_without_the_doctor_no_call_begins(self) -> None:
        assert enter(enter(empty(demo=True), BIA).state, CAIO).state.call is None

    def test_newer_facts_are_nobodys_news(self) -> None:
        moved = replace(in_call().facts, starts_at=LATER)
        assert informed(in_call(), moved) == Outcome(replace(in_call(), facts=moved))


class TestResume:
    def test_the_same_page_comes_back_silently(self) -> None:
        outcome = enter(in_call(), BIA, LATER, connection="Bia-2")
        assert outcome.events == (
            TakenOver(outcome.state.version - 1, seat(in_call(), BIA), "Bia-1", replaced=False),
            Resumed(outcome.state.version, seat(outcome.state, BIA), news=False),
        )

    def test_the_same_page_after_a_drop_is_news_but_no_new_incarnation(self) -> None:
        away = drop(in_call(), BIA.id, "Bia-1", LATER).state
        outcome = enter(away, BIA, LATER, connection="Bia-2")
        back = seat(outcome.state, BIA)
        assert outcome.events == (Resumed(outcome.state.version, back, news=True),)
        assert (back.incarnation, back.away_since, back.state) == ("Bia-page", None, "admitted")

    def test_another_page_takes_the_seat_over(self) -> None:
        outcome = enter(in_call(), BIA, LATER, connection="Bia-2", incarnation="another")
        assert kinds(outcome) == [TakenOver, Updated]
        assert isinstance(outcome.events[0], TakenOver)
        assert outcome.events[0].replaced
        assert seat(outcome.state, BIA).incarnation == "another"

    def test_a_reload_after_a_drop_takes_over_from_nobody(self) -> None:
        away = drop(in_call(), BIA.id, "Bia-1", LATER).state
        assert kinds(enter(away, BIA, LATER, connection="Bia-2", incarnation="another")) == [Updated]

    def test_another_page_may_ask_first(self) -> None:
        with pytest.raises(SeatTaken):
            enter(in_call(), BIA, incarnation="another", take_over=False)
        away = drop(in_call(), BIA.id, "Bia-1", LATER).state
        assert kinds(enter(away, BIA, incarnation="another", take_over=False)) == [Updated]

    def test_new_media_of_the_same_page_are_news(self) -> None:
        outcome = enter(in_call(), BIA, connection="Bia-2", media=Media(audio=True))
        assert isinstance(outcome.events[-1], Resumed)
        assert outcome.events[-1].news

    def test_without_a_seat_there_is_nothing_to_resume(self) -> None:
        with pytest.raises(NotSeated):
            resume(empty(), arrival(BIA), NOON, CALL)

    def test_the_doctors_return_begins_the_call(self) -> None:
        state = enter(enter(empty(), BIA).state, IRIS).state
        state = let_in(drop(state, IRIS.id, "Íris-1", NOON).state, BIA).state
        assert state.call is None
        assert kinds(enter(state, IRIS, LATER, connection="Íris-2")) == [Resumed, CallStarted]


class TestDrop:
    def test_the_seat_is_kept_for_a_while(self) -> None:
        outcome = drop(in_call(), BIA.id, "Bia-1", LATER)
        assert outcome.events == (Away(outcome.state.version, seat(outcome.state, BIA)),)
        assert not seat(outcome.state, BIA).online
        assert outcome.state.call is not None

    @pytest.mark.parametrize("connection", ["Bia-0", "Íris-1"])
    def test_a_stale_socket_changes_nothing(self, connection: str) -> None:
        assert drop(in_call(), BIA.id, connection, LATER) == Outcome(in_call())

    def test_nor_does_a_stranger(self) -> None:
        assert drop(in_call(), EVA.id, "Eva-1", LATER) == Outcome(in_call())


class TestAdmit:
    def test_it_begins_the_call(self) -> None:
        outcome = let_in(enter(enter(empty(), BIA).state, IRIS).state, BIA)
        assert kinds(outcome) == [Admitted, CallStarted]
        assert [event.version for event in outcome.events] == [3, 4]

    def test_of_two_who_ask_one_does_it(self) -> None:
        with pytest.raises(AlreadyAdmitted):
            let_in(in_call(), BIA)

    def test_a_third_person_joins_the_call_that_runs(self) -> None:
        outcome = let_in(enter(in_call(), CAIO).state, CAIO)
        assert kinds(outcome) == [Admitted]

    def test_nobody_there(self) -> None:
        with pytest.raises(NotSeated):
            let_in(in_call(), CAIO)

    def test_no_more_than_fit(self) -> None:
        state = in_call()
        for who in (CAIO, DORA):
            state = let_in(enter(state, who).state, who).state
        with pytest.raises(RoomFull):
            let_in(enter(state, EVA).state, EVA)


class TestGoing:
    def test_refused_is_only_who_waits(self) -> None:
        outcome = refuse(enter(empty(), BIA).state, BIA.id, LATER)
        assert [type(e) for e in outcome.events] == [Left]
        with pytest.raises(NotSeated):
            refuse(in_call(), BIA.id, LATER)

    def test_removed_ends_a_call_of_two(self) -> None:
        outcome = remove(in_call(), BIA.id, LATER)
        assert kinds(outcome) == [Left, CallEnded]
        assert outcome.state.call is None

    def test_the_doctor_is_not_shown_out(self) -> None:
        with pytest.raises(NotSeated):
            remove(in_call(), IRIS.id, LATER)

    def test_revoked(self) -> None:
        outcome = revoke(in_call(), BIA.id, LATER)
        assert isinstance(outcome.events[0], Left)
        assert outcome.events[0].reason == "revoked"
        assert revoke(in_call(), EVA.id, LATER) == Outcome(in_call())

    def test_leaving_ends_a_call_of_two_at_once(self) -> None:
        outcome = leave(in_call(), BIA.id, "Bia-1", LATER)
        assert isinstance(outcome.events[1], CallEnded)
        assert (outcome.events[1].reason, outcome.events[1].at) == ("left", LATER)

    @pytest.mark.parametrize(("who", "connection"), [(BIA, "Bia-0"), (EVA, "Eva-1")])
    def test_a_stale_socket_gives_up_nothing(self, who: Who, connection: str) -> None:
        assert leave(in_call(), who.id, connection, LATER) == Outcome(in_call())

    def test_a_call_of_three_goes_on_with_two(self) -> None:
        three = let_in(enter(in_call(), CAIO).state, CAIO).state
        assert kinds(leave(three, BIA.id, "Bia-1", LATER)) == [Left]

    def test_who_waits_and_goes_ends_no_call(self) -> None:
        state = enter(in_call(), CAIO).state
        assert kinds(leave(state, CAIO.id, "Caio-1", LATER)) == [Left]


class TestMedia:
    def test_a_change_is_told_once(self) -> None:
        outcome = set_media(in_call(), BIA.id, Media(video=True))
        assert kinds(outcome) == [MediaChanged]
        assert set_media(outcome.state, BIA.id, Media(video=True)) == Outcome(outcome.state)

    def test_of_nobody(self) -> None:
        with pytest.raises(NotSeated):
            set_media(in_call(), EVA.id, Media())
