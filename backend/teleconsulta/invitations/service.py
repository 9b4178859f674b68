"""Issuing, sending again and withdrawing personal links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.invitations import letters, repository
from teleconsulta.invitations.errors import LinkExpired, LinkRevoked, NoEmail
from teleconsulta.invitations.models import Delivery, Invitation
from teleconsulta.invitations.repository import Invited
from teleconsulta.invitations.schemas import InvitationCreate, InvitedRole
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.patients.models import Person
from teleconsulta.patients.repository import find_or_create
from teleconsulta.presence.model import CAPACITY
from teleconsulta.rooms import repository as rooms
from teleconsulta.rooms.errors import RoomClosed, RoomFull
from teleconsulta.rooms.models import RoomParticipant
from teleconsulta.rooms.repository import RoomRow


async def issue(
    session: AsyncSession, settings: Settings, row: RoomRow, person: Person, role: InvitedRole, now: datetime
) -> tuple[Invited, Delivery | None]:
    """A seat and a link for one person, and the letter when they have an address."""
    participant = RoomParticipant(
        id=new_id(),
        room_id=row.room.id,
        role=role,
        user_id=None,
        person_id=person.id,
        created_at=now,
        admitted_at=None,
        revoked_at=None,
    )
    session.add(participant)
    await session.flush()
    invitation = Invitation(
        id=new_id(),
        room_id=row.room.id,
        participant_id=participant.id,
        generation=1,
        created_at=now,
        issued_at=now,
        revoked_at=None,
        opened_at=None,
        redeemed_count=0,
    )
    session.add(invitation)
    await session.flush()
    delivery = await letters.write(session, settings, invitation, "issued", now) if person.email else None
    return Invited(invitation, participant, person, row.room, row.doctor), delivery


async def invite(
    session: AsyncSession,
    settings: Settings,
    staff: StaffIdentity,
    room_id: UUID,
    wish: InvitationCreate,
    now: datetime,
) -> tuple[Invited, Delivery | None]:
    """Invite one more person.

    Raises:
        RoomNotFound, RoomClosed, LinkExpired (its window is over), RoomFull.
    """
    row = await rooms.find(session, staff, room_id, lock=True)
    if row.room.state != "open":
        raise RoomClosed
    if row.window.phase(now) == "over":
        raise LinkExpired
    if await rooms.active_participants(session, room_id) >= CAPACITY:
        raise RoomFull
    person = await find_or_create(session, wish.name, wish.email, wish.language, now, time_zone=wish.time_zone)
    invited, delivery = await issue(session, settings, row, person, wish.role, now)
    details = {"role": wish.role, "participant_id": str(invited.participant.id)}
    await record(
        session, Action.INVITATION_ISSUED, actor=staff, target=invited.invitation, room_id=room_id, details=details
    )
    return invited, delivery


async def resend(
    session: AsyncSession, settings: Settings, staff: StaffIdentity, invitation_id: UUID, now: datetime
) -> tuple[Invited, Delivery]:
    """Send the letter again; one that is still on its way is enough.

    Raises:
        InvitationNotFound, LinkRevoked, RoomClosed, LinkExpired, NoEmail.
    """
    invited = await repository.find(session, staff, invitation_id)
    if invited.room.state != "open":
        raise RoomClosed
    if invited.invitation.revoked_at is not None:
        raise LinkRevoked
    if invited.window.phase(now) == "over":
        raise LinkExpired
    if invited.person.email is None:
        raise NoEmail
    latest = (await repository.latest_deliveries(session, [invitation_id])).get(invitation_id)
    if latest is None or latest.state != "queued":
        latest = await letters.write(session, settings, invited.invitation, f"again-{new_id()}", now)
        await record(session, Action.INVITATION_RESENT, actor=staff, target=invited.invitation, room_id=invited.room.id)
    return invited, latest


async def revoke(session: AsyncSession, staff: StaffIdentity, invitation_id: UUID, now: datetime) -> None:
    """Withdraw a link: it opens nothing any more, and whoever came in by it is put out. A repeat changes nothing.

    Raises:
        InvitationNotFound.
    """
    invited = await repository.find(session, staff, invitation_id)
    if invited.invitation.revoked_at is not None:
        return
    invited.invitation.revoked_at = now
    invited.participant.revoked_at = now
    await repository.withdraw_letters(session, [invitation_id])
    await announce(session, "participant_revoked", participant_id=invited.participant.id, room_id=invited.room.id)
    await record(session, Action.INVITATION_REVOKED, actor=staff, target=invited.invitation, room_id=invited.room.id)


async def reissue(session: AsyncSession, settings: Settings, room_id: UUID, now: datetime) -> Sequence[Invited]:
    """After a room has moved: every standing link is replaced by one for the new window, and its letter sent."""
    standing = [one for one in await repository.lock_of_room(session, room_id) if one.invitation.revoked_at is None]
    await repository.withdraw_letters(session, [one.invitation.id for one in standing])
    for one in standing:
        one.invitation.generation += 1
        one.invitation.issued_at = now
        await session.flush()
        if one.person.email is not None:
            await letters.write(session, settings, one.invitation, "moved", now)
    return standing


async def withdraw_all(session: AsyncSession, room_id: UUID) -> Sequence[Invited]:
    """After a room has closed: no letter about it leaves any more. Returns who was invited."""
    invited = await repository.lock_of_room(session, room_id)
    await repository.withdraw_letters(session, [one.invitation.id for one in invited])
    return invited


async def call_off(session: AsyncSession, settings: Settings, invited: Sequence[Invited], now: datetime) -> None:
    """Tell those whom a letter had told of the consultation that it does not take place."""
    told = await repository.told(session, [one.invitation.id for one in invited])
    for one in invited:
        if one.invitation.id in told and one.invitation.revoked_at is None and one.person.email is not None:
            await letters.write(session, settings, one.invitation, "closed", now, kind="cancellation")
