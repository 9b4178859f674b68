"""Finding the person who asks for their data, and what of it is kept until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.keeping.schemas import PersonFound
from teleconsulta.keeping.service import in_force

SHOWN = 20

PEOPLE = text("""
SELECT person.id, person.name, person.email, count(rooms.id),
       max(greatest(rooms.created_at, rooms.closed_at, upper(rooms.during)))
FROM people AS person LEFT JOIN rooms ON rooms.patient_id = person.id
WHERE (CAST(:id AS uuid) IS NULL OR person.id = :id)
  AND (CAST(:words AS text) IS NULL OR strpos(person.plain_name, plain_text(:words)) > 0
       OR strpos(lower(person.email), lower(:words)) > 0)
GROUP BY person.id ORDER BY person.plain_name, person.id LIMIT :limit
""")


async def search(session: AsyncSession, admin: StaffIdentity, words: str) -> list[PersonFound]:
    """People of whose name or address this is a part; twenty at most."""
    found = (await session.execute(PEOPLE, {"id": None, "words": words, "limit": SHOWN})).all()
    await record(session, Action.PEOPLE_SEARCHED, actor=admin, details={"found": len(found)})
    return await _shown(session, found)


async def one(session: AsyncSession, person_id: UUID) -> PersonFound | None:
    found = (await session.execute(PEOPLE, {"id": person_id, "words": None, "limit": 1})).all()
    return next(iter(await _shown(session, found)), None)


async def _shown(
    session: AsyncSession, rows: Sequence[Row[UUID, str, str | None, int, datetime | None]]
) -> list[PersonFound]:
    days = (await in_force(session))["clinical_record"]
    return [
        PersonFound(
            id=identifier,
            name=name,
            email=email,
            consultations=rooms,
            last_entry_on=last.date() if last else None,
            kept_until=(last + timedelta(days=days)).date() if last else None,
        )
        for identifier, name, email, rooms, last in rows
    ]
