"""What the database says about the next quarter of an hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from teleconsulta.idle.decision import SOON, Ahead, Booked
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable

# PgQueuer goes by the database's clock.
WORK = text("""
SELECT EXISTS (
  SELECT FROM pgqueuer WHERE status = 'picked' OR (status = 'queued' AND execute_after <= now() + :soon)
)
""")
CALLS = text("SELECT EXISTS (SELECT FROM calls WHERE state = 'open')")
# Also consultations without an appointment: whoever was sent a link may come for as long as it was meant to last.
BOOKED = text("""
SELECT lower(during) AS starts_at, upper(during) AS ends_at FROM rooms
WHERE state = 'open' AND NOT demo AND during && tstzrange(:now, :until, '[]')
LIMIT 1
""")


async def ahead(database: Database, now: datetime) -> Ahead | None:
    """None: the database does not answer."""
    try:
        async with database.session() as session:
            work = await session.scalar(WORK, {"soon": SOON})
            calls = await session.scalar(CALLS)
            rows = (await session.execute(BOOKED, {"now": now, "until": now + SOON})).all()
    except Unavailable:
        return None
    return Ahead(bool(work), bool(calls), tuple(Booked(row.starts_at, row.ends_at) for row in rows))
