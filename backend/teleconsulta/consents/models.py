"""Who agreed to which text, when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class Consent(Base):
    """One agreement: to the text of this version and hash, in this language (CFM 2.314/2022, art. 15)."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_room_id_participant_id", "room_id", "participant_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    text_id: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)  # self | representative
    representative_name: Mapped[str | None] = mapped_column(Text)
    representative_relationship: Mapped[str | None] = mapped_column(Text)
    device: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ConsentOverride(Base):
    """A doctor's word that a patient who cannot agree must be seen at once, with the reason.

    Like a consent it is kept as it was written; only its end is added, when the patient withdraws.
    """

    __tablename__ = "consent_overrides"
    __table_args__ = (Index("ix_consent_overrides_room_id_participant_id", "room_id", "participant_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
