"""Keeping the day of the last visit in person, and what the doctor decided about the next."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.calls import accesses
from teleconsulta.clinic import repository as profiles
from teleconsulta.followup.models import FollowUpDecision
from teleconsulta.followup.rules import standing
from teleconsulta.followup.schemas import DecisionOut, DecisionWish, FollowUpOut, VisitWish
from teleconsulta.kernel.errors import Invalid
from teleconsulta.kernel.ids import new_id
from teleconsulta.patients.models import Person
from teleconsulta.rooms import repository as rooms

_EARLIEST = date(1900, 1, 1)
_SHOWN = 20


async def read(session: AsyncSession, doctor: StaffIdentity, room_id: UUID, now: datetime) -> FollowUpOut:
    """How the patient of the doctor's own consultation stands.

    Raises:
        RoomNotFound: no such consultation, or another doctor's.
    """
    patient = await _patient(session, doctor, room_id)
    await audit.record(session, Action.FOLLOW_UP_READ, actor=doctor, target=Ref("patient", patient.id), room_id=room_id)
    await accesses.note_patient(session, doctor, "follow_up", patient.id, room_id)
    return await _shown(session, doctor, patient, now)


async def note_visit(
    session: AsyncSession, doctor: StaffIdentity, room_id: UUID, wish: VisitWish, now: datetime
) -> FollowUpOut:
    """Keep the day of the last visit in person.

    Raises:
        RoomNotFound: no such consultation, or another doctor's.
        Invalid: the day is still to come.
    """
    patient = await _patient(session, doctor, room_id)
    day = wish.last_in_person_on
    if day is not None and not _EARLIEST <= day <= await _today(session, now):
        problem = {"field": "last_in_person_on", "code": "day", "message": "This day is not in the past."}
        raise Invalid(errors=[problem])
    if day != patient.last_in_person_on:
        patient.last_in_person_on = day
        await audit.record(
            session, Action.FOLLOW_UP_CHANGED, actor=doctor, target=Ref("patient", patient.id), room_id=room_id
        )
    return await _shown(session, doctor, patient, now)


async def decide(
    session: AsyncSession, doctor: StaffIdentity, room_id: UUID, wish: DecisionWish, now: datetime
) -> FollowUpOut:
    """Keep the doctor's decision, with what was known when they took it.

    Raises:
        RoomNotFound: no such consultation, or another doctor's.
    """
    patient = await _patient(session, doctor, room_id)
    known = standing(patient.last_in_person_on, await _today(session, now))
    decision = FollowUpDecision(
        id=new_id(),
        patient_id=patient.id,
        room_id=room_id,
        doctor_id=doctor.id,
        last_in_person_on=patient.last_in_person_on,
        days=known.days,
        decision=wish.decision,
        reason=wish.reason,
        decided_at=now,
    )
    session.add(decision)
    await session.flush()
    await audit.record(
        session,
        Action.FOLLOW_UP_DECIDED,
        actor=doctor,
        target=Ref("patient", patient.id),
        room_id=room_id,
        details={"decision": wish.decision, "days": known.days},
    )
    return await _shown(session, doctor, patient, now)


async def _patient(session: AsyncSession, doctor: StaffIdentity, room_id: UUID) -> Person:
    return (await rooms.find(session, doctor, room_id)).patient


async def _today(session: AsyncSession, now: datetime) -> date:
    clinic = await profiles.clinic(session, now)
    return now.astimezone(ZoneInfo(clinic.time_zone)).date()


async def _shown(session: AsyncSession, doctor: StaffIdentity, patient: Person, now: datetime) -> FollowUpOut:
    today = await _today(session, now)
    known = standing(patient.last_in_person_on, today)
    query = (
        select(FollowUpDecision)
        .where(FollowUpDecision.patient_id == patient.id, FollowUpDecision.doctor_id == doctor.id)
        .order_by(FollowUpDecision.decided_at.desc(), FollowUpDecision.id.desc())
        .limit(_SHOWN)
    )
    return FollowUpOut(
        patient_id=patient.id,
        last_in_person_on=patient.last_in_person_on,
        level=known.level,
        days=known.days,
        due_on=known.due_on,
        today=today,
        decisions=[DecisionOut.model_validate(one, from_attributes=True) for one in await session.scalars(query)],
    )
