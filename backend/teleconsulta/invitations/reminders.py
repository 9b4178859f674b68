"""Reminding people of what lies ahead: looked for again and again, given once for each time they were told of.

Nothing is planned beforehand, so nothing has to be found and unplanned when a consultation is moved or cancelled, and
a server that was away for a day looks once and knows what is due.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.invitations import letters, repository
from teleconsulta.invitations.repository import Invited
from teleconsulta.invitations.timing import REMINDERS, ReminderKind
from teleconsulta.jobs.worker import Sweep
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.notifications.service import tell_participant

AT_ONCE = 100

# One way to reach people. It writes its wish in the caller's transaction, which is the one that counts the reminder as
# given, and leaves alone whom it cannot reach.
Channel = Callable[[AsyncSession, Settings, Invited, ReminderKind, datetime], Awaitable[None]]


async def by_letter(
    session: AsyncSession, settings: Settings, invited: Invited, kind: ReminderKind, now: datetime
) -> None:
    if invited.person.email is not None:
        await letters.write(session, settings, invited.invitation, "due", now, kind=kind)


async def by_push(
    session: AsyncSession, settings: Settings, invited: Invited, kind: ReminderKind, now: datetime
) -> None:
    """To the browsers in which this person has asked for it."""
    await tell_participant(session, invited.participant.id, kind, now)


CHANNELS: Sequence[Channel] = (by_letter, by_push)


def sweep(settings: Settings, clock: Clock, channels: Sequence[Channel] = CHANNELS) -> Sweep:
    """Gives the reminders whose time has come."""

    async def remind(database: Database) -> None:
        for kind in REMINDERS:
            while await _some(database, settings, kind, clock(), channels) == AT_ONCE:
                pass

    return remind


async def _some(
    database: Database, settings: Settings, kind: ReminderKind, now: datetime, channels: Sequence[Channel]
) -> int:
    """One transaction's worth; returns for how many people."""
    async with database.session() as session:
        due = await repository.to_remind(session, kind, now, AT_ONCE)
        for invited in due:
            if not await repository.count_as_reminded(session, invited, kind, now):
                continue
            for give in channels:
                await give(session, settings, invited, kind, now)
    return len(due)
