"""Every query over users and their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import PasswordLink, RecoveryCode, RefreshToken, StaffSession, User


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
    """The user as they are now, locked until we commit."""
    query = select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def users_page(session: AsyncSession, limit: int, after: UUID | None) -> Sequence[User]:
    """Users in the order they were added."""
    query = select(User).order_by(User.id).limit(limit)
    return (await session.scalars(query if after is None else query.where(User.id > after))).all()


async def slugs_like(session: AsyncSession, base: str) -> set[str]:
    query = select(User.slug).where(func.starts_with(User.slug, base))
    return set((await session.scalars(query)).all())


async def lock_active_admins(session: AsyncSession) -> set[UUID]:
    """The ids of all admins who can sign in, locked, so that two of them cannot remove each other at once."""
    able = (User.role == "admin", User.disabled_at.is_(None), User.pending.is_(None))
    query = select(User.id).where(*able).order_by(User.id).with_for_update()
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


async def live_sessions(
    session: AsyncSession, user_id: UUID, now: datetime, awake_since: datetime, limit: int
) -> Sequence[StaffSession]:
    """The user's sessions that can still be used, the latest used first."""
    query = (
        select(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
        .where(StaffSession.expires_at > now, StaffSession.last_used_at >= awake_since)
        .order_by(StaffSession.last_used_at.desc(), StaffSession.id.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def open_session_of(session: AsyncSession, user_id: UUID, session_id: UUID) -> StaffSession | None:
    """One session of the user that has not ended, locked; somebody else's does not exist."""
    query = (
        select(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
        .with_for_update()
    )
    return (await session.scalars(query)).one_or_none()


async def other_open_sessions(session: AsyncSession, user_id: UUID, kept: UUID) -> Sequence[StaffSession]:
    """Every session of the user that has not ended, but for one; locked."""
    query = (
        select(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.id != kept, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.id)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def use_recovery_code(session: AsyncSession, user_id: UUID, code_hash: bytes, at: datetime) -> bool:
    """Whether it was an unused code of this user; it is used now."""
    query = (
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=at)
        .returning(RecoveryCode.user_id)
    )
    return (await session.scalars(query)).one_or_none() is not None


async def users_with_secrets(session: AsyncSession) -> Sequence[User]:
    """Who has a second factor, or has begun to set one up; locked."""
    query = select(User).where(User.totp_sealed.is_not(None)).order_by(User.id).with_for_update()
    return (await session.scalars(query)).all()


async def recovery_codes_left(session: AsyncSession, user_id: UUID) -> int:
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return await session.scalar(query) or 0


async def forget_recovery_codes(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


async def password_link(session: AsyncSession, link_id: UUID) -> tuple[PasswordLink, User] | None:
    """A link as it is now, and whose it is."""
    query = (
        select(PasswordLink, User)
        .join(User, User.id == PasswordLink.user_id)
        .where(PasswordLink.id == link_id)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def latest_password_links(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, PasswordLink]:
    """The newest link of each of these users who had one."""
    query = (
        select(PasswordLink)
        .where(PasswordLink.user_id.in_(list(user_ids)))
        .ext(distinct_on(PasswordLink.user_id))
        .order_by(PasswordLink.user_id, PasswordLink.id.desc())
    )
    return {link.user_id: link for link in (await session.scalars(query)).all()}


async def withdraw_password_links(session: AsyncSession, user_id: UUID, at: datetime) -> None:
    """Links that were not used are dead."""
    query = update(PasswordLink).where(
        PasswordLink.user_id == user_id, PasswordLink.used_at.is_(None), PasswordLink.withdrawn_at.is_(None)
    )
    await session.execute(query.values(withdrawn_at=at))


async def claim_letter(session: AsyncSession, link_id: UUID) -> tuple[PasswordLink, User] | None:
    """A link with its letter, which no other worker sends until we commit; None while one does.

    By a lock beside the row: whoever withdraws the link need not wait for a mail server.
    """
    number = int.from_bytes(link_id.bytes[8:], "big", signed=True)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        return None
    return await password_link(session, link_id)


async def letter_exists(session: AsyncSession, link_id: UUID) -> bool:
    return bool(await session.scalar(select(exists().where(PasswordLink.id == link_id))))


async def waiting_letters(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Letters that were to be sent and were not, oldest first."""
    query = (
        select(PasswordLink.id)
        .where(PasswordLink.letter == "queued", PasswordLink.created_at < before)
        .order_by(PasswordLink.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()
