"""The worker's part of a run: counts what is past its time, or deletes it and puts every deletion on the audit log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Handler, Sweep
from teleconsulta.keeping import graph, targets
from teleconsulta.keeping.models import RetentionRun
from teleconsulta.keeping.rules import RULES, Kind, before
from teleconsulta.keeping.service import ENTRYPOINT as ENTRYPOINT
from teleconsulta.keeping.service import in_force, start
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database

AT_ONCE = 20
"""People, incidents or sign-ins that go in one transaction."""
DAILY = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(minutes=2)

# The guards of the record ask for it, and then look whether there is such a run.
ORDERED_BY = text("SELECT set_config('teleconsulta.retention_run', :run, true)")


def handler(clock: Clock) -> Handler:
    """Carries out one run; one that was interrupted goes on where it was, for what is gone is not found again."""

    async def run(database: Database, ids: Mapping[str, str]) -> None:
        run_id = UUID(ids["run_id"])
        async with database.session() as session:
            found = await session.get(RetentionRun, run_id, with_for_update=True)
            if found is None or found.state == "done":
                return
            found.state = "running"
            if found.dry_run:
                found.counts = {}
        for kind in (rule.kind for rule in RULES if rule.kind in found.rules):
            limit = before(found.as_of, found.rules[kind])
            if found.dry_run:
                await _count(database, run_id, kind, limit)
            else:
                await _delete(database, run_id, kind, limit)
        async with database.session() as session:
            done = await session.get_one(RetentionRun, run_id, with_for_update=True)
            done.state, done.finished_at = "done", clock()

    return run


def sweep(clock: Clock) -> Sweep:
    """Once a day, what goes by itself; and runs whose job was lost."""

    async def daily(database: Database) -> None:
        now = clock()
        async with database.session() as session:
            recent = select(RetentionRun.id).where(
                RetentionRun.asked_by.is_(None), RetentionRun.created_at > now - DAILY
            )
            if await session.scalar(recent.limit(1)) is None:
                days = await in_force(session)
                rules = {rule.kind: days[rule.kind] for rule in RULES if rule.by_itself}
                await start(session, dry_run=False, rules=rules, as_of=now, now=now, asked_by=None)
            lost = select(RetentionRun.id).where(
                RetentionRun.state != "done", RetentionRun.created_at < now - FORGOTTEN_AFTER
            )
            for run_id in (await session.scalars(lost)).all():
                await enqueue(session, ENTRYPOINT, run_id=run_id)

    return daily


async def _count(database: Database, run_id: UUID, kind: Kind, limit: datetime) -> None:
    found: Counter[str] = Counter()
    async with database.session() as session:
        for heap in targets.HEAPS.get(kind, ()):
            found[heap.table] += await heap.count(session, limit)
        root = await targets.roots(session, kind, limit)
    for ids in _batches(root[1] if root else ()):
        async with database.session() as session:
            for part in await graph.collect(session, root[0] if root else "", ids):
                found[part.table] += await graph.count(session, part)
    async with database.session() as session:
        await _add(session, run_id, kind, found)


async def _delete(database: Database, run_id: UUID, kind: Kind, limit: datetime) -> None:
    for heap in targets.HEAPS.get(kind, ()):
        while True:
            async with database.session() as session:
                gone = await heap.delete(session, limit)
                await _gone(session, run_id, kind, Counter({heap.table: gone}))
            if gone < targets.BATCH:
                break
    async with database.session() as session:
        root = await targets.roots(session, kind, limit)
    for ids in _batches(root[1] if root else ()):
        async with database.session() as session:
            await session.execute(ORDERED_BY, {"run": str(run_id)})
            found: Counter[str] = Counter()
            for part in reversed(await graph.collect(session, root[0] if root else "", ids)):
                found[part.table] += await graph.delete(session, part)
            await _gone(session, run_id, kind, found)


async def _gone(session: AsyncSession, run_id: UUID, kind: Kind, found: Counter[str]) -> None:
    """In the transaction of the deletion: what is gone is on the audit log, and what is on it is gone."""
    counts = {table: rows for table, rows in found.items() if rows}
    if not counts:
        return
    await _add(session, run_id, kind, found)
    run = await session.get_one(RetentionRun, run_id)
    await record(session, Action.RETENTION_DELETED, target=run, details={"class": kind, "rows": counts})


async def _add(session: AsyncSession, run_id: UUID, kind: Kind, found: Counter[str]) -> None:
    run = await session.get_one(RetentionRun, run_id, with_for_update=True)
    known = Counter(run.counts.get(kind, {}))
    run.counts = {**run.counts, kind: {table: rows for table, rows in (known + found).items() if rows}}


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start_at in range(0, len(ids), AT_ONCE):
        yield ids[start_at : start_at + AT_ONCE]
