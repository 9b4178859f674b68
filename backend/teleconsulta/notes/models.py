"""The table of notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base


class CallNote(Base):
    """One saved version of the note of a call; rows are only ever added (trigger in the migration)."""

    __tablename__ = "call_notes"
    __table_args__ = (CheckConstraint("version >= 1", name="from_one"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)  # hex, of the text's UTF-8
    saved_at: Mapped[datetime]
