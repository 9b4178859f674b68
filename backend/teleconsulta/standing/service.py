"""Receiving people without an appointment: each gets an ordinary consultation of their own."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import ParticipantIdentity, StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.consents import service as consents
from teleconsulta.consultations.schemas import RoomCreate
from teleconsulta.consultations.service import open_room
from teleconsulta.invitations import seats
from teleconsulta.invitations.seats import Seat
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.patients.values import PersonWish
from teleconsulta.presence.store import Store, queue
from teleconsulta.rooms import repository as rooms
from teleconsulta.standing import repository
from teleconsulta.standing.errors import QueueFull, StandingRoomClosed
from teleconsulta.standing.rules import MOST_WAITING, closes_at
from teleconsulta.standing.schemas import OwnStandingRoom, Visit

SLUG = re.compile(r"[a-z0-9-]{1,120}")


async def doctor_at(session: AsyncSession, slug: str, now: datetime) -> User:
    """The doctor who receives people at this address now.

    Raises:
        StandingRoomClosed: nobody does, for whatever reason.
    """
    found = await repository.by_slug(session, slug.lower()) if SLUG.fullmatch(slug.lower()) else None
    if found is None or closes_at(found[1], now) is None:
        raise StandingRoomClosed
    return found[0]


async def visit(
    session: AsyncSession,
    settings: Settings,
    tokens: Tokens,
    store: Store,
    slug: str,
    wish: Visit,
    now: datetime,
    ip: Address,
) -> Seat:
    """A consultation for somebody who came, with their consent, and their seat in it.

    Raises:
        StandingRoomClosed, QueueFull, ConsentOutdated.
    """
    doctor = await doctor_at(session, slug, now)
    if sum(1 for room, _seat in queue(store, doctor.id) if room.facts.walk_in) >= MOST_WAITING:
        raise QueueFull
    owner = StaffIdentity(doctor.id, doctor.name, doctor.email, "doctor", doctor.slug, doctor.council, doctor.id)
    asked = RoomCreate(patient=PersonWish(name=wish.name), language=wish.consent.language, time_zone=wish.time_zone)
    row = await open_room(session, settings, owner, asked, now, walk_in=True)
    patient = next(one for one in await rooms.participants(session, row.room.id) if one.role == "patient")
    who = ParticipantIdentity(patient.id, row.room.id, "patient")
    await consents.give(session, who, wish.consent, now, ip)
    return await seats.take_own(session, tokens, patient.id, now, ip)


async def own(session: AsyncSession, settings: Settings, doctor: StaffIdentity, now: datetime) -> OwnStandingRoom:
    until = closes_at(await repository.opened_at(session, doctor.id), now)
    return OwnStandingRoom(open=until is not None, link=f"{settings.app_origin}/sala/{doctor.slug}", closes_at=until)


async def switch(
    session: AsyncSession, settings: Settings, doctor: StaffIdentity, wanted: bool, now: datetime
) -> OwnStandingRoom:
    """On or off. Who waits already goes on waiting. Switching on again begins its time anew."""
    await repository.switch(session, doctor.id, now if wanted else None, now)
    action = Action.STANDING_ROOM_OPENED if wanted else Action.STANDING_ROOM_CLOSED
    await record(session, action, actor=doctor, target=doctor)
    return await own(session, settings, doctor, now)
