"""Throw-away consultations: whoever comes second joins whoever came first."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.demo import DOCTOR
from teleconsulta.auth.identity import ParticipantIdentity
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.schemas import ConsentCreate
from teleconsulta.consents.service import give
from teleconsulta.consultations.schemas import RoomCreate
from teleconsulta.consultations.service import doctor_identity, open_room
from teleconsulta.demo.schemas import DemoRole, DemoSeat
from teleconsulta.invitations.seats import SEAT_LASTS, seat_token
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.patients.values import PersonWish
from teleconsulta.presence.store import Store
from teleconsulta.rooms import repository as rooms
from teleconsulta.rooms.models import Room, RoomParticipant

PATIENT = PersonWish(name="Paciente de demonstração")
# An older room that nobody sits in belongs to earlier visitors, with what they wrote in it.
FRESH = timedelta(minutes=5)
LOOKED_AT = 20


async def take_seat(
    session: AsyncSession,
    settings: Settings,
    tokens: Tokens,
    store: Store,
    role: DemoRole,
    now: datetime,
    ip: Address,
) -> DemoSeat:
    """A seat of this role in the newest room that has it free, else in a new one.

    Raises:
        NotFound: the demonstration's doctor does not exist.
    """
    # One visitor at a time, or two who come together would each wait in a room of their own.
    await session.execute(sql("SELECT pg_advisory_xact_lock(hashtextextended('demo seats', 0))"))
    doctor = await doctor_identity(session, DOCTOR.email)
    if doctor is None:
        raise NotFound
    for room in await rooms.newest_demo_rooms(session, doctor.id, now, LOOKED_AT):
        seats = await rooms.participants(session, room.id)
        mine = next((seat for seat in seats if seat.role == role and seat.revoked_at is None), None)
        if mine is not None and _free(store, room, mine, now):
            break
    else:
        row = await open_room(session, settings, doctor, RoomCreate(patient=PATIENT), now, demo=True)
        room = row.room
        mine = next(seat for seat in await rooms.participants(session, room.id) if seat.role == role)
    if role == "patient":
        await _consent(session, mine, room.id, now, ip)
    return DemoSeat(
        room_id=room.id,
        participant_id=mine.id,
        role=role,
        access_token=seat_token(tokens, mine.id, room.id, role, now),
        expires_in=int(SEAT_LASTS.total_seconds()),
    )


def _free(store: Store, room: Room, mine: RoomParticipant, now: datetime) -> bool:
    state = store.get(room.id)
    if state is None or not state.seats:
        return room.created_at > now - FRESH
    seat = state.seat_of(mine.id)
    return not state.closed and (seat is None or not seat.online)


async def _consent(session: AsyncSession, seat: RoomParticipant, room_id: UUID, now: datetime, ip: Address) -> None:
    """The page of a demonstration says so instead of asking."""
    current = text("pt-BR")
    wish = ConsentCreate(version=current.version, sha256=current.sha256, language="pt-BR", given_by="self")
    await give(session, ParticipantIdentity(seat.id, room_id, "patient"), wish, now, ip)
