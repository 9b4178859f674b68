"""Rules and runs as administrators ask for them: nothing of a record is deleted that was not previewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.jobs.queue import enqueue
from teleconsulta.keeping.errors import PreviewNotFound, PreviewStale, RetentionBusy
from teleconsulta.keeping.models import RetentionRule, RetentionRun
from teleconsulta.keeping.rules import BY_KIND, RULES, Kind
from teleconsulta.kernel.errors import Invalid
from teleconsulta.kernel.ids import new_id

ENTRYPOINT = "retention.run"
PREVIEW_LASTS = timedelta(hours=24)
SHOWN = 20


async def in_force(session: AsyncSession) -> dict[Kind, int]:
    """The days of every class, as they are now."""
    changed = {rule.kind: rule.days for rule in await session.scalars(select(RetentionRule))}
    return {rule.kind: changed.get(rule.kind, rule.default) for rule in RULES}


async def change(session: AsyncSession, admin: StaffIdentity, kind: Kind, days: int, now: datetime) -> None:
    """Keep a class for so many days from now on.

    Raises:
        Invalid: the law wants it kept longer, or not so long.
    """
    rule = BY_KIND[kind]
    if days < rule.least or (rule.most is not None and days > rule.most):
        message = f"Between {rule.least} and {rule.most or 'any number of'} days."
        raise Invalid(errors=[{"field": "days", "code": "out_of_bounds", "message": message}])
    known = await in_force(session)
    if known[kind] == days:
        return
    fresh = {"days": days, "changed_at": now}
    written = (
        insert(RetentionRule).values(kind=kind, **fresh).on_conflict_do_update(index_elements=["kind"], set_=fresh)
    )
    await session.execute(written)
    details = {"class": kind, "from": known[kind], "to": days}
    await record(session, Action.RETENTION_CHANGED, actor=admin, details=details)


async def preview(session: AsyncSession, admin: StaffIdentity, now: datetime) -> RetentionRun:
    """Count what a run would delete now.

    Raises:
        RetentionBusy.
    """
    await _quiet(session)
    run = await start(session, dry_run=True, rules=await in_force(session), as_of=now, now=now, asked_by=admin.id)
    await record(session, Action.RETENTION_PREVIEWED, actor=admin, target=run)
    return run


async def carry_out(session: AsyncSession, admin: StaffIdentity, preview_id: UUID, now: datetime) -> RetentionRun:
    """Delete what a preview has counted: as of its moment and by its rules, so never more than was shown.

    Raises:
        PreviewNotFound, PreviewStale, RetentionBusy.
    """
    shown = await session.get(RetentionRun, preview_id, with_for_update=True)
    if shown is None or not shown.dry_run:
        raise PreviewNotFound
    used = await session.scalar(select(RetentionRun.id).where(RetentionRun.previewed_by == preview_id))
    fresh = shown.state == "done" and shown.created_at > now - PREVIEW_LASTS
    if used is not None or not fresh or shown.rules != await in_force(session):
        raise PreviewStale
    await _quiet(session)
    run = await start(
        session, dry_run=False, rules=shown.rules, as_of=shown.as_of, now=now, asked_by=admin.id, previewed_by=shown.id
    )
    details = {"preview": str(shown.id), "counts": shown.counts}
    await record(session, Action.RETENTION_ORDERED, actor=admin, target=run, details=details)
    return run


async def runs(session: AsyncSession) -> Sequence[RetentionRun]:
    """The newest runs first."""
    return (await session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(SHOWN))).all()


async def start(
    session: AsyncSession,
    *,
    dry_run: bool,
    rules: Mapping[str, int] | Mapping[Kind, int],
    as_of: datetime,
    now: datetime,
    asked_by: UUID | None,
    previewed_by: UUID | None = None,
) -> RetentionRun:
    """A run and its job, in the caller's transaction."""
    run = RetentionRun(
        id=new_id(),
        dry_run=dry_run,
        previewed_by=previewed_by,
        asked_by=asked_by,
        state="queued",
        as_of=as_of,
        rules={str(kind): days for kind, days in rules.items()},
        counts={},
        created_at=now,
        finished_at=None,
    )
    session.add(run)
    await session.flush()
    await enqueue(session, ENTRYPOINT, run_id=run.id)
    return run


async def _quiet(session: AsyncSession) -> None:
    asked = select(RetentionRun.id).where(RetentionRun.state != "done", RetentionRun.asked_by.is_not(None))
    if await session.scalar(asked.limit(1)) is not None:
        raise RetentionBusy
