"""What travels about standing rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from teleconsulta.consents.schemas import ConsentCreate, ConsentText
from teleconsulta.kernel.zones import ZoneName, clean_zone
from teleconsulta.patients.values import PersonName
from teleconsulta.rooms.schemas import PublicDoctor


class StandingRoomOut(BaseModel):
    """A standing room as somebody sees it who has its address. While it is closed it has no doctor: whether there is
    one of that name is nobody's business."""

    open: bool
    clinic_name: str
    doctor: PublicDoctor | None
    consent: ConsentText
    ice_urls: list[str]


def _known_zone(value: object) -> object:
    """A browser with an odd clock must not keep anybody out."""
    try:
        return clean_zone(value) if isinstance(value, str) else None
    except ValueError:
        return None


class Visit(BaseModel):
    """Somebody who comes without an appointment: a name as they give it, and their consent, in its language. A zone
    that we do not know counts as none."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName
    consent: ConsentCreate
    time_zone: Annotated[ZoneName | None, BeforeValidator(_known_zone)] = None


class OwnStandingRoom(BaseModel):
    """The doctor's own switch and address. `closes_at`: when it goes off by itself."""

    open: bool
    link: str
    closes_at: datetime | None


class Switch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    open: bool
