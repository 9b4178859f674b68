"""The table of issued documents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class IssuedDocument(Base):
    """One paper, as it was given out. Rows are only ever added (trigger in the migration).

    What a stranger is told about it stands in columns of its own and names no patient; the rest is in the file alone.
    """

    __tablename__ = "issued_documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)  # attendance
    code: Mapped[str] = mapped_column(Text, unique=True)  # `documents.codes`, without hyphens
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    doctor_name: Mapped[str] = mapped_column(Text)
    doctor_council: Mapped[str] = mapped_column(Text)
    attended_on: Mapped[date]  # in the clinic's zone, as printed
    issued_at: Mapped[datetime]
    demo: Mapped[bool]
    sha256: Mapped[str] = mapped_column(Text)  # hex, of the file
    size: Mapped[int] = mapped_column(Integer)  # bytes
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class SignedCopy(Base):
    """An issued paper as it came back signed from outside. Rows are only ever added (trigger in the migration).

    Whether the signature is good is not for us to say; `contains_issued` is what we know: that the file begins with the
    very bytes that were issued, as a signature added behind leaves them.
    """

    __tablename__ = "signed_copies"
    __table_args__ = (UniqueConstraint("document_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("issued_documents.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    contains_issued: Mapped[bool]
    sha256: Mapped[str] = mapped_column(Text)  # hex, of the file
    size: Mapped[int] = mapped_column(Integer)  # bytes
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
