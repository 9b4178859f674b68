"""What travels about the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from teleconsulta.audit import Action
from teleconsulta.audit.models import AuditEntry


class AuditRef(BaseModel):
    type: str
    id: UUID


class AuditOut(BaseModel):
    """One act. `hash` is SHA-256 in hex over the entry and the one before it."""

    seq: int
    at: datetime
    action: str
    actor: AuditRef | None
    target: AuditRef | None
    details: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, entry: AuditEntry) -> AuditOut:
        return cls(
            seq=entry.seq,
            at=entry.at,
            action=entry.action,
            actor=_ref(entry.actor_type, entry.actor_id),
            target=_ref(entry.target_type, entry.target_id),
            details=entry.details,
            hash=entry.hash.hex(),
        )


class AuditActions(BaseModel):
    items: list[Action]


class AuditVerdict(BaseModel):
    """`head` is the newest entry's hash in hex; `broken_at` the first entry that is not as it was written."""

    ok: bool
    entries: int
    head: str | None
    broken_at: int | None
    problem: str | None


def _ref(kind: str | None, found: UUID | None) -> AuditRef | None:
    return AuditRef(type=kind, id=found) if kind is not None and found is not None else None
