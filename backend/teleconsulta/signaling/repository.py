"""What a connecting socket needs to know from the database, in one question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, TextClause, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import StaffSession, User
from teleconsulta.presence.model import Authorisation, Call, Facts, Who
from teleconsulta.rooms.models import Room, RoomParticipant
from teleconsulta.rooms.window import Window
from teleconsulta.signaling.chat import KEPT
from teleconsulta.signaling.protocol import ChatMessage
from teleconsulta.signaling.troubles import Readiness


@dataclass(frozen=True, slots=True)
class Place:
    """One participant's row with everything about its room."""

    who: Who
    facts: Facts
    opens_at: datetime
    room_open: bool
    revoked: bool
    admitted: bool
    session_live: bool  # of the staff session that was asked about, if any
    call: Call | None


# Written out, since it is asked for every join: building it anew costs ten times what asking it does.
_PLACE = """
SELECT rooms.id AS room_id, rooms.doctor_id, rooms.patient_id, rooms.during, rooms.modality,
       rooms.scheduled, rooms.demo, rooms.walk_in, rooms.state = 'open' AS room_open,
       mine.id AS participant_id, mine.role,
       mine.revoked_at IS NOT NULL AS revoked,
       -- An admission does not outlive the consent it was given on, however late the record of it is written.
       mine.admitted_at IS NOT NULL AND NOT EXISTS (
         SELECT FROM consents WHERE consents.participant_id = mine.id AND consents.withdrawn_at >= mine.admitted_at
         UNION ALL
         SELECT FROM consent_overrides AS waived
         WHERE waived.participant_id = mine.id AND waived.ended_at >= mine.admitted_at
       ) AS admitted,
       coalesce(staff.name, guest.name) AS name,
       doctor.name AS doctor_name, doctors_seat.id AS doctor_participant_id, patient.name AS patient_name,
       calls.id AS call_id, calls.started_at AS call_started_at,
       coalesce(agreed.given_by, CASE WHEN waived.id IS NOT NULL THEN 'emergency' END) AS authorised_by,
       agreed.representative_name, agreed.representative_relationship,
       {live} AS session_live
FROM rooms
JOIN room_participants AS mine ON mine.room_id = rooms.id
JOIN users AS doctor ON doctor.id = rooms.doctor_id
JOIN room_participants AS doctors_seat ON doctors_seat.room_id = rooms.id AND doctors_seat.user_id = rooms.doctor_id
JOIN people AS patient ON patient.id = rooms.patient_id
LEFT JOIN users AS staff ON staff.id = mine.user_id
LEFT JOIN people AS guest ON guest.id = mine.person_id
LEFT JOIN LATERAL (
  SELECT given_by, representative_name, representative_relationship FROM consents
  WHERE consents.participant_id = mine.id AND consents.withdrawn_at IS NULL
  ORDER BY given_at DESC, consents.id DESC LIMIT 1
) AS agreed ON true
LEFT JOIN LATERAL (
  SELECT id FROM consent_overrides
  WHERE consent_overrides.participant_id = mine.id AND consent_overrides.ended_at IS NULL
  LIMIT 1
) AS waived ON true
LEFT JOIN calls ON calls.room_id = rooms.id AND calls.state = 'open'
WHERE rooms.id = :room_id AND {mine}
"""
_LIVE = """EXISTS (
  SELECT FROM staff_sessions JOIN users ON users.id = staff_sessions.user_id
  WHERE staff_sessions.id = :session_id AND staff_sessions.user_id = :user_id
    AND staff_sessions.ended_at IS NULL AND users.disabled_at IS NULL
)"""
PLACE_OF_PARTICIPANT = text(_PLACE.format(live="true", mine="mine.id = :participant_id"))
PLACE_OF_DOCTOR = text(_PLACE.format(live=_LIVE, mine="mine.user_id = :user_id AND rooms.doctor_id = :user_id"))
SESSION_IS_LIVE = text(f"SELECT {_LIVE}")
MESSAGES = text("""
SELECT said.id, said.participant_id AS "from", coalesce(users.name, people.name) AS name,
       said.role, said.text, said.sent_at
FROM chat_messages AS said
JOIN room_participants AS sender ON sender.id = said.participant_id
LEFT JOIN users ON users.id = sender.user_id
LEFT JOIN people ON people.id = sender.person_id
WHERE said.room_id = :room_id
ORDER BY said.sent_at DESC, said.id DESC
LIMIT :kept
""")
LENGTHS = text("""
SELECT sum(calls.ended_at - calls.started_at) AS length
FROM calls JOIN rooms ON rooms.id = calls.room_id
WHERE calls.doctor_id = :doctor_id AND calls.state = 'ended' AND calls.started_at > :since AND NOT rooms.demo
GROUP BY calls.room_id
ORDER BY max(calls.started_at) DESC
LIMIT :limit
""")
# The latest first. A room's events are few; those of one person since they came are what is asked for.
ARRIVALS = text("""
SELECT event, at FROM room_events
WHERE room_id = (SELECT room_id FROM room_participants WHERE id = :participant_id)
  AND participant_id = :participant_id AND event IN ('arrived', 'away', 'back', 'held', 'admitted', 'left')
ORDER BY at DESC, id DESC
LIMIT 50
""")


# Events are numbered in the order of writing, which is nearly that of happening.
LAST_SIGN = text("""
SELECT max(at) FROM (SELECT at FROM room_events ORDER BY id DESC LIMIT 200) AS latest WHERE at < :before
""")

_STANDINGS = """
SELECT rooms.id AS room_id, rooms.doctor_id, guest.id AS participant_id, people.name, guest.role,
       test.light, coalesce(test.causes, '{{}}') AS causes, test.made_at AS tested_at,
       trouble.causes[1] AS trouble, trouble.made_at AS trouble_at, coalesce(trouble.wants_phone, false) AS wants_phone
FROM rooms
JOIN room_participants AS guest ON guest.room_id = rooms.id
JOIN people ON people.id = guest.person_id
LEFT JOIN LATERAL (
  SELECT light, causes, made_at FROM readiness_reports
  WHERE participant_id = guest.id AND kind = 'test' ORDER BY made_at DESC, id DESC LIMIT 1
) AS test ON true
LEFT JOIN LATERAL (
  SELECT causes, made_at, wants_phone FROM readiness_reports
  WHERE participant_id = guest.id AND kind = 'trouble' ORDER BY made_at DESC, id DESC LIMIT 1
) AS trouble ON true
WHERE {whose} AND (test.made_at IS NOT NULL OR trouble.made_at IS NOT NULL)
"""
STANDINGS_OF_DOCTOR = text(
    _STANDINGS.format(whose="rooms.doctor_id = :doctor_id AND rooms.during && tstzrange(:since, :until)")
)
STANDING = text(_STANDINGS.format(whose="guest.id = :participant_id"))


async def place_of_participant(session: AsyncSession, room_id: UUID, participant_id: UUID) -> Place | None:
    """The place of an invited person, or of a doctor with a participant token."""
    return await _place(session, PLACE_OF_PARTICIPANT, {"room_id": room_id, "participant_id": participant_id})


async def place_of_doctor(session: AsyncSession, room_id: UUID, user_id: UUID, session_id: UUID) -> Place | None:
    """The place of the room's own doctor; somebody else's room does not exist."""
    values = {"room_id": room_id, "user_id": user_id, "session_id": session_id}
    return await _place(session, PLACE_OF_DOCTOR, values)


async def session_is_live(session: AsyncSession, user_id: UUID, session_id: UUID) -> bool:
    return bool(await session.scalar(SESSION_IS_LIVE, {"user_id": user_id, "session_id": session_id}))


async def standings(session: AsyncSession, doctor_id: UUID, now: datetime) -> list[Readiness]:
    """What is known of the equipment and the troubles of those who are invited to a doctor's rooms these hours."""
    values = {"doctor_id": doctor_id, "since": now - timedelta(hours=3), "until": now + timedelta(hours=24)}
    return [_readiness(row) for row in await session.execute(STANDINGS_OF_DOCTOR, values)]


async def standing(session: AsyncSession, participant_id: UUID) -> Readiness | None:
    """The same of one person."""
    row = (await session.execute(STANDING, {"participant_id": participant_id})).one_or_none()
    return None if row is None else _readiness(row)


def _readiness(row: Row[Any]) -> Readiness:
    return Readiness.model_validate({name: value for name, value in row._mapping.items() if name != "doctor_id"})


async def recent_messages(session: AsyncSession, room_id: UUID) -> list[ChatMessage]:
    """The last messages of a room, oldest first."""
    rows = (await session.execute(MESSAGES, {"room_id": room_id, "kept": KEPT})).mappings().all()
    return [ChatMessage.model_validate(dict(row)) for row in reversed(rows)]


async def past_lengths(session: AsyncSession, doctor_id: UUID, since: datetime, limit: int) -> list[timedelta]:
    """How long the doctor's latest consultations took, each with all of its calls together."""
    rows = await session.scalars(LENGTHS, {"doctor_id": doctor_id, "since": since, "limit": limit})
    return list(rows.all())


async def waited_since(session: AsyncSession, participant_id: UUID) -> tuple[datetime, datetime | None] | None:
    """Since when the record has somebody waiting, and since when they are away if they were; None: they have left."""
    rows = (await session.execute(ARRIVALS, {"participant_id": participant_id})).all()
    last = rows[0].event if rows else "left"
    arrived = next((row.at for row in rows if row.event == "arrived"), None)
    if last == "left" or arrived is None:
        return None
    return arrived, rows[0].at if last == "away" else None


async def last_sign(session: AsyncSession, before: datetime) -> datetime | None:
    """When the record last saw anything happen in a room, before that moment."""
    return cast("datetime | None", await session.scalar(LAST_SIGN, {"before": before}))


async def revoked_among(session: AsyncSession, participant_ids: Iterable[UUID]) -> set[UUID]:
    query = select(RoomParticipant.id).where(
        RoomParticipant.id.in_(participant_ids), RoomParticipant.revoked_at.is_not(None)
    )
    return set((await session.scalars(query)).all())


UNAUTHORISED = text("""
SELECT seat.id FROM room_participants AS seat
WHERE seat.id = ANY(:ids) AND seat.role <> 'doctor'
  AND NOT EXISTS (SELECT FROM consents WHERE participant_id = seat.id AND withdrawn_at IS NULL)
  AND NOT EXISTS (SELECT FROM consent_overrides WHERE participant_id = seat.id AND ended_at IS NULL)
""")


async def unauthorised_among(session: AsyncSession, participant_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these nothing authorises to be here any more: neither an agreement nor an emergency."""
    return set((await session.scalars(UNAUTHORISED, {"ids": list(participant_ids)})).all())


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


async def _place(session: AsyncSession, statement: TextClause, values: dict[str, UUID]) -> Place | None:
    row = (await session.execute(statement, values)).one_or_none()
    if row is None:
        return None
    window = Window.of(row.during)
    facts = Facts(
        room_id=row.room_id,
        doctor_id=row.doctor_id,
        doctor_participant_id=row.doctor_participant_id,
        doctor_name=row.doctor_name,
        patient_id=row.patient_id,
        patient_name=row.patient_name,
        modality=row.modality,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        closes_at=window.closes_at,
        scheduled=row.scheduled,
        demo=row.demo,
        walk_in=row.walk_in,
    )
    return Place(
        who=Who(
            id=row.participant_id,
            name=row.name,
            role=row.role,
            authorised=None
            if row.authorised_by is None
            else Authorisation(row.authorised_by, row.representative_name, row.representative_relationship),
        ),
        facts=facts,
        opens_at=window.opens_at,
        room_open=row.room_open,
        revoked=row.revoked,
        admitted=row.admitted,
        session_live=row.session_live,
        call=None if row.call_id is None else Call(row.call_id, row.call_started_at),
    )
