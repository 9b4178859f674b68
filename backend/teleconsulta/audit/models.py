"""The table of the audit chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.audit.chain import Link
from teleconsulta.kernel.db import Base


class AuditEntry(Base):
    """One act. `hash` is SHA-256 over the canonical JSON of all other columns and the entry before."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_target", "target_type", "target_id"),
        Index("ix_audit_entries_room_id", "room_id", postgresql_where=text("room_id IS NOT NULL")),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(Text)
    actor_type: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    target_type: Mapped[str | None] = mapped_column(Text)
    target_id: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ip_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def link(self) -> Link:
        """The entry as it was hashed, or as somebody changed it since."""
        return Link(**{name: getattr(self, name) for name in Link.__slots__})
