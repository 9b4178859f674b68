"""REST of keeping and deleting, for administrators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.keeping import service
from teleconsulta.keeping.errors import PreviewNotFound, PreviewStale, RetentionBusy
from teleconsulta.keeping.rules import Kind
from teleconsulta.keeping.schemas import RetentionOut, RetentionRuleWish, RetentionRunOut
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import DomainError, Forbidden, Invalid, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems

router = APIRouter(prefix="/api/retention", tags=["retention"])

ALWAYS: tuple[type[DomainError], ...] = (Unauthorized, SessionEnded, Forbidden, Unavailable)


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Now = Annotated[Clock, Depends(_clock)]


@router.get("", responses=problems(*ALWAYS))
async def read_retention(admin: Admin, session: Session, now: Now) -> RetentionOut:
    """How long everything is kept, and the last runs."""
    return await _shown(session, now)


@router.put("/{kind}", responses=problems(*ALWAYS, Invalid))
async def change_rule(kind: Kind, wish: RetentionRuleWish, admin: Admin, session: Session, now: Now) -> RetentionOut:
    """Keep a class longer or shorter, within what the law leaves open."""
    await service.change(session, admin, kind, wish.days, now())
    return await _shown(session, now)


@router.post("/previews", status_code=202, responses=problems(*ALWAYS, RetentionBusy))
async def preview(admin: Admin, session: Session, now: Now) -> RetentionRunOut:
    """Count what a run would delete, and delete nothing."""
    return RetentionRunOut.of(await service.preview(session, admin, now()))


@router.post(
    "/previews/{preview_id}/run",
    status_code=202,
    responses=problems(*ALWAYS, PreviewNotFound, PreviewStale, RetentionBusy),
)
async def carry_out(preview_id: UUID, admin: Admin, session: Session, now: Now) -> RetentionRunOut:
    """Delete what a preview of the last 24 hours has counted."""
    return RetentionRunOut.of(await service.carry_out(session, admin, preview_id, now()))


async def _shown(session: Session, now: Now) -> RetentionOut:
    days = await service.in_force(session)
    found = await service.runs(session)
    used = {run.previewed_by for run in found}
    usable = {
        run.id
        for run in found
        if run.dry_run
        and run.state == "done"
        and run.id not in used
        and dict(run.rules) == days
        and run.created_at > now() - service.PREVIEW_LASTS
    }
    return RetentionOut.of(days, [RetentionRunOut.of(run, usable=run.id in usable) for run in found])
