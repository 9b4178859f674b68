"""From a personal link to a seat: looking, taking it, and coming back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.consents.repository import given, override
from teleconsulta.invitations import repository
from teleconsulta.invitations.errors import InvalidLink, LinkExpired, LinkRevoked, TooEarly
from teleconsulta.invitations.links import read_link
from teleconsulta.invitations.repository import Invited
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.rooms.errors import RoomClosed
from teleconsulta.rooms.window import stamp
from teleconsulta.webhooks.outbox import emit

SEAT_LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat that was taken: an access token of at most two hours, and a token for the cookie to come back by."""

    invited: Invited
    access_token: str
    expires_in: int
    resume_token: str
    resume_until: datetime
    consented: bool
    emergency: bool


async def look(session: AsyncSession, tokens: Tokens, raw: str, now: datetime) -> Invited:
    """Whose link it is. Changes nothing.

    Raises:
        InvalidLink, LinkExpired, LinkRevoked, RoomClosed.
    """
    link = read_link(tokens, raw)
    invited = await repository.by_id(session, link.invitation_id)
    return _checked(invited, link.room_id, link.generation, now)


async def take(session: AsyncSession, tokens: Tokens, raw: str, now: datetime, ip: Address) -> Seat:
    """Take the seat; as often as one likes while the window is open.

    Raises:
        InvalidLink, LinkExpired, LinkRevoked, RoomClosed, TooEarly.
    """
    link = read_link(tokens, raw)
    invited = await repository.by_id(session, link.invitation_id, lock=True)
    invited = _checked(invited, link.room_id, link.generation, now)
    _not_early(invited, now)
    return await _taken(session, tokens, invited, now, ip)


async def take_own(session: AsyncSession, tokens: Tokens, participant_id: UUID, now: datetime, ip: Address) -> Seat:
    """The seat of somebody whom this very transaction has given one, without a link.

    Raises:
        InvalidLink, LinkExpired, LinkRevoked, RoomClosed.
    """
    invited = await repository.by_participant(session, participant_id)
    if invited is None:
        raise InvalidLink
    return await _taken(session, tokens, invited, now, ip)


async def _taken(session: AsyncSession, tokens: Tokens, invited: Invited, now: datetime, ip: Address) -> Seat:
    if invited.invitation.opened_at is None:
        invited.invitation.opened_at = now
        await emit(session, "invitation.opened", now, invitation_id=invited.invitation.id, room_id=invited.room.id)
    invited.invitation.redeemed_count += 1
    details = {"times": invited.invitation.redeemed_count}
    await record(
        session,
        Action.INVITATION_REDEEMED,
        actor=invited.participant,
        target=invited.invitation,
        room_id=invited.room.id,
        details=details,
        ip=ip,
    )
    return await _seat(session, tokens, invited, now)


async def come_back(
    session: AsyncSession, tokens: Tokens, participant_id: UUID, cookie: str | None, now: datetime
) -> Seat:
    """The seat again, by the cookie that was given with it.

    Raises:
        Unauthorized: it is not the cookie of this seat.
        LinkExpired, LinkRevoked, RoomClosed, TooEarly: the seat is gone, which its own cookie may know.
    """
    if not cookie:
        raise Unauthorized
    try:
        claims = tokens.read(cookie, "resume")
        room_id, generation = UUID(str(claims["room"])), int(claims["gen"])
    except TokenExpired as error:
        raise LinkExpired from error
    except (KeyError, ValueError) as error:
        raise Unauthorized from error
    if claims.subject != str(participant_id):
        raise Unauthorized
    invited = await repository.by_participant(session, participant_id)
    invited = _checked(invited, room_id, generation, now)
    _not_early(invited, now)
    return await _seat(session, tokens, invited, now)


def _checked(invited: Invited | None, room_id: UUID, generation: int, now: datetime) -> Invited:
    if invited is None or invited.room.id != room_id:
        raise InvalidLink
    if invited.room.state != "open":
        raise RoomClosed
    if invited.invitation.revoked_at is not None or invited.invitation.generation != generation:
        raise LinkRevoked
    if invited.window.phase(now) == "over":
        raise LinkExpired
    return invited


def _not_early(invited: Invited, now: datetime) -> None:
    if invited.window.phase(now) == "early":
        raise TooEarly(opens_at=stamp(invited.window.opens_at))


async def _seat(session: AsyncSession, tokens: Tokens, invited: Invited, now: datetime) -> Seat:
    participant, closes_at = invited.participant, invited.window.closes_at
    access_token = seat_token(tokens, participant.id, invited.room.id, participant.role, now)
    resume_token = tokens.issue(
        "resume",
        str(participant.id),
        closes_at,
        room=str(invited.room.id),
        gen=invited.invitation.generation,
    )
    consented = await given(session, participant.id) is not None
    emergency = not consented and await override(session, participant.id) is not None
    expires_in = int(SEAT_LASTS.total_seconds())
    return Seat(invited, access_token, expires_in, resume_token, closes_at, consented, emergency)


def seat_token(tokens: Tokens, participant_id: UUID, room_id: UUID, role: str, now: datetime) -> str:
    """Two hours of one seat in one room. Whether the seat still stands is asked at every use."""
    return tokens.issue("participant", str(participant_id), now + SEAT_LASTS, room=str(room_id), role=role)


def cookie_name(settings: Settings, participant_id: UUID) -> str:
    """One cookie a seat, so that several people may share a device; `__Host-` binds it to this very host."""
    return f"{'__Host-' if settings.secure else ''}tc_seat_{participant_id.hex}"
