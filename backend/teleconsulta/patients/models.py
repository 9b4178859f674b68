"""People who are invited: the only table with their names and addresses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Computed, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id
from teleconsulta.patients.values import DocumentKind


class Person(Base):
    """A patient, companion, interpreter or colleague from outside."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_email", "email"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    # For searching: in lower case, without accents. PostgreSQL keeps it up to date.
    plain_name: Mapped[str] = mapped_column(Text, Computed("plain_text(name)", persisted=True), deferred=True)
    email: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="pt-BR")
    time_zone: Mapped[str | None] = mapped_column(Text)  # IANA name; without one, the clinic's
    created_at: Mapped[datetime]
    document_kind: Mapped[DocumentKind | None] = mapped_column(Text)
    document_number: Mapped[str | None] = mapped_column(Text)
    last_in_person_on: Mapped[date | None]  # the clinic's own day
