"""Writing into the register. The audit log knows that something was written, never what."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.clinic import repository as profiles
from teleconsulta.incidents.deadline import due_at
from teleconsulta.incidents.models import Incident, IncidentEntry
from teleconsulta.incidents.schemas import IncidentCreate, IncidentEntryCreate, IncidentOut
from teleconsulta.kernel.errors import Invalid, NotFound
from teleconsulta.kernel.ids import new_id


class IncidentNotFound(NotFound):
    code, detail = "incident_not_found", "There is no such incident."


async def every(session: AsyncSession) -> list[IncidentOut]:
    """The whole register, the newest incident first."""
    query = select(Incident, User.name).join(User, User.id == Incident.opened_by).order_by(Incident.id.desc())
    return await _with_entries(session, [(row[0], row[1]) for row in await session.execute(query)])


async def one(session: AsyncSession, incident_id: UUID) -> IncidentOut:
    """Raises:
    IncidentNotFound.
    """
    query = select(Incident, User.name).join(User, User.id == Incident.opened_by).where(Incident.id == incident_id)
    found = await _with_entries(session, [(row[0], row[1]) for row in await session.execute(query)])
    if not found:
        raise IncidentNotFound
    return found[0]


async def open_incident(
    session: AsyncSession, admin: StaffIdentity, wish: IncidentCreate, now: datetime
) -> IncidentOut:
    """A new incident, with what is known about it as its first entry.

    Raises:
        Invalid: it is not known yet.
    """
    if wish.known_at > now:
        raise Invalid(errors=[{"field": "known_at", "code": "day", "message": "This time is not in the past."}])
    clinic = await profiles.clinic(session, now)
    incident = Incident(
        id=new_id(),
        title=wish.title,
        known_at=wish.known_at,
        due_at=due_at(wish.known_at, clinic.time_zone),
        opened_at=now,
        opened_by=admin.id,
    )
    session.add(incident)
    await session.flush()
    await record(session, Action.INCIDENT_OPENED, actor=admin, target=incident)
    await _write(session, admin, incident.id, IncidentEntryCreate(kind="note", text=wish.text), now)
    return await one(session, incident.id)


async def add(
    session: AsyncSession, admin: StaffIdentity, incident_id: UUID, wish: IncidentEntryCreate, now: datetime
) -> IncidentOut:
    """One more entry.

    Raises:
        IncidentNotFound.
    """
    incident = await session.get(Incident, incident_id)
    if incident is None:
        raise IncidentNotFound
    await _write(session, admin, incident_id, wish, now)
    await record(session, Action.INCIDENT_CONTINUED, actor=admin, target=incident, details={"kind": wish.kind})
    return await one(session, incident_id)


async def _write(
    session: AsyncSession, admin: StaffIdentity, incident_id: UUID, wish: IncidentEntryCreate, now: datetime
) -> None:
    session.add(
        IncidentEntry(id=new_id(), incident_id=incident_id, kind=wish.kind, text=wish.text, author_id=admin.id, at=now)
    )
    await session.flush()


async def _with_entries(session: AsyncSession, found: list[tuple[Incident, str]]) -> list[IncidentOut]:
    query = (
        select(IncidentEntry, User.name)
        .join(User, User.id == IncidentEntry.author_id)
        .where(IncidentEntry.incident_id.in_([incident.id for incident, _ in found]))
        .order_by(IncidentEntry.id)
    )
    entries: defaultdict[UUID, list[tuple[IncidentEntry, str]]] = defaultdict(list)
    for entry, author in await session.execute(query):
        entries[entry.incident_id].append((entry, author))
    return [IncidentOut.of(incident, opener, entries[incident.id]) for incident, opener in found]
