"""REST of the audit log, for administrators; reading it is an act that it records."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from teleconsulta import audit
from teleconsulta.admin.schemas import AuditActions, AuditOut, AuditVerdict
from teleconsulta.audit import Action
from teleconsulta.audit.repository import Filter, entries_page
from teleconsulta.auth.identity import Admin
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/audit", tags=["audit"])


@router.get("", responses=problems(Unauthorized, Forbidden))
async def list_entries(
    admin: Admin,
    session: Session,
    address: ClientAddress,
    since: Annotated[datetime | None, Query(alias="from", description="Not before this time.")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="Before this time.")] = None,
    action: Action | None = None,
    actor_id: UUID | None = None,
    target_id: Annotated[UUID | None, Query(description="Of what it was about, or of its room.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditOut]:
    """Who did what, newest first."""
    wanted = Filter(since=since, until=until, action=action, actor_id=actor_id, target_id=target_id)
    found = await entries_page(session, wanted, limit + 1, seq_of(cursor))
    await audit.record(session, Action.AUDIT_READ, actor=admin, ip=address)
    rows = found[:limit]
    more = encode_cursor(str(rows[-1].seq)) if len(found) > limit else None
    return Page(items=[AuditOut.of(row) for row in rows], next_cursor=more)


@router.get("/actions", responses=problems(Unauthorized, Forbidden))
async def list_actions(admin: Admin) -> AuditActions:
    """The words of the log, for a filter."""
    return AuditActions(items=list(Action))


@router.get("/verify", responses=problems(Unauthorized, Forbidden))
async def verify(request: Request, admin: Admin, session: Session, address: ClientAddress) -> AuditVerdict:
    """Recompute the chain and compare it with the head that is kept outside the database."""
    verdict = await audit.verify(session, audit.read_head(request.app.state.settings.var_dir))
    await audit.record(
        session, Action.AUDIT_VERIFIED, actor=admin, ip=address, details={"ok": verdict.ok, "problem": verdict.problem}
    )
    return AuditVerdict(
        ok=verdict.ok,
        entries=verdict.entries,
        head=verdict.head.hash.hex() if verdict.head else None,
        broken_at=verdict.broken_at,
        problem=verdict.problem,
    )


def seq_of(cursor: str | None) -> int | None:
    """The number that a cursor stands for.

    Raises:
        Invalid: it is not one of ours.
    """
    if cursor is None:
        return None
    found = decode_cursor(cursor, 1)[0]
    if not found.isdecimal() or len(found) > 18:
        raise Invalid("The cursor is not one of ours.")
    return int(found)
