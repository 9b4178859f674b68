"""What an invited person's page says about their equipment, by the personal link alone: before, beside and without
a seat in the room."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.identity import read_participant
from teleconsulta.invitations import repository, seats
from teleconsulta.invitations.errors import InvalidLink
from teleconsulta.invitations.links import read_link
from teleconsulta.invitations.repository import Invited
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.readiness import repository as reports
from teleconsulta.readiness.models import ReadinessReport
from teleconsulta.readiness.schemas import TestWish, TroubleWish

# Who stands before a link that has run out may say so for a day, as long as anybody would look for them.
FORGIVEN = timedelta(hours=24)


async def keep_test(session: AsyncSession, tokens: Tokens, wish: TestWish, now: datetime) -> ReadinessReport:
    """Keep a test's result, and tell the doctor's screens. Any time until the link runs out.

    Raises:
        InvalidLink, LinkExpired, LinkRevoked, RoomClosed.
    """
    invited = await seats.look(session, tokens, wish.token, now)
    report = await reports.add(
        session,
        "test",
        room_id=invited.room.id,
        participant_id=invited.participant.id,
        causes=wish.causes,
        facts=wish.facts.model_dump(mode="json"),
        now=now,
    )
    await _announce(session, invited)
    return report


async def keep_trouble(session: AsyncSession, tokens: Tokens, wish: TroubleWish, now: datetime) -> None:
    """Keep what is in somebody's way, and tell the doctor's screens. By a link that opens nothing any more, too: that
    it does not is what there is to tell.

    Raises:
        InvalidLink, LinkExpired (for more than a day).
    """
    invited = await _whose(session, tokens, wish.token)
    await reports.add(
        session,
        "trouble",
        room_id=invited.room.id,
        participant_id=invited.participant.id,
        causes=[wish.cause] if wish.cause else [],
        facts={},
        now=now,
        wants_phone=wish.wants_phone,
    )
    await _announce(session, invited)


async def _whose(session: AsyncSession, tokens: Tokens, raw: str) -> Invited:
    try:
        participant_id = read_participant(tokens, raw).participant_id
    except (TokenExpired, Unauthorized):
        link = read_link(tokens, raw, forgiving=FORGIVEN)
        invited = await repository.by_id(session, link.invitation_id)
    else:
        invited = await repository.by_participant(session, participant_id)
    if invited is None:
        raise InvalidLink
    return invited


async def _announce(session: AsyncSession, invited: Invited) -> None:
    await announce(
        session,
        "readiness",
        participant_id=invited.participant.id,
        room_id=invited.room.id,
        doctor_id=invited.room.doctor_id,
    )
