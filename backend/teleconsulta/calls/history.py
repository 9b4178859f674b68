"""Questions to the record. A doctor's answers come from their own calls only: the limit stands in every query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import User
from teleconsulta.calls.grade import grade
from teleconsulta.calls.models import Call, CallParticipant
from teleconsulta.calls.schemas import CallSummary, PersonRef
from teleconsulta.kernel.errors import Invalid, NotFound
from teleconsulta.kernel.pagination import Page, decode_cursor, encode_cursor
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import Room

CSV_PAGE = 500


class Reader(Protocol):
    """Who asks: an admin sees every call, anybody else those of the doctor with this id."""

    @property
    def id(self) -> UUID: ...

    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks for; times are about the call's start, `until` is exclusive, `patient` a part of a name."""

    since: datetime | None = None
    until: datetime | None = None
    doctor_id: UUID | None = None
    patient: str | None = None
    outcome: str | None = None
    state: str | None = None


Found = Row[Call, Room, str, str]


def _calls(reader: Reader) -> Select[Call, Room, str, str]:
    query = (
        select(Call, Room, User.name, Person.name)
        .join(Room, Room.id == Call.room_id)
        .join(User, User.id == Call.doctor_id)
        .join(Person, Person.id == Call.patient_id)
    )
    return query if reader.role == "admin" else query.where(Call.doctor_id == reader.id)


def _filtered(reader: Reader, filters: Filters) -> Select[Call, Room, str, str]:
    query = _calls(reader)
    if filters.since is not None:
        query = query.where(Call.started_at >= filters.since)
    if filters.until is not None:
        query = query.where(Call.started_at < filters.until)
    if filters.doctor_id is not None:
        query = query.where(Call.doctor_id == filters.doctor_id)
    if filters.patient:
        query = query.where(func.strpos(Person.plain_name, func.plain_text(filters.patient.strip())) > 0)
    if filters.outcome:
        query = query.where(Room.outcome == filters.outcome)
    if filters.state:
        query = query.where(Call.state == filters.state)
    return query.order_by(Call.started_at.desc(), Call.id.desc())


async def page(
    session: AsyncSession, reader: Reader, filters: Filters, limit: int, cursor: str | None
) -> Page[CallSummary]:
    """Calls from the newest on.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    query = _filtered(reader, filters).limit(limit + 1)
    if cursor is not None:
        query = query.where(tuple_(Call.started_at, Call.id) < tuple_(*_mark(cursor)))
    rows = (await session.execute(query)).all()
    shown = rows[:limit]
    last = shown[-1][0] if len(rows) > limit else None
    following = encode_cursor(last.started_at.isoformat(), str(last.id)) if last is not None else None
    return Page(items=await _summaries(session, shown), next_cursor=following)


def _mark(cursor: str) -> tuple[datetime, UUID]:
    started_at, call_id = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(started_at), UUID(call_id)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.") from error


async def every(session: AsyncSession, reader: Reader, filters: Filters) -> AsyncIterator[CallSummary]:
    """All calls that fit, page by page, for an export."""
    cursor: str | None = None
    while True:
        found = await page(session, reader, filters, CSV_PAGE, cursor)
        for item in found.items:
            yield item
        if (cursor := found.next_cursor) is None:
            return


async def _summaries(session: AsyncSession, rows: Sequence[Found]) -> list[CallSummary]:
    qualities: dict[UUID, list[dict[str, Any] | None]] = defaultdict(list)
    wanted = [row[0].id for row in rows]
    parts = select(CallParticipant.call_id, CallParticipant.quality).where(CallParticipant.call_id.in_(wanted))
    for call_id, quality in await session.execute(parts):
        qualities[call_id].append(quality)
    return [CallSummary(**summary(row, qualities[row[0].id])) for row in rows]


def summary(row: Found, qualities: Sequence[dict[str, Any] | None]) -> dict[str, Any]:
    """The fields of a `CallSummary`."""
    call, room, doctor, patient = row
    return {
        "id": call.id,
        "room_id": call.room_id,
        "doctor": PersonRef(id=call.doctor_id, name=doctor),
        "patient": PersonRef(id=call.patient_id, name=patient),
        "state": call.state,
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "duration_seconds": (call.ended_at - call.started_at).total_seconds() if call.ended_at else None,
        "end_reason": call.end_reason,
        "outcome": room.outcome,
        "path": call.path,
        "quality_grade": grade(qualities),
    }


async def own(session: AsyncSession, reader: Reader, call_id: UUID) -> Found:
    """The call with its room, the doctor's and the patient's name.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    row = (await session.execute(_calls(reader).where(Call.id == call_id))).one_or_none()
    if row is None:
        raise NotFound
    return row
