"""What a connecting socket needs to know from the database, in one question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from teleconsulta.auth.models import StaffSession, User
from teleconsulta.calls.models import Call as CallRow
from teleconsulta.calls.models import StoredMessage
from teleconsulta.consents.models import Consent
from teleconsulta.patients.models import Person
from teleconsulta.presence.model import Call, Facts, Who
from teleconsulta.rooms.models import Room, RoomParticipant
from teleconsulta.rooms.window import Window
from teleconsulta.signaling.chat import KEPT
from teleconsulta.signaling.protocol import ChatMessage


@dataclass(frozen=True, slots=True)
class Place:
    """One participant's row with everything about its room."""

    who: Who
    facts: Facts
    opens_at: datetime
    room_open: bool
    revoked: bool
    admitted: bool
    consented: bool
    session_live: bool  # of the staff session that was asked about, if any
    call: Call | None


async def place_of_participant(session: AsyncSession, room_id: UUID, participant_id: UUID) -> Place | None:
    """The place of an invited person, or of a doctor with a participant token."""
    return await _place(session, room_id, RoomParticipant.id == participant_id, None)


async def place_of_doctor(session: AsyncSession, room_id: UUID, user_id: UUID, session_id: UUID) -> Place | None:
    """The place of the room's own doctor; somebody else's room does not exist."""
    mine = (RoomParticipant.user_id == user_id) & (Room.doctor_id == user_id)
    return await _place(session, room_id, mine, session_id)


async def session_is_live(session: AsyncSession, user_id: UUID, session_id: UUID) -> bool:
    return bool(await session.scalar(select(_live(session_id, user_id))))


async def recent_messages(session: AsyncSession, room_id: UUID) -> list[ChatMessage]:
    """The last messages of a room, oldest first."""
    query = (
        select(StoredMessage, func.coalesce(User.name, Person.name))
        .join(RoomParticipant, RoomParticipant.id == StoredMessage.participant_id)
        .outerjoin(User, User.id == RoomParticipant.user_id)
        .outerjoin(Person, Person.id == RoomParticipant.person_id)
        .where(StoredMessage.room_id == room_id)
        .order_by(StoredMessage.sent_at.desc(), StoredMessage.id.desc())
        .limit(KEPT)
    )
    rows = (await session.execute(query)).all()
    return [
        ChatMessage.model_validate(
            {
                "id": stored.id,
                "from": stored.participant_id,
                "name": name,
                "role": stored.role,
                "text": stored.text,
                "sent_at": stored.sent_at,
            }
        )
        for stored, name in reversed(rows)
    ]


async def revoked_among(session: AsyncSession, participant_ids: Iterable[UUID]) -> set[UUID]:
    query = select(RoomParticipant.id).where(
        RoomParticipant.id.in_(participant_ids), RoomParticipant.revoked_at.is_not(None)
    )
    return set((await session.scalars(query)).all())


async def closed_among(session: AsyncSession, room_ids: Iterable[UUID]) -> set[UUID]:
    return set((await session.scalars(select(Room.id).where(Room.id.in_(room_ids), Room.state == "closed"))).all())


async def ended_among(session: AsyncSession, sessions: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    """Which of these (session id, user id) are over."""
    wanted = list(sessions)
    query = (
        select(StaffSession.id)
        .join(User, User.id == StaffSession.user_id)
        .where(tuple_(StaffSession.id, StaffSession.user_id).in_(wanted))
        .where(StaffSession.ended_at.is_(None), User.disabled_at.is_(None))
    )
    live = set((await session.scalars(query)).all())
    return {session_id for session_id, _user in wanted} - live


def _live(session_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    return (
        select(StaffSession.id)
        .join(User, User.id == StaffSession.user_id)
        .where(StaffSession.id == session_id, StaffSession.user_id == user_id)
        .where(StaffSession.ended_at.is_(None), User.disabled_at.is_(None))
        .exists()
    )


async def _place(
    session: AsyncSession, room_id: UUID, mine: ColumnElement[bool], session_id: UUID | None
) -> Place | None:
    doctor, patient, person, user = aliased(User), aliased(Person), aliased(Person), aliased(User)
    doctors_row = aliased(RoomParticipant)
    consented = select(Consent.id).where(Consent.participant_id == RoomParticipant.id, Consent.withdrawn_at.is_(None))
    live = _live(session_id, RoomParticipant.user_id) if session_id else RoomParticipant.id.is_not(None)  # type: ignore[arg-type]
    query = (
        select(
            Room,
            RoomParticipant,
            func.coalesce(user.name, person.name).label("name"),
            doctor.name.label("doctor_name"),
            doctors_row.id.label("doctor_participant_id"),
            patient.name.label("patient_name"),
            consented.exists().label("consented"),
            live.label("session_live"),
            CallRow.id.label("call_id"),
            CallRow.started_at.label("call_started_at"),
        )
        .join(RoomParticipant, RoomParticipant.room_id == Room.id)
        .join(doctor, doctor.id == Room.doctor_id)
        .join(doctors_row, (doctors_row.room_id == Room.id) & (doctors_row.user_id == Room.doctor_id))
        .join(patient, patient.id == Room.patient_id)
        .outerjoin(user, user.id == RoomParticipant.user_id)
        .outerjoin(person, person.id == RoomParticipant.person_id)
        .outerjoin(CallRow, (CallRow.room_id == Room.id) & (CallRow.state == "open"))
        .where(Room.id == room_id, mine)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    room: Room = row[0]
    me: RoomParticipant = row[1]
    window = Window.of(room.during)
    facts = Facts(
        room_id=room.id,
        doctor_id=room.doctor_id,
        doctor_participant_id=row.doctor_participant_id,
        doctor_name=row.doctor_name,
        patient_id=room.patient_id,
        patient_name=row.patient_name,
        modality=room.modality,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        closes_at=window.closes_at,
        scheduled=room.scheduled,
        demo=room.demo,
    )
    return Place(
        who=Who(id=me.id, name=row.name, role=me.role),  # type: ignore[arg-type]  # a checked column
        facts=facts,
        opens_at=window.opens_at,
        room_open=room.state == "open",
        revoked=me.revoked_at is not None,
        admitted=me.admitted_at is not None,
        consented=row.consented or me.role == "doctor",
        session_live=row.session_live,
        call=None if row.call_id is None else Call(row.call_id, row.call_started_at),
    )
