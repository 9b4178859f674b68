"""Call history over REST: a doctor reads their own, an admin all; every reading is audited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import Staff
from teleconsulta.calls import accesses, detail, export, history
from teleconsulta.calls.history import Filters
from teleconsulta.calls.schemas import CallDetail, CallsFile, CallState, CallSummary, QualityOut
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.pagination import Cursor, Limit, Page

router = APIRouter(prefix="/api", tags=["calls"])


async def _filters(
    since: Annotated[AwareDatetime | None, Query(alias="from", description="Started at or after.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Started before.")] = None,
    doctor_id: UUID | None = None,
    patient: Annotated[
        str | None,
        Query(max_length=120, description="A part of the patient's name; case and accents do not matter."),
    ] = None,
    outcome: Annotated[str | None, Query(max_length=40)] = None,
    state: CallState | None = None,
) -> Filters:
    return Filters(since, until, doctor_id, patient, outcome, state)


Asked = Annotated[Filters, Depends(_filters)]


@router.get("/calls")
async def list_calls(
    staff: Staff, session: Session, asked: Asked, limit: Limit = 50, cursor: Cursor = None
) -> Page[CallSummary]:
    """Calls from the newest on."""
    found = await history.page(session, staff, asked, limit, cursor)
    await audit.record(session, Action.CALLS_LISTED, actor=staff, details={"items": len(found.items)})
    await accesses.note(session, staff, "list", [call.id for call in found.items])
    return found


@router.get("/calls.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_calls(staff: Staff, session: Session, asked: Asked) -> Response:
    """The same list as a file for a spreadsheet."""
    seen: list[UUID] = []
    lines = [line async for line in export.rows(_noting(history.every(session, staff, asked), seen))]
    await audit.record(session, Action.CALLS_EXPORTED, actor=staff, details={"items": len(lines) - 1, "format": "csv"})
    await accesses.note(session, staff, "csv", seen)
    name = _file_name("csv")
    return Response(
        "".join(lines), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/calls.json")
async def export_calls_as_json(staff: Staff, session: Session, asked: Asked, response: Response) -> CallsFile:
    """The same list as a file for a program."""
    items = [call async for call in history.every(session, staff, asked)]
    await audit.record(session, Action.CALLS_EXPORTED, actor=staff, details={"items": len(items), "format": "json"})
    await accesses.note(session, staff, "json", [call.id for call in items])
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name("json")}"'
    return CallsFile(items=items)


async def _noting(calls: AsyncIterator[CallSummary], seen: list[UUID]) -> AsyncIterator[CallSummary]:
    async for call in calls:
        seen.append(call.id)
        yield call


def _file_name(ending: str) -> str:
    return f"consultas-{datetime.now().astimezone():%Y-%m-%d}.{ending}"


@router.get("/calls/{call_id}", responses=problems(NotFound))
async def read_call(staff: Staff, session: Session, call_id: UUID) -> CallDetail:
    """One record, whole."""
    found = await detail.read(session, staff, call_id)
    await audit.record(session, Action.CALL_READ, actor=staff, target=Ref("call", call_id), room_id=found.room_id)
    await accesses.note(session, staff, "record", [call_id])
    return found


@router.get("/calls/{call_id}/quality", responses=problems(NotFound))
async def read_quality(staff: Staff, session: Session, call_id: UUID) -> QualityOut:
    """Every quality report of a call (kept 90 days)."""
    found = await detail.samples(session, staff, call_id)
    await audit.record(session, Action.CALL_READ, actor=staff, target=Ref("call", call_id), details={"part": "quality"})
    await accesses.note(session, staff, "quality", [call_id])
    return QualityOut(items=found)
