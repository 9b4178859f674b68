"""The record of calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class Call(Base):
    """One call in a room, from the admission of the second person to the end. A room has at most one open call."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("uq_calls_open", "room_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_calls_started_at", "started_at", "id"),
        Index("ix_calls_doctor_id_started_at", "doctor_id", "started_at"),
        Index("ix_calls_patient_id_started_at", "patient_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(Text, default="open")  # open | ended
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]  # heartbeat: the last moment anybody was seen in it
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)  # ended_by_doctor | left | timeout | room_closed | server_lost
    path: Mapped[str | None] = mapped_column(Text)  # direct | relay


class CallParticipant(Base):
    """One person's part in a call, with the latest path and the running quality summary."""

    __tablename__ = "call_participants"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    protocol: Mapped[str | None] = mapped_column(Text)
    quality: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    media_at: Mapped[datetime | None]  # since when their page has had media, as it said first
    told_at: Mapped[datetime | None]  # when the end of it was told (`happenings`)


class CallStay(Base):
    """One uninterrupted presence of a person in a call (drops shorter than the grace time do not interrupt it)."""

    __tablename__ = "call_stays"
    __table_args__ = (
        Index("uq_call_stays_open", "call_id", "participant_id", unique=True, postgresql_where=text("left_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None] = mapped_column(Text)


class RoomEvent(Base):
    """What happened in a room, as read aloud in a timeline: `arrived`, `admitted`, `away`, `back`, `left`, ..."""

    __tablename__ = "room_events"
    __table_args__ = (Index("ix_room_events_room_id_at", "room_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"))
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(Text)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("room_participants.id"))
    detail: Mapped[str | None] = mapped_column(Text)


class StoredMessage(Base):
    """A chat message, stored once by the id its sender made."""

    __tablename__ = "chat_messages"
    __table_args__ = (Index("ix_chat_messages_room_id_sent_at", "room_id", "sent_at"),)

    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    role: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]


class CallInterruption(Base):
    """A time without media, as one browser saw it.

    Part of the clinical record, as the call itself: it stays when the samples are purged.
    """

    __tablename__ = "call_interruptions"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the browser, so that it can tell of it again
    cause: Mapped[str] = mapped_column(Text)  # network_changed | silence | disconnected | failed
    began_at: Mapped[datetime]
    duration_ms: Mapped[int | None]  # none: it lasted when it was last heard of
    restarts: Mapped[int]


class QualitySample(Base):
    """One report of one browser, kept 90 days."""

    __tablename__ = "quality_samples"
    __table_args__ = (Index("ix_quality_samples_call_id_at", "call_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"))
    at: Mapped[datetime]
    path: Mapped[str | None] = mapped_column(Text)
    protocol: Mapped[str | None] = mapped_column(Text)
    quality: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RecordAccess(Base):
    """That somebody of the staff read of a patient's record. It only grows; without a user it was the command line."""

    __tablename__ = "record_accesses"
    __table_args__ = (
        Index("ix_record_accesses_patient_id_at", "patient_id", "at"),
        Index("ix_record_accesses_user_id_at", "user_id", "at"),
        Index("ix_record_accesses_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id"))
    what: Mapped[str] = mapped_column(Text)  # an `accesses.What`
