"""Every query over users and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import RefreshToken, StaffSession, User


async def user_of_live_session(session: AsyncSession, user_id: UUID, session_id: UUID) -> User | None:
    """The user, if the session is theirs and neither has ended."""
    query = (
        select(User)
        .join(StaffSession, StaffSession.user_id == User.id)
        .where(User.id == user_id, User.disabled_at.is_(None))
        .where(StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    )
    return (await session.scalars(query)).one_or_none()


async def user_by_email(session: AsyncSession, email: str) -> User | None:
    """`email` in its kept form, lower case."""
    return (await session.scalars(select(User).where(User.email == email))).one_or_none()


async def user_for_change(session: AsyncSession, user_id: UUID) -> User | None:
    return (await session.scalars(select(User).where(User.id == user_id).with_for_update())).one_or_none()


async def users_page(session: AsyncSession, limit: int, after: UUID | None) -> Sequence[User]:
    """Users in the order they were added."""
    query = select(User).order_by(User.id).limit(limit)
    return (await session.scalars(query if after is None else query.where(User.id > after))).all()


async def slugs_like(session: AsyncSession, base: str) -> set[str]:
    query = select(User.slug).where(func.starts_with(User.slug, base))
    return set((await session.scalars(query)).all())


async def lock_active_admins(session: AsyncSession) -> set[UUID]:
    """The ids of all admins who can sign in, locked, so that two of them cannot remove each other at once."""
    query = select(User.id).where(User.role == "admin", User.disabled_at.is_(None)).order_by(User.id).with_for_update()
    return set((await session.scalars(query)).all())


async def token_family(session: AsyncSession, token_hash: bytes) -> tuple[RefreshToken, StaffSession, User] | None:
    """A refresh token, its user, and its session: locked, so that two rotations of one family follow each other."""
    query = (
        select(StaffSession)
        .join(RefreshToken, RefreshToken.session_id == StaffSession.id)
        .where(RefreshToken.token_hash == token_hash)
        .with_for_update(of=StaffSession)
    )
    family = (await session.scalars(query)).one_or_none()
    if family is None:
        return None
    # Read after the lock: the rotation before us may have used this very token.
    token = await session.get_one(RefreshToken, token_hash, populate_existing=True)
    return token, family, await session.get_one(User, family.user_id)


async def end_sessions_of(session: AsyncSession, user_id: UUID, at: datetime, reason: str) -> int:
    """End every session of the user; how many there were."""
    query = (
        update(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
        .returning(StaffSession.id)
    )
    return len((await session.scalars(query)).all())
