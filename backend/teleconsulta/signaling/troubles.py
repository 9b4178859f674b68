"""The messages about what keeps people from a call."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from teleconsulta.kernel.causes import Cause
from teleconsulta.signaling.message import Message

InvitedRole = Literal["patient", "companion", "interpreter", "colleague"]


class Trouble(Message):
    """From a page: what is in this person's way; null: nothing any more. `wants_phone`: they would rather be called."""

    cause: Cause | None
    wants_phone: bool = False


class TroubleTold(Message):
    """For the doctor in the room: what is in somebody's way, whether they sit in the room or could not come in."""

    participant_id: UUID
    name: str
    cause: Cause | None
    wants_phone: bool


class Readiness(Message):
    """For the dashboard: an invited person's last test (`light`, `causes`, the worst first; null and empty before the
    first), and what is in their way at this moment (`trouble`, since `trouble_at`)."""

    room_id: UUID
    participant_id: UUID
    name: str
    role: InvitedRole
    light: Literal["green", "amber", "red"] | None
    causes: list[Cause]
    tested_at: datetime | None
    trouble: Cause | None
    trouble_at: datetime | None
    wants_phone: bool


class ContinuedByPhone(Message):
    """The doctor goes on by telephone: whoever is in the room is told."""

    room_id: UUID
