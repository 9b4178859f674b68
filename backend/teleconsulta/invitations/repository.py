"""Invitations and their letters in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import Range, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.invitations.errors import InvitationNotFound
from teleconsulta.invitations.models import Delivery, Invitation, Reminder
from teleconsulta.invitations.timing import REMINDERS, ReminderKind
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import Room, RoomParticipant
from teleconsulta.rooms.window import OPENS_BEFORE, Window


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with everything it stands for."""

    invitation: Invitation
    participant: RoomParticipant
    person: Person
    room: Room
    doctor: User

    @property
    def window(self) -> Window:
        return Window.of(self.room.during)


def _all() -> Select[Invitation, RoomParticipant, Person, Room, User]:
    return (
        select(Invitation, RoomParticipant, Person, Room, User)
        .join(RoomParticipant, RoomParticipant.id == Invitation.participant_id)
        .join(Person, Person.id == RoomParticipant.person_id)
        .join(Room, Room.id == Invitation.room_id)
        .join(User, User.id == Room.doctor_id)
    )


async def by_id(session: AsyncSession, invitation_id: UUID, *, lock: bool = False) -> Invited | None:
    """`lock`: nobody else changes the invitation until we commit."""
    query = _all().where(Invitation.id == invitation_id)
    return await _one(session, query.with_for_update(of=Invitation) if lock else query)


async def by_participant(session: AsyncSession, participant_id: UUID) -> Invited | None:
    return await _one(session, _all().where(Invitation.participant_id == participant_id))


async def find(session: AsyncSession, staff: StaffIdentity, invitation_id: UUID) -> Invited:
    """An invitation to the doctor's own room, or any for an admin; locked until we commit.

    Raises:
        InvitationNotFound: there is none, or it is somebody else's.
    """
    query = _all().where(Invitation.id == invitation_id).with_for_update(of=Invitation)
    if staff.role != "admin":
        query = query.where(Room.doctor_id == staff.id)
    found = await _one(session, query)
    if found is None:
        raise InvitationNotFound
    return found


async def of_rooms(session: AsyncSession, room_ids: Iterable[UUID]) -> dict[UUID, list[Invited]]:
    """The invitations of several rooms, in the order they were made."""
    query = _all().where(Invitation.room_id.in_(list(room_ids))).order_by(Invitation.id)
    found: defaultdict[UUID, list[Invited]] = defaultdict(list)
    for row in (await session.execute(query)).all():
        found[row[3].id].append(Invited(*row))
    return found


async def lock_of_room(session: AsyncSession, room_id: UUID) -> list[Invited]:
    """The invitations of one room, locked until we commit."""
    query = _all().where(Invitation.room_id == room_id).order_by(Invitation.id).with_for_update(of=Invitation)
    rows = (await session.execute(query.execution_options(populate_existing=True))).all()
    return [Invited(*row) for row in rows]


async def latest_deliveries(session: AsyncSession, invitation_ids: Iterable[UUID]) -> dict[UUID, Delivery]:
    """The last letter that carried each invitation, if any did; reminders and the like are not looked at."""
    query = (
        select(Delivery)
        .where(Delivery.invitation_id.in_(list(invitation_ids)), Delivery.kind == "invitation")
        .ext(distinct_on(Delivery.invitation_id))
        .order_by(Delivery.invitation_id, Delivery.id.desc())
    )
    return {delivery.invitation_id: delivery for delivery in (await session.scalars(query)).all()}


async def told(session: AsyncSession, invitation_ids: Iterable[UUID]) -> set[UUID]:
    """Whom a letter of ours has reached, or is reaching just now. Ask after `withdraw_letters`."""
    query = select(Delivery.invitation_id).where(
        Delivery.invitation_id.in_(list(invitation_ids)),
        Delivery.kind == "invitation",
        Delivery.state.in_(["sent", "queued"]),
    )
    return set((await session.scalars(query)).all())


async def to_remind(session: AsyncSession, kind: ReminderKind, now: datetime, limit: int) -> list[Invited]:
    """Whom to remind now, the soonest first; locked until we commit. What another worker has is left to it."""
    rule = REMINDERS[kind]
    starts_at = func.lower(Room.during)
    given = exists().where(
        Reminder.invitation_id == Invitation.id,
        Reminder.generation == Invitation.generation,
        Reminder.kind == kind,
    )
    query = (
        _all()
        # The first three are those of the index that keeps bookings apart.
        .where(Room.scheduled, Room.state == "open", Room.during.overlaps(Range(now, now + rule.before, bounds="[]")))
        .where(starts_at > now + rule.until, starts_at <= now + rule.before)
        .where(func.coalesce(Invitation.issued_at, Invitation.created_at) <= starts_at - rule.before)
        .where(Invitation.revoked_at.is_(None), ~given)
        # Who has come into the waiting room knows.
        .where(or_(Invitation.opened_at.is_(None), Invitation.opened_at < starts_at - OPENS_BEFORE))
        .order_by(starts_at, Invitation.id)
        .limit(limit)
        .with_for_update(of=Invitation, skip_locked=True)
    )
    rows = (await session.execute(query.execution_options(populate_existing=True))).all()
    return [Invited(*row) for row in rows]


async def count_as_reminded(session: AsyncSession, invited: Invited, kind: ReminderKind, now: datetime) -> bool:
    """False when another worker has: one that committed while we looked leaves us the lock, but not its mark to see."""
    mark = {"invitation_id": invited.invitation.id, "generation": invited.invitation.generation, "kind": kind}
    written = insert(Reminder).values(**mark, given_at=now).on_conflict_do_nothing().returning(Reminder.invitation_id)
    return await session.scalar(written) is not None


async def withdraw_letters(session: AsyncSession, invitation_ids: Iterable[UUID]) -> None:
    """Letters that were not sent yet are not sent any more; one that is just leaving is not waited for."""
    waiting = (
        select(Delivery.id)
        .where(Delivery.invitation_id.in_(list(invitation_ids)), Delivery.state == "queued")
        .with_for_update(skip_locked=True)
    )
    identifiers = (await session.scalars(waiting)).all()
    if identifiers:
        await session.execute(update(Delivery).where(Delivery.id.in_(identifiers)).values(state="withdrawn"))


async def claim_letter(session: AsyncSession, delivery_id: UUID) -> Delivery | None:
    """The letter, ours until we commit; None while another worker has it."""
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(skip_locked=True)
    return await session.scalar(query)


async def letter_exists(session: AsyncSession, delivery_id: UUID) -> bool:
    return bool(await session.scalar(select(exists().where(Delivery.id == delivery_id))))


async def waiting_letters(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Letters that were to be sent and were not, oldest first."""
    query = (
        select(Delivery.id)
        .where(Delivery.state == "queued", Delivery.created_at < before)
        .order_by(Delivery.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def _one(session: AsyncSession, query: Select[Invitation, RoomParticipant, Person, Room, User]) -> Invited | None:
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    return None if row is None else Invited(*row)
