"""Push subscriptions in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import User
from teleconsulta.kernel.ids import new_id
from teleconsulta.notifications.models import PushSubscription

# Rooms are a sibling package: only what is asked for here.
OVER = text("""
DELETE FROM push_subscriptions USING room_participants AS who, rooms
WHERE who.id = push_subscriptions.participant_id AND rooms.id = who.room_id
  AND (rooms.state = 'closed' OR upper(rooms.during) < :before)
""")


async def forget_finished(session: AsyncSession, before: datetime) -> None:
    """Whoever was invited to something that is over, or ended before then, is told nothing more."""
    await session.execute(OVER, {"before": before})


async def keep(
    session: AsyncSession,
    *,
    user_id: UUID | None,
    participant_id: UUID | None,
    endpoint_hash: bytes,
    sealed: bytes,
    language: str,
    now: datetime,
) -> None:
    """One row a browser: whoever subscribed with it last is told."""
    values = {"user_id": user_id, "participant_id": participant_id, "sealed": sealed, "language": language}
    wish = insert(PushSubscription).values(id=new_id(), endpoint_hash=endpoint_hash, created_at=now, **values)
    await session.execute(wish.on_conflict_do_update(index_elements=[PushSubscription.endpoint_hash], set_=values))


async def count(session: AsyncSession, *, user_id: UUID | None, participant_id: UUID | None, without: bytes) -> int:
    query = select(func.count()).where(PushSubscription.endpoint_hash != without)
    if user_id is not None:
        query = query.where(PushSubscription.user_id == user_id)
    else:
        query = query.where(PushSubscription.participant_id == participant_id)
    return (await session.execute(query)).scalar_one()


async def of_user(session: AsyncSession, user_id: UUID) -> Sequence[UUID]:
    """Nothing for somebody who may not sign in any more."""
    query = (
        select(PushSubscription.id)
        .join(User, User.id == PushSubscription.user_id)
        .where(User.id == user_id, User.disabled_at.is_(None))
    )
    return (await session.scalars(query)).all()


async def of_participant(session: AsyncSession, participant_id: UUID) -> Sequence[UUID]:
    query = select(PushSubscription.id).where(PushSubscription.participant_id == participant_id)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, subscription_id: UUID) -> PushSubscription | None:
    return await session.get(PushSubscription, subscription_id)


async def forget(session: AsyncSession, subscription_id: UUID) -> None:
    await session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


async def forget_browser(session: AsyncSession, user_id: UUID, endpoint_hash: bytes) -> None:
    mine = (PushSubscription.user_id == user_id, PushSubscription.endpoint_hash == endpoint_hash)
    await session.execute(delete(PushSubscription).where(*mine))
