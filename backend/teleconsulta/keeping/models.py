"""Rules that were changed, and the runs that deleted by them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class RetentionRule(Base):
    """A class whose days are not those of the law's default."""

    __tablename__ = "retention_rules"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    days: Mapped[int]
    changed_at: Mapped[datetime]


class RetentionRun(Base):
    """One run: a preview that only counts, or a deletion. The guards of the record look here before they let go."""

    __tablename__ = "retention_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dry_run: Mapped[bool]
    previewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("retention_runs.id"), unique=True)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))  # none: the daily run
    state: Mapped[str] = mapped_column(Text)  # queued | running | done
    as_of: Mapped[datetime]
    rules: Mapped[dict[str, int]] = mapped_column(JSONB)  # class: days
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)  # class: {table: rows}
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
