"""The people of the presence tests, and a room for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from teleconsulta.presence.events import Event, Outcome
from teleconsulta.presence.model import Arrival, Authorisation, Call, Facts, RoomState, Seat, Who
from teleconsulta.presence.state import admit, join, opened

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=10)
GRACE = timedelta(seconds=60)
IRIS = Who(UUID(int=1), "Íris", "doctor")
AGREED = Authorisation("self")
BIA = Who(UUID(int=2), "Bia", "patient", AGREED)
CAIO = Who(UUID(int=3), "Caio", "companion", AGREED)
DORA = Who(UUID(int=4), "Dora", "interpreter", AGREED)
EVA = Who(UUID(int=5), "Eva", "colleague", AGREED)
CALL = UUID(int=100)


def facts(number: int = 9, *, demo: bool = False) -> Facts:
    return Facts(
        room_id=UUID(int=number),
        doctor_id=UUID(int=50),
        doctor_participant_id=IRIS.id,
        doctor_name=IRIS.name,
        patient_id=UUID(int=60),
        patient_name=BIA.name,
        modality="teleconsulta",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        closes_at=NOON + timedelta(hours=2),
        scheduled=True,
        demo=demo,
    )


def empty(*, demo: bool = False, call: Call | None = None) -> RoomState:
    return opened(facts(demo=demo), call, NOON)


def arrival(who: Who, connection: str = "", incarnation: str = "", **more: Any) -> Arrival:
    return Arrival(who, connection or f"{who.name}-1", incarnation or f"{who.name}-page", **more)


def enter(state: RoomState, who: Who, at: datetime = NOON, **more: Any) -> Outcome:
    return join(state, arrival(who, **more), at, CALL)


def let_in(state: RoomState, who: Who, at: datetime = NOON) -> Outcome:
    return admit(state, who.id, at, CALL)


def in_call() -> RoomState:
    """Íris and Bia talk since noon."""
    return let_in(enter(enter(empty(), BIA).state, IRIS).state, BIA).state


def kinds(outcome: Outcome) -> list[type[Event]]:
    return [type(event) for event in outcome.events]


def seat(state: RoomState, who: Who) -> Seat:
    found = state.seat_of(who.id)
    assert found is not None
    return found
