"""Personal links by which somebody of the staff chooses a password: one use, an end, and only the newest one lives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Identified
from teleconsulta.auth import letters, repository, service, sessions
from teleconsulta.auth.errors import (
    InvalidPasswordLink,
    LastAdmin,
    PasswordLinkExpired,
    PasswordLinkUsed,
    PasswordLinkWithdrawn,
)
from teleconsulta.auth.models import PasswordLink, User
from teleconsulta.kernel.errors import Conflict, NotFound, TokenExpired, Unauthorized
from teleconsulta.kernel.languages import Language
from teleconsulta.kernel.passwords import hash_password
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens

LASTS = {"invitation": timedelta(days=7), "reset": timedelta(hours=24)}


async def invite(
    session: AsyncSession, settings: Settings, user: User, language: Language, now: datetime, actor: Identified | None
) -> PasswordLink:
    """Ask for the letter that lets a new user choose a password."""
    user.pending = "invitation"
    await audit.record(session, Action.USER_INVITED, actor=actor, target=user)
    return await _issue(session, settings, user, "invitation", language, now)


async def send(
    session: AsyncSession,
    settings: Settings,
    user_id: UUID,
    language: Language,
    now: datetime,
    *,
    actor: Identified | None,
) -> tuple[User, PasswordLink]:
    """A new letter to who was invited; for anybody else a reset, which makes the old password void at once.

    Raises:
        NotFound, LastAdmin (a letter that gets lost would leave nobody to send another), Conflict (disabled).
    """
    admins = await repository.lock_active_admins(session)
    user = await repository.user_for_change(session, user_id)
    if user is None:
        raise NotFound
    if user.disabled_at is not None:
        raise Conflict("This account is disabled.")
    if user.pending == "invitation":
        return user, await invite(session, settings, user, language, now, actor)
    if admins == {user.id}:
        raise LastAdmin
    user.pending, user.password_hash = "reset", await hash_password(service.unknown_password())
    await sessions.end_all(session, user.id, now, "password_reset")
    await audit.record(session, Action.USER_RESET, actor=actor, target=user)
    return user, await _issue(session, settings, user, "reset", language, now)


async def read(session: AsyncSession, tokens: Tokens, raw: str, now: datetime) -> tuple[PasswordLink, User]:
    """A link that still opens something, and whose it is.

    Raises:
        InvalidPasswordLink, PasswordLinkExpired, PasswordLinkUsed, PasswordLinkWithdrawn.
    """
    try:
        link_id = UUID(tokens.read(raw, "password").subject)
    except TokenExpired as error:
        raise PasswordLinkExpired from error
    except (Unauthorized, ValueError) as error:
        raise InvalidPasswordLink from error
    found = await repository.password_link(session, link_id)
    if found is None:
        raise InvalidPasswordLink
    link, user = found
    if link.used_at is not None:
        raise PasswordLinkUsed
    if link.withdrawn_at is not None or user.disabled_at is not None:
        raise PasswordLinkWithdrawn
    if now >= link.expires_at:
        raise PasswordLinkExpired
    return link, user


async def choose(
    session: AsyncSession, settings: Settings, tokens: Tokens, raw: str, password: str, now: datetime
) -> User:
    """The password is chosen and the link used up; a second factor stays as it was.

    Raises:
        WeakPassword, and what `read` does.
    """
    _, owner = await read(session, tokens, raw, now)
    await repository.user_for_change(session, owner.id)
    # Read again behind the lock: the same link may have come twice at once.
    link, user = await read(session, tokens, raw, now)
    link.used_at = now
    await session.flush()
    await service.set_password(session, settings, user, password, user)
    return user


async def letters_of(session: AsyncSession, users: Iterable[User]) -> dict[UUID, PasswordLink]:
    """The newest links of those who have still to choose a password."""
    waiting = [user.id for user in users if user.pending is not None]
    return await repository.latest_password_links(session, waiting) if waiting else {}


async def _issue(
    session: AsyncSession,
    settings: Settings,
    user: User,
    purpose: Literal["invitation", "reset"],
    language: Language,
    now: datetime,
) -> PasswordLink:
    await repository.withdraw_password_links(session, user.id, now)
    return await letters.write(session, settings, user, purpose, language, now, now + LASTS[purpose])
