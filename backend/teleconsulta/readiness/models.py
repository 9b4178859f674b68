"""What people's devices and networks were found to be like."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class ReadinessReport(Base):
    """One test, or one word of a page about what is in its way. Technical data: kept 90 days, then deleted."""

    __tablename__ = "readiness_reports"
    __table_args__ = (
        Index("ix_readiness_reports_participant_id_made_at", "participant_id", "made_at"),
        Index("ix_readiness_reports_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    kind: Mapped[str] = mapped_column(Text)  # test | trouble
    light: Mapped[str] = mapped_column(Text)  # a `Light`
    causes: Mapped[list[str]] = mapped_column(ARRAY(Text))  # of `Cause`, the worst first; none: nothing is in the way
    wants_phone: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
