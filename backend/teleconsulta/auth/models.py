"""Staff users, what they prove themselves with, their sessions and the rotating refresh tokens of those."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base
from teleconsulta.kernel.ids import new_id


class User(Base):
    """A person of the clinic: `role` is `doctor` or `admin`."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text)  # kept in lower case by the service
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    council: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    # `invitation` or `reset` while a password is still to be chosen; the hash is then of one that nobody knows.
    pending: Mapped[str | None] = mapped_column(Text)
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # by kernel.sealing
    totp_confirmed_at: Mapped[datetime | None]  # from then on it is asked for
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)  # the newest code that was used
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One way in without the app, kept as a salted SHA-256; used once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class PasswordLink(Base):
    """A personal link to choose a password, and the letter that carries it. The token in it is signed, not stored."""

    __tablename__ = "password_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)  # `invitation` or `reset`
    language: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(Text)
    letter: Mapped[str] = mapped_column(Text)  # `queued`, `sent`, `failed` or `withdrawn`
    attempts: Mapped[int]
    error_code: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]


class StaffSession(Base):
    """One sign-in on one device: the family of its refresh tokens."""

    __tablename__ = "staff_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # absolute, 12 h after signing in
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    device: Mapped[str | None] = mapped_column(Text)  # `auth.devices`: a kind and a browser's family, no more
    browser: Mapped[str | None] = mapped_column(Text)


class RefreshToken(Base):
    """One refresh token, kept as its SHA-256; used once, then replaced."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("staff_sessions.id"), index=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """Consecutive failures of one key (an account at an address, or an account alone), as a keyed hash."""

    __tablename__ = "throttles"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime]
