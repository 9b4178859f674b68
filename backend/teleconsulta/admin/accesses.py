"""REST of the log of accesses, for administrators: who has read which patient's record. Looking at it is audited."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.admin.router import seq_of
from teleconsulta.audit import Action
from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.auth.models import User
from teleconsulta.calls.accesses import What
from teleconsulta.calls.models import RecordAccess
from teleconsulta.calls.schemas import PersonRef
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.pagination import Cursor, Limit, Page, encode_cursor
from teleconsulta.patients.models import Person

router = APIRouter(prefix="/api/accesses", tags=["audit"])


class AccessOut(BaseModel):
    """One reading; `user` is null for the server's own command line."""

    at: datetime
    user: PersonRef | None
    patient: PersonRef
    call_id: UUID | None
    what: What


@router.get("", responses=problems(Unauthorized, SessionEnded, Forbidden, Unavailable))
async def list_accesses(
    admin: Admin,
    session: Session,
    address: ClientAddress,
    patient_id: UUID | None = None,
    user_id: UUID | None = None,
    what: What | None = None,
    since: Annotated[AwareDatetime | None, Query(alias="from", description="Not before this time.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Before this time.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccessOut]:
    """Who has read whose record, newest first."""
    query = (
        select(RecordAccess, User.name, Person.name)
        .outerjoin(User, User.id == RecordAccess.user_id)
        .join(Person, Person.id == RecordAccess.patient_id)
        .order_by(RecordAccess.id.desc())
    )
    for column, value in (
        (RecordAccess.patient_id, patient_id),
        (RecordAccess.user_id, user_id),
        (RecordAccess.what, what),
    ):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(RecordAccess.at >= since)
    if until is not None:
        query = query.where(RecordAccess.at < until)
    before = seq_of(cursor)
    if before is not None:
        query = query.where(RecordAccess.id < before)
    rows = (await session.execute(query.limit(limit + 1))).all()
    await _record(session, admin, address, patient_id)
    more = encode_cursor(str(rows[limit - 1][0].id)) if len(rows) > limit else None
    return Page(items=[_shown(row[0], row[1], row[2]) for row in rows[:limit]], next_cursor=more)


async def _record(session: AsyncSession, admin: Admin, address: ClientAddress, patient_id: UUID | None) -> None:
    target = audit.Ref("patient", patient_id) if patient_id is not None else None
    await audit.record(session, Action.ACCESSES_READ, actor=admin, target=target, ip=address)


def _shown(access: RecordAccess, user: str | None, patient: str) -> AccessOut:
    return AccessOut(
        at=access.at,
        user=PersonRef(id=access.user_id, name=user) if access.user_id is not None and user is not None else None,
        patient=PersonRef(id=access.patient_id, name=patient),
        call_id=access.call_id,
        what=cast(What, access.what),
    )
