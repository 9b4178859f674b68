"""Every query over documents. Another doctor's do not exist: the owner stands in the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from teleconsulta.calls.models import Call, CallStay
from teleconsulta.documents.models import IssuedDocument, SignedCopy
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import Room, RoomParticipant


@dataclass(frozen=True, slots=True)
class DocumentHash:
    """An issued document without its content, for those who prove the record."""

    id: UUID
    kind: str
    sha256: str
    size: int
    issued_at: datetime


async def own_call(session: AsyncSession, doctor_id: UUID, call_id: UUID) -> tuple[Call, Room, Person] | None:
    """A call the doctor led, with its room and patient, else None."""
    query = (
        select(Call, Room, Person)
        .join(Room, Room.id == Call.room_id)
        .join(Person, Person.id == Call.patient_id)
        .where(Call.id == call_id, Call.doctor_id == doctor_id)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def attended(session: AsyncSession, room_id: UUID, patient_id: UUID) -> tuple[datetime, datetime] | None:
    """From the patient's first coming to their last leaving, over every call of the consultation."""
    query = (
        select(func.min(CallStay.joined_at), func.max(func.coalesce(CallStay.left_at, Call.ended_at)))
        .join(Call, Call.id == CallStay.call_id)
        .join(RoomParticipant, RoomParticipant.id == CallStay.participant_id)
        .where(Call.room_id == room_id, RoomParticipant.person_id == patient_id)
    )
    row = (await session.execute(query)).one()
    # Aggregates over nothing are NULL, whatever their columns say.
    times: tuple[datetime | None, datetime | None] = (row[0], row[1])
    begin, end = times
    return None if begin is None or end is None else (begin, end)


async def still_open(session: AsyncSession, room_id: UUID) -> bool:
    query = select(Call.id).where(Call.room_id == room_id, Call.state == "open").limit(1)
    return await session.scalar(query) is not None


async def of_call(session: AsyncSession, call_id: UUID) -> Sequence[IssuedDocument]:
    """Without their content, newest first."""
    query = select(IssuedDocument).where(IssuedDocument.call_id == call_id)
    return (await session.scalars(query.order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc()))).all()


async def own_file(
    session: AsyncSession, doctor_id: UUID, document_id: UUID, *, lock: bool = False
) -> IssuedDocument | None:
    """One document with its content; `lock`: nobody else adds to it meanwhile."""
    query = select(IssuedDocument).where(IssuedDocument.id == document_id, IssuedDocument.doctor_id == doctor_id)
    if lock:
        query = query.with_for_update()
    return await session.scalar(query.options(undefer(IssuedDocument.content)))


async def signed_copies(session: AsyncSession, document_ids: Sequence[UUID]) -> Sequence[SignedCopy]:
    """The signed copies of these documents without their content, oldest first."""
    query = select(SignedCopy).where(SignedCopy.document_id.in_(document_ids))
    return (await session.scalars(query.order_by(SignedCopy.added_at, SignedCopy.id))).all()


async def copies_of_call(session: AsyncSession, call_id: UUID) -> Sequence[SignedCopy]:
    """Every signed copy of the papers of a call, without content, oldest first."""
    query = select(SignedCopy).join(IssuedDocument, IssuedDocument.id == SignedCopy.document_id)
    query = query.where(IssuedDocument.call_id == call_id).order_by(SignedCopy.added_at, SignedCopy.id)
    return (await session.scalars(query)).all()


async def own_copy(session: AsyncSession, doctor_id: UUID, document_id: UUID, copy_id: UUID) -> SignedCopy | None:
    """One signed copy with its content."""
    rows = SignedCopy
    query = select(rows).where(rows.id == copy_id, rows.document_id == document_id, rows.doctor_id == doctor_id)
    return await session.scalar(query.options(undefer(rows.content)))


async def by_code(session: AsyncSession, code: str) -> IssuedDocument | None:
    return await session.scalar(select(IssuedDocument).where(IssuedDocument.code == code))


async def document_hashes(session: AsyncSession, call_id: UUID) -> Sequence[DocumentHash]:
    """Every document issued about the call, oldest first."""
    query = (
        select(
            IssuedDocument.id,
            IssuedDocument.kind,
            IssuedDocument.sha256,
            IssuedDocument.size,
            IssuedDocument.issued_at,
        )
        .where(IssuedDocument.call_id == call_id)
        .order_by(IssuedDocument.issued_at, IssuedDocument.id)
    )
    return [DocumentHash(*row) for row in await session.execute(query)]
