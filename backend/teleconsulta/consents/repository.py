"""Consents in the database, and the question whether one still counts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.consents.models import Consent

# Only the columns that are asked for here: rooms are a sibling package.
_rooms = table("rooms", column("id", Uuid), column("state", Text))
_seats = table("room_participants", column("id", Uuid), column("room_id", Uuid), column("revoked_at"))


async def given(session: AsyncSession, participant_id: UUID) -> Consent | None:
    """The consent of a participant that was not withdrawn, the latest if there are several."""
    query = (
        select(Consent)
        .where(Consent.participant_id == participant_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at.desc(), Consent.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def lock_seat(session: AsyncSession, participant_id: UUID, room_id: UUID) -> tuple[str, bool] | None:
    """The room's state and whether the seat was revoked; None: no such seat. One consent of a seat at a time."""
    query = (
        select(_rooms.c.state, _seats.c.revoked_at)
        .select_from(_seats.join(_rooms, _rooms.c.id == _seats.c.room_id))
        .where(_seats.c.id == participant_id, _seats.c.room_id == room_id)
        .with_for_update(of=_seats)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1] is not None)
