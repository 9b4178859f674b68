"""Reading the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit.actions import Action
from teleconsulta.audit.models import AuditEntry
from teleconsulta.audit.service import Ref


@dataclass(frozen=True, slots=True)
class Filter:
    """What is None is not asked for; `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    action: Action | None = None
    actor_id: UUID | None = None
    target_id: UUID | None = None


async def entries_page(session: AsyncSession, wanted: Filter, limit: int, before: int | None) -> Sequence[AuditEntry]:
    """Entries, newest first, older than the entry `before`."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.target_id is not None:
        query = query.where(or_(AuditEntry.target_id == wanted.target_id, AuditEntry.room_id == wanted.target_id))
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return (await session.scalars(query)).all()


async def entries_about(session: AsyncSession, room_id: UUID, targets: Collection[Ref]) -> Sequence[AuditEntry]:
    """Everything that was recorded in a room or about one of these, in the order of the chain."""
    about = [and_(AuditEntry.target_type == one.type, AuditEntry.target_id == one.id) for one in targets]
    query = select(AuditEntry).where(or_(AuditEntry.room_id == room_id, *about)).order_by(AuditEntry.seq)
    return (await session.scalars(query)).all()
