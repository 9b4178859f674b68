"""Browsers that asked to be told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class PushSubscription(Base):
    """One browser of a member of staff, or of an invited person. Its address is sealed: whoever has it and the keys
    could write to that browser."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (CheckConstraint("(user_id IS NULL) <> (participant_id IS NULL)", name="one_reader"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("room_participants.id"), index=True)
    endpoint_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # SHA-256: one row a browser
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # endpoint and keys, by kernel.sealing
    language: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
