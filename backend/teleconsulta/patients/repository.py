"""The only place that looks people up by what they are called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.kernel.languages import Language
from teleconsulta.patients.models import Person


async def find_or_create(
    session: AsyncSession,
    name: str,
    email: str | None,
    language: Language,
    now: datetime,
    *,
    time_zone: str | None = None,
) -> Person:
    """The person of this name at this address, in the language asked for last, and in the zone when
    one was named.

    A family may share one address, and two people without one may share a name: only both together are somebody
    we know.
    """
    if email is not None:
        query = (
            select(Person)
            .where(func.lower(Person.email) == email.lower(), Person.name == name)
            .order_by(Person.id)
            .limit(1)
        )
        known = await session.scalar(query)
        if known is not None:
            known.language = language
            known.time_zone = time_zone or known.time_zone
            return known
    person = Person(name=name, email=email, language=language, time_zone=time_zone, created_at=now)
    session.add(person)
    await session.flush()
    return person
