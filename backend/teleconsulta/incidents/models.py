"""Incidents and what was written down about them. Both tables only grow."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id

EntryKind = Literal["note", "measure", "authority_told", "people_told", "nobody_to_tell", "closed", "reopened"]


class Incident(Base):
    """`known_at`: when the clinic learned of it; `due_at`: until when the authority is to be told."""

    __tablename__ = "incidents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    known_at: Mapped[datetime]
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


class IncidentEntry(Base):
    """One line of an incident's story. A mistake is put right by another line."""

    __tablename__ = "incident_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)  # an `EntryKind`
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
