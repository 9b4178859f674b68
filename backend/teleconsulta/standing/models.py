"""Which doctors receive people without an appointment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base


class StandingRoom(Base):
    """A doctor's own switch. It goes off by itself after a while (`standing.rules`)."""

    __tablename__ = "standing_rooms"

    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    opened_at: Mapped[datetime | None]  # none: off
    changed_at: Mapped[datetime]
