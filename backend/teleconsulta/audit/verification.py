"""Is the log as it was written? Names the first entry that is not, and notices a tail that was cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit.chain import GENESIS
from teleconsulta.audit.models import AuditEntry

BATCH = 1000
HEAD_FILE = "audit_head"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry at some moment, kept outside the database. Everything up to it must still be there."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` (`entry_missing`, `entry_changed`, `chain_broken`, `tail_cut`, `head_differs`) at `broken_at`."""

    entries: int
    head: Head | None
    broken_at: int | None = None
    problem: str | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None


async def verify(session: AsyncSession, head: Head | None = None) -> Verdict:
    """Recompute the whole chain, and compare it with a head that was kept outside the database."""
    seq, previous = 0, GENESIS
    async for entry in _entries(session):
        problem = _problem(entry, seq + 1, previous)
        if problem is None and head is not None and entry.seq == head.seq and entry.hash != head.hash:
            problem = "head_differs"
        if problem is not None:
            return Verdict(seq, _head(seq, previous), seq + 1, problem)
        seq, previous = entry.seq, entry.hash
    if head is not None and seq < head.seq:
        return Verdict(seq, _head(seq, previous), seq + 1, "tail_cut")
    return Verdict(seq, _head(seq, previous))


async def current_head(session: AsyncSession) -> Head | None:
    """The newest entry, or None for an empty log."""
    newest = select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    last = (await session.execute(newest)).first()
    return Head(last.seq, last.hash) if last else None


def write_head(directory: Path, head: Head) -> None:
    """Keep the head outside the database. An older one never replaces a newer one."""
    known = read_head(directory)
    if known is not None and known.seq >= head.seq:
        return
    directory.mkdir(parents=True, exist_ok=True)
    fresh = directory / f"{HEAD_FILE}.new"
    fresh.write_bytes(orjson.dumps({"seq": head.seq, "hash": head.hash.hex()}))
    fresh.replace(directory / HEAD_FILE)


def read_head(directory: Path) -> Head | None:
    """The head that was kept, or None when there is none that can be read."""
    try:
        kept = orjson.loads((directory / HEAD_FILE).read_bytes())
        return Head(int(kept["seq"]), bytes.fromhex(kept["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _problem(entry: AuditEntry, expected: int, previous: bytes) -> str | None:
    if entry.seq != expected:
        return "entry_missing"
    if entry.previous_hash != previous:
        return "chain_broken"
    return None if entry.link.digest() == entry.hash else "entry_changed"


def _head(seq: int, digest: bytes) -> Head | None:
    return Head(seq, digest) if seq else None


async def _entries(session: AsyncSession) -> AsyncIterator[AuditEntry]:
    """All entries in order, a batch at a time, so that no single query outlives its time-out."""
    after: int | None = None
    while True:
        query = select(AuditEntry).order_by(AuditEntry.seq).limit(BATCH)
        rows = (await session.scalars(query if after is None else query.where(AuditEntry.seq > after))).all()
        for row in rows:
            yield row
            session.expunge(row)
        if len(rows) < BATCH:
            return
        after = rows[-1].seq
