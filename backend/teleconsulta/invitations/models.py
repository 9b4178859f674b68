"""Personal links and the letters that carried them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class Invitation(Base):
    """One personal link. `generation` rises when the window moves: links of an older generation are dead."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("room_participants.id"), unique=True)
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]  # this generation; an older server left it empty
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # first redeemed
    redeemed_count: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """One letter: made with its cause in one transaction, sent once. `cause` is unique, so no cause sends twice."""

    __tablename__ = "deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)  # a `LetterKind`
    cause: Mapped[str] = mapped_column(Text, unique=True)  # e.g. "invitation:<id>:1:issued"
    state: Mapped[str] = mapped_column(Text, default="queued")  # queued | sent | failed | withdrawn
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Reminder(Base):
    """That somebody was reminded of this time (`generation`): a second look finds it and gives no second one."""

    __tablename__ = "reminders"

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)  # a `ReminderKind`
    given_at: Mapped[datetime]
