"""What travels about the demonstration."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from teleconsulta.mail.outbox import Letter

DemoRole = Literal["doctor", "patient"]

_LINK = re.compile(r"https?://\S+/(?:paciente/|senha[?#])\S+")


class OutboxMail(BaseModel):
    """A letter that would have been sent; `link` is the personal link in it."""

    id: str
    to: str
    subject: str
    sent_at: datetime
    link: str | None

    @classmethod
    def of(cls, letter: Letter) -> OutboxMail:
        return cls(id=letter.id, to=letter.to, subject=letter.subject, sent_at=letter.sent_at, link=link_in(letter))


class OutboxMailFull(OutboxMail):
    text: str
    html: str

    @classmethod
    def of(cls, letter: Letter) -> OutboxMailFull:
        return cls(
            id=letter.id,
            to=letter.to,
            subject=letter.subject,
            sent_at=letter.sent_at,
            link=link_in(letter),
            text=letter.text,
            html=letter.html,
        )


class DemoOut(BaseModel):
    """Accounts to sign in with, and the letters so far, newest first."""

    doctor_email: str
    admin_email: str
    password: str
    outbox: list[OutboxMail]


class DemoSeatCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: DemoRole


class DemoSeat(BaseModel):
    """A seat in a throw-away consultation; `expires_in` is in seconds."""

    room_id: UUID
    participant_id: UUID
    role: DemoRole
    access_token: str
    expires_in: int


def link_in(letter: Letter) -> str | None:
    found = _LINK.search(letter.text)
    return found.group() if found else None
