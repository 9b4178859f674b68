"""Reading the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit.actions import Action
from teleconsulta.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Filter:
    """What is None is not asked for; `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    action: Action | None = None
    actor_id: UUID | None = None


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
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return (await session.scalars(query)).all()
