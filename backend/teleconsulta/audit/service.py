"""Writing the log: entries join the caller's transaction and are chained in the moment it commits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from teleconsulta.audit.actions import Action
from teleconsulta.audit.chain import GENESIS, Link, plain
from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.clock import now

# Any fixed number: the one door through which all writers of the chain pass, one at a time.
LOCK = 0x7E1E_A0D1
_WAITING = "audit_waiting"
_NAMES = {"room_participant": "participant", "staff_session": "session"}


class Identified(Protocol):
    """Anything with an id; its kind is the class name in snake case, or its `audit_type`."""

    @property
    def id(self) -> UUID: ...


class Hashed(Protocol):
    """An address of which only a keyed hash is kept (`kernel.addresses.Address`)."""

    @property
    def hashed(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Ref:
    """Who or what, without its data."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class _Waiting:
    at: datetime
    action: str
    actor: Ref | None
    target: Ref | None
    room_id: UUID | None
    details: dict[str, Any]
    ip_hash: bytes | None
    savepoint: SessionTransaction | None


async def record(
    session: AsyncSession,
    action: Action,
    *,
    actor: Identified | None = None,
    target: Identified | None = None,
    room_id: UUID | None = None,
    details: Mapping[str, object] | None = None,
    ip: Hashed | None = None,
) -> None:
    """Add one entry to the caller's transaction: it stands when that commits, and is gone when that rolls back.

    `details` may hold ids, codes and counts; never a name, an address, a token or a word somebody wrote.
    The chain is locked only while the transaction commits, so that recording early can neither block other
    writers nor deadlock with the locks of their rows.
    """
    sync = session.sync_session
    entry = _Waiting(
        at=now(),
        action=str(action),
        actor=_ref(actor),
        target=_ref(target),
        room_id=room_id,
        details=plain(dict(details or {})),
        ip_hash=ip.hashed if ip is not None else None,
        savepoint=sync.get_nested_transaction(),
    )
    sync.info.setdefault(_WAITING, []).append(entry)


def _ref(thing: Identified | None) -> Ref | None:
    if thing is None or isinstance(thing, Ref):
        return thing
    name = getattr(thing, "audit_type", None) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(thing).__name__).lower()
    return Ref(_NAMES.get(name, name), thing.id)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Write what waits, one transaction after another. A savepoint's end is not yet the commit."""
    waiting: list[_Waiting] = session.info.get(_WAITING, [])
    if not waiting or session.in_nested_transaction():
        return
    # First everything else that may wait for a lock, then the lock that others wait for.
    session.flush()
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    rows = []
    for entry in waiting:
        seq += 1
        link = Link(
            seq=seq,
            at=entry.at,
            action=entry.action,
            actor_type=entry.actor.type if entry.actor else None,
            actor_id=entry.actor.id if entry.actor else None,
            target_type=entry.target.type if entry.target else None,
            target_id=entry.target.id if entry.target else None,
            room_id=entry.room_id,
            details=entry.details,
            ip_hash=entry.ip_hash,
            previous_hash=previous,
        )
        previous = link.digest()
        rows.append({**{name: getattr(link, name) for name in Link.__slots__}, "hash": previous})
    session.info.pop(_WAITING)
    session.execute(insert(AuditEntry), rows)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What was undone did not happen: a savepoint takes its own entries with it, a transaction all of them."""
    waiting: list[_Waiting] = session.info.pop(_WAITING, [])
    if undone.nested:
        kept = [entry for entry in waiting if entry.savepoint is not undone]
        if kept:
            session.info[_WAITING] = kept
