"""What travels about rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from teleconsulta.clinic.brand import BrandOut

Modality = Literal[
    "teleconsulta",
    "teleinterconsulta",
    "telediagnostico",
    "telecirurgia",
    "telemonitoramento",
    "teletriagem",
    "teleconsultoria",
]
Channel = Literal["video", "phone"]
RoomStateWord = Literal["open", "closed"]
Outcome = Literal[
    "completed",
    "converted_to_phone",
    "referred_in_person",
    "refused_by_patient",
    "refused_by_doctor",
    "technical_failure",
    "no_show",
    "cancelled",
]


class PublicDoctor(BaseModel):
    name: str
    council: str | None


class RoomPublic(BaseModel):
    """A consultation as the invited see it before they enter. `time_zone` is the clinic's (IANA name)."""

    id: UUID
    state: RoomStateWord
    modality: Modality
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    doctor: PublicDoctor
    clinic_name: str
    brand: BrandOut | None
    demo: bool
