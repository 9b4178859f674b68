"""Sign-ins: opened by a password, kept alive by a refresh token that is used once, ended everywhere at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth import repository
from teleconsulta.auth.devices import Device
from teleconsulta.auth.models import RefreshToken, StaffSession, User
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Purpose, Tokens

ACCESS = timedelta(minutes=10)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
LISTED = 100
# Two tabs that wake up together send the same cookie; a thief has to be quicker than that.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Grant:
    """A way in: the access token for the page's memory, the refresh token for its cookie."""

    user: User
    access_token: str
    expires_in: int  # seconds
    refresh_token: str
    session_ends_at: datetime
    must_enrol: bool  # it opens nothing but the setting up of a second factor


def must_enrol(settings: Settings, user: User) -> bool:
    """Whether all this user may do is to set up a second factor. A demonstration asks nobody for one."""
    return user.role == "admin" and user.totp_confirmed_at is None and not settings.demo


async def open_session(
    session: AsyncSession,
    settings: Settings,
    tokens: Tokens,
    user: User,
    now: datetime,
    device: Device,
    address: Address | None = None,
) -> Grant:
    """A new session for somebody who has proved who they are."""
    family = StaffSession(
        id=new_id(), user_id=user.id, created_at=now, last_used_at=now, expires_at=now + ABSOLUTE,
        ended_at=None, end_reason=None, device=device.kind, browser=device.browser,
    )  # fmt: skip
    session.add(family)
    await session.flush()
    await audit.record(session, Action.SESSION_OPENED, actor=user, target=family, ip=address)
    return await _grant(session, settings, tokens, user, family, now)


async def rotate(session: AsyncSession, settings: Settings, tokens: Tokens, raw: str, now: datetime) -> Grant | None:
    """A fresh pair for a refresh token, or None when it is worth nothing. Never raises for that, so that what is
    found out (a stolen token, a session asleep for too long) is committed."""
    found = await repository.token_family(session, _hash(raw))
    if found is None:
        return None
    token, family, user = found
    if family.ended_at is not None:
        return None
    if token.used_at is not None and now - token.used_at > GRACE:
        await end_session(session, family, now, "refresh_reused", Action.SESSION_REUSED)
        return None
    if user.disabled_at is not None or now >= family.expires_at or now - family.last_used_at > IDLE:
        await end_session(session, family, now, "expired")
        return None
    token.used_at = token.used_at or now
    family.last_used_at = now
    return await _grant(session, settings, tokens, user, family, now)


async def close(session: AsyncSession, raw: str, now: datetime) -> None:
    """Sign out the session of this refresh token; one that is worth nothing changes nothing."""
    found = await repository.token_family(session, _hash(raw))
    if found is not None and found[1].ended_at is None:
        await end_session(session, found[1], now, "signed_out")


async def end_session(
    session: AsyncSession, family: StaffSession, now: datetime, reason: str, action: Action = Action.SESSION_CLOSED
) -> None:
    """The session is over: its tokens are refused from now on, its sockets are cut when this commits."""
    family.ended_at, family.end_reason = now, reason
    owner = audit.Ref("user", family.user_id)
    await audit.record(session, action, actor=owner, target=family, details={"reason": reason})
    await announce(session, "session_ended", session_id=family.id)


async def list_sessions(session: AsyncSession, user_id: UUID, now: datetime) -> Sequence[StaffSession]:
    """Where somebody is signed in, the latest used first."""
    return await repository.live_sessions(session, user_id, now, now - IDLE, LISTED)


async def end_own(session: AsyncSession, user_id: UUID, session_id: UUID, now: datetime) -> None:
    """Sign out one device of one's own.

    Raises:
        NotFound: it is somebody else's, or over.
    """
    family = await repository.open_session_of(session, user_id, session_id)
    if family is None:
        raise NotFound
    await end_session(session, family, now, "ended_by_owner")


async def end_others(session: AsyncSession, user_id: UUID, kept: UUID, now: datetime, reason: str) -> None:
    """Every other session of the user is over, and its sockets are cut when this commits."""
    for family in await repository.other_open_sessions(session, user_id, kept):
        await end_session(session, family, now, reason)


async def end_all(session: AsyncSession, user_id: UUID, now: datetime, reason: str) -> None:
    """Every session of the user is over, and every socket of theirs is cut when this commits."""
    await repository.end_sessions_of(session, user_id, now, reason)
    await announce(session, "user_ended", user_id=user_id)


async def touch(session: AsyncSession, session_ids: Collection[UUID], now: datetime) -> None:
    """A sign of life of these sessions; those that have ended stay ended."""
    query = update(StaffSession).where(StaffSession.id.in_(session_ids), StaffSession.ended_at.is_(None))
    await session.execute(query.values(last_used_at=now))


async def _grant(
    session: AsyncSession, settings: Settings, tokens: Tokens, user: User, family: StaffSession, now: datetime
) -> Grant:
    refresh = secrets.token_urlsafe(32)
    session.add(RefreshToken(token_hash=_hash(refresh), session_id=family.id, issued_at=now, used_at=None))
    await session.flush()
    ends = min(now + ACCESS, family.expires_at)
    # A token of another purpose, so that no door has to remember to ask.
    enrols = must_enrol(settings, user)
    purpose: Purpose = "enrolment" if enrols else "access"
    access = tokens.issue(purpose, str(user.id), ends, role=user.role, sid=str(family.id))
    return Grant(user, access, int((ends - now).total_seconds()), refresh, family.expires_at, enrols)


def _hash(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()
