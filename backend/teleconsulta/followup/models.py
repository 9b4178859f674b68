"""The table of doctors' decisions about the interval between visits."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class FollowUpDecision(Base):
    """What a doctor decided, with what they were shown then; rows are only ever added (trigger in the migration)."""

    __tablename__ = "follow_up_decisions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    last_in_person_on: Mapped[date | None]
    days: Mapped[int | None] = mapped_column(Integer)
    decision: Mapped[str] = mapped_column(Text)  # continue_by_video | see_in_person | no_long_follow_up
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
