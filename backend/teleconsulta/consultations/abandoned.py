"""People who came without an appointment and went before they were seen: their consultations close by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.consultations.service import close_room
from teleconsulta.jobs.worker import Sweep
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.notifications.repository import forget_finished
from teleconsulta.rooms.models import Room
from teleconsulta.rooms.schemas import Outcome
from teleconsulta.rooms.window import CLOSES_AFTER

GONE_FOR = timedelta(minutes=15)
"""Long enough to come back by oneself after a lost connection."""
AT_ONCE = 100

# Nobody was ever called in, and the last that is known of anybody but the doctor is that they left, or that they never
# came. `refused`: the doctor's doing.
ABANDONED = text("""
SELECT rooms.id, coalesce(latest.detail = 'refused', false) AS refused
FROM rooms
LEFT JOIN LATERAL (
  SELECT event, detail, at FROM room_events
  JOIN room_participants AS who ON who.id = room_events.participant_id AND who.role <> 'doctor'
  WHERE room_events.room_id = rooms.id
  ORDER BY at DESC, room_events.id DESC LIMIT 1
) AS latest ON true
WHERE rooms.walk_in AND rooms.state = 'open' AND rooms.created_at < :before
  AND NOT EXISTS (SELECT FROM calls WHERE calls.room_id = rooms.id)
  AND (latest.event IS NULL OR (latest.event = 'left' AND latest.at < :before))
ORDER BY rooms.created_at
LIMIT :limit
""")


def sweep(settings: Settings, clock: Clock) -> Sweep:
    """Closes what was abandoned, and forgets the browsers of people whose consultation is over."""

    async def close(database: Database) -> None:
        async with database.session() as session:
            await close_abandoned(session, settings, clock())
            await forget_finished(session, clock() - CLOSES_AFTER)

    return close


async def close_abandoned(session: AsyncSession, settings: Settings, now: datetime) -> None:
    rows = (await session.execute(ABANDONED, {"before": now - GONE_FOR, "limit": AT_ONCE})).all()
    for room_id, refused in rows:
        locked = select(Room).where(Room.id == room_id, Room.state == "open").with_for_update(skip_locked=True)
        room = await session.scalar(locked)
        if room is not None:
            outcome: Outcome = "refused_by_doctor" if refused else "no_show"
            await close_room(session, settings, room, outcome, None, now, actor=None)
