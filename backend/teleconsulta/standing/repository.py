"""Standing rooms in the database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import User
from teleconsulta.standing.models import StandingRoom


async def by_slug(session: AsyncSession, slug: str) -> tuple[User, datetime | None] | None:
    """The doctor of this address who can still sign in, and since when their room is open."""
    query = (
        select(User, StandingRoom.opened_at)
        .join(StandingRoom, StandingRoom.doctor_id == User.id)
        .where(User.slug == slug, User.role == "doctor", User.disabled_at.is_(None), User.pending.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def opened_at(session: AsyncSession, doctor_id: UUID) -> datetime | None:
    return await session.scalar(select(StandingRoom.opened_at).where(StandingRoom.doctor_id == doctor_id))


async def switch(session: AsyncSession, doctor_id: UUID, opened: datetime | None, now: datetime) -> None:
    values = {"opened_at": opened, "changed_at": now}
    wish = insert(StandingRoom).values(doctor_id=doctor_id, **values)
    await session.execute(wish.on_conflict_do_update(index_elements=[StandingRoom.doctor_id], set_=values))
