"""Which rows are past their time, class by class. Every query over what may be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.keeping.rules import Kind, alone

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows on which nothing hangs, to be deleted by a condition over `:before`."""

    table: str
    where: str

    async def count(self, session: AsyncSession, before: datetime) -> int:
        query = text(f"SELECT count(*) FROM {self.table} WHERE {self.where}")  # noqa: S608 - constants below
        return int((await session.scalar(query, {"before": before})) or 0)

    async def delete(self, session: AsyncSession, before: datetime) -> int:
        """Delete `BATCH` of them at most; how many there were."""
        query = text(
            f"WITH gone AS (DELETE FROM {self.table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - constants below
            f"SELECT ctid FROM {self.table} WHERE {self.where} LIMIT {BATCH})) RETURNING 1) SELECT count(*) FROM gone"
        )
        return int((await session.scalar(query, {"before": before})) or 0)


HEAPS: dict[Kind, tuple[Heap, ...]] = {
    "access_log": (
        Heap("password_links", "coalesce(used_at, withdrawn_at, expires_at) < :before"),
        Heap("throttles", "last_failure_at < :before"),
    ),
    "telemetry": (Heap("quality_samples", "at < :before"),),
    "outbox": (Heap("webhook_deliveries", "finished_at < :before"),),
    "jobs": (Heap("pgqueuer_log", "created < :before"), Heap("pgqueuer_statistics", "created < :before")),
}

# The last entry of a person's record: whatever was written latest about any of their consultations.
PATIENTS = text("""
SELECT id FROM people AS person
WHERE created_at < :before
  AND NOT EXISTS (
    SELECT FROM rooms LEFT JOIN room_participants AS seat ON seat.room_id = rooms.id AND seat.person_id = person.id
    WHERE (rooms.patient_id = person.id OR seat.id IS NOT NULL)
      AND greatest(rooms.created_at, rooms.closed_at, upper(rooms.during)) >= :before
  )
  AND NOT EXISTS (
    SELECT FROM calls WHERE calls.patient_id = person.id AND calls.last_seen_at >= :before
  )
  AND NOT EXISTS (
    SELECT FROM call_notes JOIN calls ON calls.id = call_notes.call_id
    WHERE calls.patient_id = person.id AND call_notes.saved_at >= :before
  )
  AND NOT EXISTS (
    SELECT FROM issued_documents JOIN calls ON calls.id = issued_documents.call_id
    WHERE calls.patient_id = person.id AND issued_documents.issued_at >= :before
  )
  AND NOT EXISTS (
    SELECT FROM follow_up_decisions AS decided
    WHERE decided.patient_id = person.id AND decided.decided_at >= :before
  )
ORDER BY id
""")

SEATS = text("""
SELECT DISTINCT seat.person_id, rooms.patient_id
FROM room_participants AS seat JOIN rooms ON rooms.id = seat.room_id
WHERE seat.person_id = ANY(:people)
""")

INCIDENTS = text("""
SELECT id FROM incidents AS incident
WHERE opened_at < :before
  AND NOT EXISTS (SELECT FROM incident_entries AS entry WHERE entry.incident_id = incident.id AND entry.at >= :before)
  AND 'closed' = (
    SELECT kind FROM incident_entries AS entry
    WHERE entry.incident_id = incident.id AND kind IN ('closed', 'reopened') ORDER BY at DESC, id DESC LIMIT 1
  )
ORDER BY id
""")

SIGN_INS = text("SELECT id FROM staff_sessions WHERE coalesce(ended_at, expires_at) < :before ORDER BY id")


async def roots(session: AsyncSession, kind: Kind, before: datetime) -> tuple[str, Sequence[UUID]] | None:
    """The rows of one table whose time is over, and with them whatever hangs on them; None for a class of heaps."""
    if kind == "clinical_record":
        candidates = (await session.scalars(PATIENTS, {"before": before})).all()
        seats = [(row[0], row[1]) for row in await session.execute(SEATS, {"people": list(candidates)})]
        going = alone(candidates, seats)
        return "people", [one for one in candidates if one in going]
    if kind == "incident":
        return "incidents", (await session.scalars(INCIDENTS, {"before": before})).all()
    if kind == "access_log":
        return "staff_sessions", (await session.scalars(SIGN_INS, {"before": before})).all()
    return None
