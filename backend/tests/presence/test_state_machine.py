"""Whatever people do in whatever order, what must always hold of a room holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from teleconsulta.kernel.errors import DomainError
from teleconsulta.presence import queueing
from teleconsulta.presence import state as rules
from teleconsulta.presence.events import CallEnded, CallStarted, Outcome, RoomClosed
from teleconsulta.presence.model import CAPACITY, Arrival, Media, Who
from tests.presence.people import AGREED, BIA, CAIO, DORA, EVA, GRACE, IRIS, NOON, empty

people = st.sampled_from([IRIS, BIA, CAIO, DORA, EVA])
guests = st.sampled_from([BIA, CAIO, DORA, EVA])


class RoomMachine(RuleBasedStateMachine):
    """Two pages and any number of sockets for each of five people."""

    @initialize(demo=st.booleans())
    def begin(self, demo: bool) -> None:
        self.state = empty(demo=demo)
        self.now = NOON
        self.number = 0
        self.calls_open: set[UUID] = set()
        self.calls_seen: set[UUID] = set()
        self.agreed = {BIA.id, CAIO.id, DORA.id, EVA.id}
        self.to_be_admitted: set[UUID] = set()  # by the doctor, after they took an agreement back

    def follow(self, outcome: Outcome) -> None:
        versions = [event.version for event in outcome.events]
        assert versions == list(range(self.state.version + 1, self.state.version + 1 + len(versions)))
        assert outcome.state.version == self.state.version + len(versions)
        for event in outcome.events:
            if isinstance(event, CallStarted):
                assert not self.calls_open
                assert event.call.id not in self.calls_seen
                self.calls_open.add(event.call.id)
                self.calls_seen.add(event.call.id)
            if isinstance(event, CallEnded):
                assert self.calls_open == {event.call.id}
                assert event.at <= self.now
                self.calls_open.clear()
            if isinstance(event, RoomClosed):
                assert outcome.state.closed
        self.state = outcome.state

    def fresh(self) -> UUID:
        self.number += 1
        return UUID(int=1000 + self.number)

    @rule(who=people, page=st.sampled_from("ab"), take_over=st.booleans(), admitted=st.booleans())
    def join(self, who: Who, page: str, take_over: bool, admitted: bool) -> None:
        call_id = self.fresh()
        who = replace(who, authorised=AGREED if who.id in self.agreed else None)
        asking = Arrival(who, f"socket-{self.number}", page, take_over=take_over, admitted=admitted)
        try:
            self.follow(rules.join(self.state, asking, self.now, call_id))
        except DomainError:
            return
        seat = self.state.seat_of(who.id)
        assert seat is not None
        assert (seat.connection, seat.incarnation) == (asking.connection, page)

    @rule(who=guests)
    def agree(self, who: Who) -> None:
        self.agreed.add(who.id)

    @rule(who=guests)
    def withdraw(self, who: Who) -> None:
        self.agreed.discard(who.id)
        self.to_be_admitted.add(who.id)
        self.follow(rules.withdraw_consent(self.state, who.id, self.now))

    @rule(who=people, stale=st.booleans())
    def drop(self, who: Who, stale: bool) -> None:
        seat = self.state.seat_of(who.id)
        connection = "stale" if stale or seat is None or seat.connection is None else seat.connection
        self.follow(rules.drop(self.state, who.id, connection, self.now))

    @rule(who=people)
    def leave(self, who: Who) -> None:
        seat = self.state.seat_of(who.id)
        self.follow(rules.leave(self.state, who.id, (seat and seat.connection) or "stale", self.now))

    @rule(who=guests)
    def admit(self, who: Who) -> None:
        try:
            self.follow(rules.admit(self.state, who.id, self.now, self.fresh()))
        except DomainError:
            return
        seat = self.state.seat_of(who.id)
        assert seat is not None
        assert seat.admitted
        self.to_be_admitted.discard(who.id)

    @rule(who=people, how=st.sampled_from([rules.refuse, rules.remove, rules.revoke]))
    def show_out(self, who: Who, how: object) -> None:
        decide = {rules.refuse: rules.refuse, rules.remove: rules.remove, rules.revoke: rules.revoke}[how]  # type: ignore[index]
        try:
            self.follow(decide(self.state, who.id, self.now))
        except DomainError:
            return
        assert self.state.seat_of(who.id) is None

    @rule(who=people)
    def hold(self, who: Who) -> None:
        try:
            self.follow(queueing.hold(self.state, who.id, self.now))
        except DomainError:
            return
        seat = self.state.seat_of(who.id)
        assert seat is not None
        assert not seat.admitted

    @rule(who=people)
    def notify(self, who: Who) -> None:
        try:
            self.follow(queueing.notify(self.state, who.id, "Dez minutos.", self.now))
        except DomainError:
            return
        seat = self.state.seat_of(who.id)
        assert seat is not None
        assert seat.notice is not None

    @rule(who=people, audio=st.booleans())
    def say_media(self, who: Who, audio: bool) -> None:
        try:
            self.follow(rules.set_media(self.state, who.id, Media(audio=audio)))
        except DomainError:
            assert self.state.seat_of(who.id) is None

    @rule(seconds=st.integers(0, 90))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.follow(rules.expire(self.state, self.now, GRACE))
        deadline = rules.next_deadline(self.state, GRACE)
        assert deadline is None or deadline > self.now

    @rule(really=st.integers(0, 20))
    def close(self, really: int) -> None:
        if really == 0:
            self.follow(rules.close(self.state, "ended_by_doctor", self.now))

    @invariant()
    def one_seat_each(self) -> None:
        ids = [seat.id for seat in self.state.seats]
        assert len(ids) == len(set(ids))

    @invariant()
    def nobody_sits_without_an_agreement(self) -> None:
        assert {seat.id for seat in self.state.seats} <= self.agreed | {IRIS.id}

    @invariant()
    def who_took_it_back_is_let_in_anew(self) -> None:
        if not self.state.facts.demo:
            assert not {seat.id for seat in self.state.admitted} & self.to_be_admitted

    @invariant()
    def nobody_is_in_who_does_not_fit(self) -> None:
        assert len(self.state.admitted) <= CAPACITY

    @invariant()
    def a_call_has_two_admitted_people(self) -> None:
        assert self.state.call is None or len(self.state.admitted) >= 2
        assert ({self.state.call.id} if self.state.call else set()) == self.calls_open

    @invariant()
    def two_present_with_the_doctor_are_in_a_call(self) -> None:
        present = [seat for seat in self.state.admitted if seat.online]
        if len(present) >= 2 and any(seat.is_doctor for seat in present):
            assert self.state.call is not None

    @invariant()
    def away_and_online_exclude_each_other(self) -> None:
        for seat in self.state.seats:
            assert seat.online == (seat.away_since is None)

    @invariant()
    def a_closed_room_is_empty(self) -> None:
        assert not (self.state.closed and self.state.seats)


TestRoomMachine = RoomMachine.TestCase
TestRoomMachine.settings = settings(
    max_examples=250, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
