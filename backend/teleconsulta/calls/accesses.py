"""The log of accesses: who read which patient's record. Written in the transaction of the reading, so that none is
without it. The audit log proves that it happened; this one answers "who has looked at this person's record?"."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, Protocol
from uuid import UUID

from sqlalchemy import String, Uuid, cast, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.calls.models import Call, RecordAccess
from teleconsulta.kernel.clock import now

What = Literal[
    "list",  # named in a list of calls
    "record",
    "quality",
    "note",
    "document",
    "follow_up",
    "csv",
    "json",
    "dossier",
    "fhir",
    "subject_export",
]
OPERATOR = UUID(int=0)
"""Whoever sits at the server's command line is no user."""


class Who(Protocol):
    @property
    def id(self) -> UUID: ...


async def note(session: AsyncSession, who: Who | None, what: What, call_ids: Collection[UUID]) -> None:
    """Somebody read of these calls; None for the server's command line."""
    if not call_ids:
        return
    user_id = None if who is None or who.id == OPERATOR else who.id
    found = select(
        literal(now()),
        cast(literal(user_id), Uuid),
        Call.patient_id,
        Call.room_id,
        Call.id,
        cast(literal(what), String),
    ).where(Call.id.in_(list(call_ids)))
    names = ["at", "user_id", "patient_id", "room_id", "call_id", "what"]
    await session.execute(insert(RecordAccess).from_select(names, found))


async def note_patient(
    session: AsyncSession, who: Who, what: What, patient_id: UUID, room_id: UUID | None = None
) -> None:
    """Somebody read what is on record about a person beyond one call."""
    session.add(RecordAccess(at=now(), user_id=who.id, patient_id=patient_id, room_id=room_id, call_id=None, what=what))
    await session.flush()


async def count(session: AsyncSession, patient_id: UUID) -> int:
    query = select(func.count()).select_from(RecordAccess).where(RecordAccess.patient_id == patient_id)
    return (await session.scalar(query)) or 0
