"""Opening, moving and closing a consultation: room, people, links and letters in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, Identified, record
from teleconsulta.audit.service import Ref
from teleconsulta.auth import repository as users
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.calls import ledger
from teleconsulta.consultations.schemas import RoomClose, RoomCreate, RoomPatch
from teleconsulta.invitations import service as invitations
from teleconsulta.invitations.repository import Invited
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.errors import Invalid
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.patients.repository import find_or_create
from teleconsulta.rooms import repository as rooms
from teleconsulta.rooms.errors import InThePast, RoomClosed
from teleconsulta.rooms.models import Room, RoomParticipant
from teleconsulta.rooms.repository import RoomRow
from teleconsulta.rooms.schemas import Outcome
from teleconsulta.rooms.window import (
    FURTHEST,
    INSTANT_MINUTES,
    PAST_GRACE,
    SCHEDULED_MINUTES,
    Window,
)
from teleconsulta.webhooks.outbox import emit


async def open_room(
    session: AsyncSession,
    settings: Settings,
    doctor: StaffIdentity,
    wish: RoomCreate,
    now: datetime,
    *,
    demo: bool = False,
    walk_in: bool = False,
) -> RoomRow:
    """A consultation with its patient, link and letter. `walk_in`: the patient came by themselves, so it is not the
    doctor who opens it.

    Raises:
        SlotTaken, InThePast, Invalid (too far ahead).
    """
    window = _wanted(wish, now)
    patient = await find_or_create(
        session, wish.patient.name, wish.patient.email, wish.language, now, time_zone=wish.time_zone
    )
    room = Room(
        id=new_id(),
        doctor_id=doctor.id,
        patient_id=patient.id,
        time_zone=settings.clinic_zone,
        modality=wish.modality,
        demo=demo,
        walk_in=walk_in,
        state="open",
        outcome=None,
        outcome_reason=None,
        created_at=now,
        closed_at=None,
    )
    await rooms.book(session, room, window, now, scheduled=wish.starts_at is not None)
    session.add(
        RoomParticipant(
            id=new_id(),
            room_id=room.id,
            role="doctor",
            user_id=doctor.id,
            person_id=None,
            created_at=now,
            admitted_at=now,
            revoked_at=None,
        )
    )
    await session.flush()
    row = await rooms.get(session, room.id)
    invited, _letter = await invitations.issue(session, settings, row, patient, "patient", now)
    actor: Identified = invited.participant if walk_in else doctor
    await record(session, Action.ROOM_OPENED, actor=actor, target=room, room_id=room.id)
    details = {"role": "patient", "participant_id": str(invited.participant.id)}
    await record(
        session, Action.INVITATION_ISSUED, actor=actor, target=invited.invitation, room_id=room.id, details=details
    )
    return row


async def move(
    session: AsyncSession, settings: Settings, staff: StaffIdentity, room_id: UUID, wish: RoomPatch, now: datetime
) -> RoomRow:
    """Another time, length or modality. When the time changes, every link is replaced and its letter sent.

    Raises:
        RoomNotFound, RoomClosed, SlotTaken, InThePast, Invalid.
    """
    row = await rooms.find(session, staff, room_id, lock=True)
    if row.room.state != "open":
        raise RoomClosed
    before = row.window
    starts_at = wish.starts_at or before.starts_at
    window = Window.lasting(starts_at, wish.duration_minutes or before.minutes)
    details: dict[str, object] = {}
    if wish.modality is not None and wish.modality != row.room.modality:
        row.room.modality = wish.modality
        details["modality"] = wish.modality
    if window != before:
        if window.starts_at != before.starts_at:
            _judge(window, now)
        if window.phase(now) == "over":
            raise InThePast
        scheduled = row.room.scheduled or wish.starts_at is not None
        await rooms.book(session, row.room, window, now, scheduled=scheduled)
        moved = await invitations.reissue(session, settings, room_id, now)
        details |= {"starts_at": window.starts_at.isoformat(), "minutes": window.minutes, "links": len(moved)}
    if details:
        await record(session, Action.ROOM_MOVED, actor=staff, target=row.room, room_id=room_id, details=details)
    return row


async def close(
    session: AsyncSession, settings: Settings, staff: StaffIdentity, room_id: UUID, wish: RoomClose, now: datetime
) -> RoomRow:
    """End a consultation for good. Closing it again with the same outcome changes nothing.

    Raises:
        RoomNotFound, RoomClosed (with another outcome).
    """
    row = await rooms.find(session, staff, room_id, lock=True)
    if row.room.state != "open":
        if row.room.outcome == wish.outcome:
            return row
        raise RoomClosed
    await close_room(session, settings, row.room, wish.outcome, wish.reason or None, now, actor=staff)
    return row


async def by_phone(session: AsyncSession, staff: StaffIdentity, room_id: UUID, now: datetime) -> RoomRow:
    """The consultation goes on by telephone (CFM 2.314/2022, art. 4: either side may change the way at any time).

    Raises:
        RoomNotFound, RoomClosed.
    """
    row = await rooms.find(session, staff, room_id, lock=True)
    if row.room.state != "open":
        raise RoomClosed
    if row.room.channel != "phone":
        row.room.channel = "phone"
        await session.flush()
        doctor = Ref("user", staff.id)
        await ledger.write_line(session, room_id, now, "continued_by_phone", doctor, Action.CALL_BY_PHONE)
        await announce(session, "by_phone", room_id=room_id)
    return row


async def close_room(
    session: AsyncSession,
    settings: Settings,
    room: Room,
    outcome: Outcome,
    reason: str | None,
    now: datetime,
    *,
    actor: Identified | None,
) -> None:
    """What closing means, whoever asks for it: no link works, no letter leaves but that it is cancelled, running
    servers are told.

    The caller holds the room's lock. Whoever hears the announcement ends a call that is still running.
    """
    room.state, room.outcome, room.outcome_reason, room.closed_at = "closed", outcome, reason, now
    await session.flush()
    invited = await invitations.withdraw_all(session, room.id)
    if room.scheduled and calls_off(outcome, Window.of(room.during), invited, now):
        await invitations.call_off(session, settings, invited, now)
    await emit(session, "room.closed", now, room_id=room.id)
    await announce(session, "room_closed", room_id=room.id)
    await record(session, Action.ROOM_CLOSED, actor=actor, target=room, room_id=room.id, details={"outcome": outcome})


def calls_off(outcome: Outcome, window: Window, invited: Sequence[Invited], now: datetime) -> bool:
    """Whether a booked consultation that is closed like this leaves people with a time they keep free in vain.

    Who came early, before the booked time, was there when it ended.
    """
    if outcome == "cancelled":
        return True
    came = any(one.invitation.opened_at and one.invitation.opened_at >= window.opens_at for one in invited)
    return outcome != "completed" and now < window.starts_at and not came


async def doctor_identity(session: AsyncSession, email: str) -> StaffIdentity | None:
    """A doctor as whom something is done without a request of theirs (the demonstration)."""
    user = await users.user_by_email(session, email)
    if user is None or user.role != "doctor" or user.disabled_at is not None:
        return None
    return StaffIdentity(user.id, user.name, user.email, "doctor", user.slug, user.council, user.id)


def _wanted(wish: RoomCreate, now: datetime) -> Window:
    if wish.starts_at is None:
        return Window.lasting(now.replace(microsecond=0), wish.duration_minutes or INSTANT_MINUTES)
    window = Window.lasting(wish.starts_at, wish.duration_minutes or SCHEDULED_MINUTES)
    _judge(window, now)
    return window


def _judge(window: Window, now: datetime) -> None:
    if window.starts_at < now - PAST_GRACE:
        raise InThePast
    if window.starts_at > now + FURTHEST:
        problem = {"field": "starts_at", "code": "too_far", "message": "This is more than two years ahead."}
        raise Invalid(errors=[problem])
