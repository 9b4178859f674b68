"""What was withdrawn a moment ago counts, whatever a question asked before it said."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from teleconsulta.auth.identity import ParticipantIdentity
from teleconsulta.presence.errors import RoomIsClosed
from teleconsulta.signaling.door import REMEMBERED, StaffToken, Withdrawals
from teleconsulta.signaling.errors import Revoked
from tests.presence.people import NOON

SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> object:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def withdrawals(clock: Clock) -> Withdrawals:
    return Withdrawals(clock)  # type: ignore[arg-type]  # its answers are datetimes


def test_a_participant_whose_answer_is_older_than_the_news(withdrawals: Withdrawals) -> None:
    person = ParticipantIdentity(uuid4(), uuid4(), "patient")
    withdrawals.note(person.participant_id)
    with pytest.raises(Revoked):
        withdrawals.check(person, asked_at=NOON - SECOND)
    withdrawals.check(person, asked_at=NOON + SECOND)


def test_a_session_that_ended_and_a_token_from_before(withdrawals: Withdrawals) -> None:
    user, session = uuid4(), uuid4()
    withdrawals.note(session)
    withdrawals.note(user)
    with pytest.raises(Revoked):
        withdrawals.check(StaffToken(uuid4(), session, NOON), asked_at=NOON)
    with pytest.raises(Revoked):
        withdrawals.check(StaffToken(user, uuid4(), NOON - 2 * SECOND), asked_at=NOON)
    withdrawals.check(StaffToken(user, uuid4(), NOON + SECOND), asked_at=NOON)


def test_a_room_closed_while_the_database_was_asked(withdrawals: Withdrawals) -> None:
    room = uuid4()
    withdrawals.note(room)
    with pytest.raises(RoomIsClosed):
        withdrawals.check_room(room, asked_at=NOON)
    withdrawals.check_room(room, asked_at=NOON + SECOND)
    withdrawals.check_room(uuid4(), asked_at=NOON)


def test_old_news_are_forgotten(withdrawals: Withdrawals, clock: Clock) -> None:
    session = uuid4()
    withdrawals.note(session)
    clock.now += REMEMBERED + SECOND
    withdrawals.note(uuid4())
    withdrawals.check(StaffToken(uuid4(), session, NOON), asked_at=NOON)
