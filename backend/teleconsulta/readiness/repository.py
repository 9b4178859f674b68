"""Reports in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.kernel.causes import Cause
from teleconsulta.kernel.ids import new_id
from teleconsulta.readiness.judgement import light_of, worst_first
from teleconsulta.readiness.models import ReadinessReport
from teleconsulta.readiness.schemas import ReadinessOut

KEPT = timedelta(days=90)
AT_ONCE = 1000


async def add(
    session: AsyncSession,
    kind: Literal["test", "trouble"],
    *,
    room_id: UUID,
    participant_id: UUID,
    causes: Sequence[Cause],
    facts: dict[str, Any],
    now: datetime,
    wants_phone: bool = False,
) -> ReadinessReport:
    """Keep one report, for ninety days."""
    report = ReadinessReport(
        id=new_id(),
        room_id=room_id,
        participant_id=participant_id,
        kind=kind,
        light=light_of(causes),
        causes=worst_first(causes),
        wants_phone=wants_phone,
        facts=facts,
        made_at=now,
        expires_at=now + KEPT,
    )
    session.add(report)
    await session.flush()
    return report


async def latest_tests(session: AsyncSession, participant_ids: Iterable[UUID]) -> dict[UUID, ReadinessOut]:
    """What the last test of each of these people came to; who has made none is not there."""
    query = (
        select(ReadinessReport)
        .where(ReadinessReport.participant_id.in_(list(participant_ids)), ReadinessReport.kind == "test")
        .ext(distinct_on(ReadinessReport.participant_id))
        .order_by(ReadinessReport.participant_id, ReadinessReport.made_at.desc(), ReadinessReport.id.desc())
    )
    return {one.participant_id: readiness_out(one) for one in (await session.scalars(query)).all()}


def readiness_out(report: ReadinessReport) -> ReadinessOut:
    return ReadinessOut.model_validate({"light": report.light, "causes": report.causes, "tested_at": report.made_at})


async def delete_expired(session: AsyncSession, now: datetime) -> int:
    """Delete some of the reports whose time is over; how many."""
    due = select(ReadinessReport.id).where(ReadinessReport.expires_at <= now).limit(AT_ONCE)
    gone = delete(ReadinessReport).where(ReadinessReport.id.in_(due)).returning(ReadinessReport.id)
    return len((await session.scalars(gone)).all())
