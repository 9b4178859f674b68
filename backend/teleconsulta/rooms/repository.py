"""Rooms in the database. Whose room it is stands in the query: for a stranger it does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select, text, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.patients.models import Person
from teleconsulta.rooms.errors import RoomNotFound, SlotTaken
from teleconsulta.rooms.models import Room, RoomParticipant
from teleconsulta.rooms.slots import next_free
from teleconsulta.rooms.window import Window, stamp

EXCLUSION_VIOLATION = "23P01"
BUSY_CONSIDERED = 500


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room with its two people."""

    room: Room
    doctor: User
    patient: Person

    @property
    def window(self) -> Window:
        return Window.of(self.room.during)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rooms to list: `since` and `until` bound the start of the booked time."""

    state: Literal["open", "closed"] | None = None
    since: datetime | None = None
    until: datetime | None = None


async def find(session: AsyncSession, staff: StaffIdentity, room_id: UUID, *, lock: bool = False) -> RoomRow:
    """One room of the doctor's own, or any for an admin. `lock`: nobody else changes it until we commit.

    Raises:
        RoomNotFound: there is none, or it is somebody else's.
    """
    query = _visible_to(staff).where(Room.id == room_id)
    return await _one(session, query.with_for_update(of=Room) if lock else query)


async def get(session: AsyncSession, room_id: UUID, *, lock: bool = False) -> RoomRow:
    """One room, for callers whose own query has already decided that it is theirs.

    Raises:
        RoomNotFound: there is none.
    """
    query = _rows().where(Room.id == room_id)
    return await _one(session, query.with_for_update(of=Room) if lock else query)


async def page(
    session: AsyncSession,
    staff: StaffIdentity,
    filters: Filters,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> tuple[list[RoomRow], tuple[datetime, UUID] | None]:
    """A page of rooms, made last first, and the mark to go on from."""
    query = _visible_to(staff)
    if filters.state is not None:
        query = query.where(Room.state == filters.state)
    if filters.since is not None:
        query = query.where(func.lower(Room.during) >= filters.since)
    if filters.until is not None:
        query = query.where(func.lower(Room.during) < filters.until)
    if before is not None:
        query = query.where(tuple_(Room.created_at, Room.id) < before)
    query = query.order_by(Room.created_at.desc(), Room.id.desc()).limit(limit + 1)
    rows = [RoomRow(*row) for row in (await session.execute(query)).all()]
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1].room
    return rows[:limit], (last.created_at, last.id)


async def book(session: AsyncSession, room: Room, window: Window, now: datetime, *, scheduled: bool) -> None:
    """Give a new or known room this time; a room that is not scheduled books nothing.

    Raises:
        SlotTaken: the database says that it overlaps another scheduled one of the same doctor; `next_free` in the
            body. The transaction goes on.
    """
    doctor_id, room_id = room.doctor_id, room.id
    if scheduled:
        # One booking of a doctor at a time: two that exclude each other would otherwise wait for one another.
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"booking {doctor_id}"}
        )
    try:
        async with session.begin_nested():
            room.during, room.scheduled = window.during, scheduled
            session.add(room)
            await session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
            raise
        free = await free_slots(session, doctor_id, window, now, without=room_id)
        raise SlotTaken(next_free=[stamp(moment) for moment in free]) from error


async def free_slots(
    session: AsyncSession, doctor_id: UUID, wanted: Window, now: datetime, *, without: UUID | None = None
) -> list[datetime]:
    """The next starts, not before the wanted one, at which so long a consultation would fit."""
    after = max(wanted.starts_at, now)
    query = (
        select(func.lower(Room.during), func.upper(Room.during))
        .where(Room.doctor_id == doctor_id, Room.scheduled, Room.state == "open")
        .where(func.upper(Room.during) > after)
        .order_by(func.lower(Room.during))
        .limit(BUSY_CONSIDERED)
    )
    if without is not None:
        query = query.where(Room.id != without)
    busy = [(row[0], row[1]) for row in (await session.execute(query)).all()]
    return next_free(busy, after, timedelta(minutes=wanted.minutes))


async def active_participants(session: AsyncSession, room_id: UUID) -> int:
    """How many people may come, the doctor counted, those revoked not."""
    query = select(func.count()).where(RoomParticipant.room_id == room_id, RoomParticipant.revoked_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def participant_of_user(session: AsyncSession, room_id: UUID, user_id: UUID) -> RoomParticipant | None:
    """The seat that a member of staff has in a room."""
    query = select(RoomParticipant).where(RoomParticipant.room_id == room_id, RoomParticipant.user_id == user_id)
    return await session.scalar(query)


async def newest_demo_rooms(session: AsyncSession, doctor_id: UUID, now: datetime, limit: int) -> Sequence[Room]:
    """Open throw-away rooms that can be entered now, newest first."""
    query = (
        select(Room)
        .where(Room.doctor_id == doctor_id, Room.demo, Room.state == "open", func.upper(Room.during) > now)
        .order_by(Room.created_at.desc(), Room.id.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def participants(session: AsyncSession, room_id: UUID) -> Sequence[RoomParticipant]:
    query = select(RoomParticipant).where(RoomParticipant.room_id == room_id).order_by(RoomParticipant.id)
    return (await session.scalars(query)).all()


def _rows() -> Select[Room, User, Person]:
    return select(Room, User, Person).join(User, User.id == Room.doctor_id).join(Person, Person.id == Room.patient_id)


def _visible_to(staff: StaffIdentity) -> Select[Room, User, Person]:
    return _rows() if staff.role == "admin" else _rows().where(Room.doctor_id == staff.id)


async def _one(session: AsyncSession, query: Select[Room, User, Person]) -> RoomRow:
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise RoomNotFound
    return RoomRow(*row)
