"""Consents in the database, and the question whether one still counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table, update
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.consents.models import Consent, ConsentOverride

# Only the columns that are asked for here: rooms are a sibling package.
_rooms = table("rooms", column("id", Uuid), column("state", Text), column("doctor_id", Uuid))
_seats = table(
    "room_participants",
    column("id", Uuid),
    column("room_id", Uuid),
    column("role", Text),
    column("revoked_at"),
    column("admitted_at"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a room, as far as an authorisation is concerned. Locked: one change of a seat's consent at a time."""

    id: UUID
    room_id: UUID
    role: str
    room_open: bool
    revoked: bool


async def given(session: AsyncSession, participant_id: UUID) -> Consent | None:
    """The consent of a participant that was not withdrawn, the latest if there are several."""
    standing = await standing_consents(session, participant_id)
    return standing[0] if standing else None


async def standing_consents(session: AsyncSession, participant_id: UUID) -> Sequence[Consent]:
    """What a participant agreed to and did not take back, the latest first."""
    query = (
        select(Consent)
        .where(Consent.participant_id == participant_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
    return (await session.scalars(query)).all()


async def override(session: AsyncSession, participant_id: UUID) -> ConsentOverride | None:
    """The doctor's word that still stands in place of an agreement."""
    query = (
        select(ConsentOverride)
        .where(ConsentOverride.participant_id == participant_id, ConsentOverride.ended_at.is_(None))
        .order_by(ConsentOverride.made_at.desc(), ConsentOverride.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def lock_seat(session: AsyncSession, participant_id: UUID, room_id: UUID) -> Seat | None:
    """The seat of somebody who came by a link; None: no such seat."""
    return await _locked(session, participant_id, _seats.c.room_id == room_id)


async def lock_seat_of_own_room(session: AsyncSession, participant_id: UUID, doctor_id: UUID) -> Seat | None:
    """A seat in a room of this doctor's; anybody else's does not exist."""
    return await _locked(session, participant_id, _rooms.c.doctor_id == doctor_id)


async def forget_admission(session: AsyncSession, participant_id: UUID) -> None:
    """Whoever was let in has to be let in anew."""
    await session.execute(update(_seats).where(_seats.c.id == participant_id).values(admitted_at=None))


async def _locked(session: AsyncSession, participant_id: UUID, *which: object) -> Seat | None:
    query = (
        select(_seats.c.id, _seats.c.room_id, _seats.c.role, _rooms.c.state, _seats.c.revoked_at)
        .select_from(_seats.join(_rooms, _rooms.c.id == _seats.c.room_id))
        .where(_seats.c.id == participant_id, *which)  # type: ignore[arg-type]  # conditions on light tables
        .with_for_update(of=_seats)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else Seat(row[0], row[1], row[2], row[3] == "open", row[4] is not None)
