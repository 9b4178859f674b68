"""Rooms and who may sit in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class Room(Base):
    """One consultation. `during` is the booked time, half open; scheduled rooms of one doctor never overlap
    (exclusion constraint in the migration; an instant room books nothing)."""

    __tablename__ = "rooms"
    __table_args__ = (Index("ix_rooms_doctor_id_created_at", "doctor_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    scheduled: Mapped[bool]
    time_zone: Mapped[str | None] = mapped_column(Text)  # the clinic's when it was booked, an IANA name
    modality: Mapped[str] = mapped_column(Text, default="teleconsulta")
    channel: Mapped[str] = mapped_column(Text, default="video", server_default="video")  # video | phone
    demo: Mapped[bool] = mapped_column(default=False)
    # Came by the doctor's standing room, under a name that nobody has checked.
    walk_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(Text, default="open")  # open | closed
    outcome: Mapped[str | None] = mapped_column(Text)
    outcome_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RoomParticipant(Base):
    """Somebody who may sit in the room: staff (`user_id`) or an invited person (`person_id`).

    `admitted_at` outlives the server's memory: who was let in stays in when the server comes back.
    """

    __tablename__ = "room_participants"
    __table_args__ = (
        UniqueConstraint("room_id", "user_id"),
        CheckConstraint("(user_id IS NULL) <> (person_id IS NULL)", name="one_identity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
