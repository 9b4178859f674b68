"""A room played step by step for the recorder, and what the tables hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.calls.models import RoomEvent
from teleconsulta.calls.recorder import Recorder
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.presence import model
from teleconsulta.presence import state as rules
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import Arrival, Authorisation, Facts, RoomState, Seat, Who
from tests.builders import Consultation

GRACE = timedelta(seconds=60)
START = now().replace(microsecond=0) - timedelta(minutes=30)


class Scene:
    """A room played step by step, every step noted by the recorder."""

    def __init__(self, recorder: Recorder, room: Consultation, call: model.Call | None = None) -> None:
        self.recorder, self.room = recorder, room
        self.doctor = Who(room.doctor_participant_id, "Íris", "doctor")
        self.patient = Who(room.patient.participant_id, "Bia", "patient", Authorisation("self"))
        self.at = START
        facts = Facts(
            room_id=room.room_id,
            doctor_id=room.doctor.id,
            doctor_participant_id=room.doctor_participant_id,
            doctor_name="Íris",
            patient_id=room.patient.person_id,
            patient_name="Bia",
            modality="teleconsulta",
            starts_at=START,
            ends_at=START + timedelta(hours=1),
            closes_at=START + timedelta(hours=2),
            scheduled=False,
            demo=False,
        )
        self.state = rules.opened(facts, call, START)
        self.history: list[tuple[RoomState, Outcome, datetime]] = []

    def do(self, decide: Callable[[RoomState], Outcome]) -> None:
        outcome = decide(self.state)
        self.history.append((self.state, outcome, self.at))
        self.recorder.follow(self.state, outcome, self.at)
        self.state = outcome.state

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.do(lambda s: rules.expire(s, self.at, GRACE))

    def joins(self, who: Who, page: str = "page", *, admitted: bool = False) -> None:
        arrival = Arrival(who, f"{who.name}-{uuid4()}", page, admitted=admitted)
        self.do(lambda s: rules.join(s, arrival, self.at, new_id()))

    def drops(self, who: Who) -> None:
        self.do(lambda s: rules.drop(s, who.id, self.seat(who).connection or "", self.at))

    def leaves(self, who: Who) -> None:
        self.do(lambda s: rules.leave(s, who.id, self.seat(who).connection or "", self.at))

    def admits(self, who: Who) -> None:
        self.do(lambda s: rules.admit(s, who.id, self.at, new_id()))

    def ends(self, outcome: str = "completed") -> None:
        before = self.state
        self.do(lambda s: rules.close(s, "ended_by_doctor", self.at))
        self.recorder.close_room(before, outcome, None, self.at)

    def seat(self, who: Who) -> Seat:
        found = self.state.seat_of(who.id)
        assert found is not None
        return found

    def call(self) -> None:
        """Both come, and talk."""
        self.joins(self.patient)
        self.wait(5)
        self.joins(self.doctor)
        self.wait(5)
        self.admits(self.patient)

    @property
    def call_id(self) -> UUID:
        assert self.state.call is not None
        return self.state.call.id


async def rows(database: Database, table: type[Any], *order: Any) -> list[Any]:
    async with database.session() as session:
        return list((await session.scalars(select(table).order_by(*order))).all())


async def timeline(database: Database) -> list[tuple[str, str | None]]:
    return [(e.event, e.detail) for e in await rows(database, RoomEvent, RoomEvent.at, RoomEvent.id)]


async def actions(database: Database) -> list[str]:
    return [entry.action for entry in await rows(database, AuditEntry, AuditEntry.seq)]
