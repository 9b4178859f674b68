"""REST of the register of incidents, for administrators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from teleconsulta.audit import Action, record
from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.incidents import service
from teleconsulta.incidents.schemas import IncidentCreate, IncidentEntryCreate, IncidentOut, IncidentsOut
from teleconsulta.incidents.service import IncidentNotFound
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import DomainError, Forbidden, Invalid, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems

router = APIRouter(prefix="/api", tags=["incidents"])

ALWAYS: tuple[type[DomainError], ...] = (Unauthorized, SessionEnded, Forbidden, Unavailable)


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Now = Annotated[Clock, Depends(_clock)]


@router.get("/incidents", responses=problems(*ALWAYS))
async def list_incidents(admin: Admin, session: Session) -> IncidentsOut:
    """The whole register, the newest incident first."""
    return IncidentsOut(items=await service.every(session))


@router.get("/incidents.json", responses=problems(*ALWAYS))
async def export_incidents(admin: Admin, session: Session, response: Response, now: Now) -> IncidentsOut:
    """The register as a file, for the authority or a lawyer; taking it out is audited."""
    items = await service.every(session)
    await record(session, Action.INCIDENTS_EXPORTED, actor=admin, details={"items": len(items)})
    response.headers["Content-Disposition"] = f'attachment; filename="incidentes-{now():%Y-%m-%d}.json"'
    return IncidentsOut(items=items)


@router.post("/incidents", status_code=201, responses=problems(*ALWAYS, Invalid))
async def open_incident(wish: IncidentCreate, admin: Admin, session: Session, now: Now) -> IncidentOut:
    """Write down an incident. The three working days count from when the clinic learned of it."""
    return await service.open_incident(session, admin, wish, now())


@router.get("/incidents/{incident_id}", responses=problems(*ALWAYS, IncidentNotFound))
async def read_incident(incident_id: UUID, admin: Admin, session: Session) -> IncidentOut:
    """One incident with its story."""
    return await service.one(session, incident_id)


@router.post("/incidents/{incident_id}/entries", status_code=201, responses=problems(*ALWAYS, IncidentNotFound))
async def add_entry(
    incident_id: UUID, wish: IncidentEntryCreate, admin: Admin, session: Session, now: Now
) -> IncidentOut:
    """One more entry. What is written stays."""
    return await service.add(session, admin, incident_id, wish, now())
