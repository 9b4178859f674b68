"""What a doctor says about who waits, and what those hear of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from teleconsulta.signaling.message import Message

MAX_NOTICE = 300


def not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("blank")
    return text


NoticeText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NOTICE), AfterValidator(not_blank)]


class Aimed(Message):
    """`admit`, `remove`, `hold`. A dashboard, which sits in no room, names one of its doctor's."""

    participant_id: UUID
    room_id: UUID | None = None


class Refused(Aimed):
    """`refuse`; `message` is shown to whom it is about."""

    message: NoticeText | None = None


class NoticeSent(Aimed):
    """`notice`: a word to somebody who waits."""

    text: NoticeText


class Estimate(Message):
    """Between how many minutes somebody will probably be called."""

    min_minutes: int
    max_minutes: int


class Notice(Message):
    """The doctor's word to somebody who waits."""

    text: str
    sent_at: datetime
