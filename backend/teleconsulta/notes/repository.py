"""Every query over notes. Another doctor's call does not exist: the owner stands in the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.calls.models import Call
from teleconsulta.notes.models import CallNote


@dataclass(frozen=True, slots=True)
class NoteHash:
    """A version of a call's note without its text, for those who prove the record and may not read it."""

    version: int
    sha256: str
    bytes: int
    saved_at: datetime


async def room_of_own_call(session: AsyncSession, doctor_id: UUID, call_id: UUID) -> UUID | None:
    """The room of a call the doctor led, else None."""
    return await session.scalar(select(Call.room_id).where(Call.id == call_id, Call.doctor_id == doctor_id))


async def latest(session: AsyncSession, call_id: UUID) -> CallNote | None:
    query = select(CallNote).where(CallNote.call_id == call_id).order_by(CallNote.version.desc()).limit(1)
    return await session.scalar(query)


async def one(session: AsyncSession, call_id: UUID, version: int) -> CallNote | None:
    return await session.scalar(select(CallNote).where(CallNote.call_id == call_id, CallNote.version == version))


async def note_hashes(session: AsyncSession, call_id: UUID) -> Sequence[NoteHash]:
    """Every version of the call's note, oldest first, without a word of it."""
    query = (
        select(CallNote.version, CallNote.sha256, func.octet_length(CallNote.text), CallNote.saved_at)
        .where(CallNote.call_id == call_id)
        .order_by(CallNote.version)
    )
    return [NoteHash(*row) for row in await session.execute(query)]
