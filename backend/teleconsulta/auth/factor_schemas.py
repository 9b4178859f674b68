"""What travels about the second factor and about sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from teleconsulta.auth.devices import Browser, Kind
from teleconsulta.auth.models import StaffSession
from teleconsulta.auth.schemas import Wish
from teleconsulta.auth.second_factor import Enrolment


class CodeIn(Wish):
    """Six digits of an authenticator app, or a recovery code; spaces and dashes do not matter."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class EnrolmentWish(Wish):
    """`password` is needed where signing in is more than ten minutes ago."""

    password: Annotated[str, StringConstraints(max_length=1024)] | None = None


class SecondFactorOut(BaseModel):
    """`active_since` is null while there is none; `required`: this account may do nothing else without it."""

    active_since: datetime | None
    recovery_codes_left: int
    required: bool


class QrOut(BaseModel):
    """`path` is the `d` of one SVG path in a square of `size` units, which needs a light margin of 4 around it."""

    size: int
    path: str


class EnrolmentOut(BaseModel):
    """What an authenticator app needs: by the picture, by `uri` on the same device, or `secret` typed in."""

    secret: str
    uri: str
    qr: QrOut

    @classmethod
    def of(cls, made: Enrolment) -> EnrolmentOut:
        return cls(secret=made.secret, uri=made.uri, qr=QrOut(size=made.picture.size, path=made.picture.path))


class RecoveryCodesOut(BaseModel):
    """Each opens the account once in place of a code of the app. They are shown in this answer and never again."""

    recovery_codes: list[str]


class SessionOut(BaseModel):
    """Somewhere one is signed in. `current`: it is this very session."""

    id: UUID
    device: Kind
    browser: Browser
    created_at: datetime
    last_used_at: datetime
    current: bool

    @classmethod
    def of(cls, family: StaffSession, current: UUID) -> SessionOut:
        return cls(
            id=family.id,
            device=cast(Kind, family.device or "unknown"),  # sessions from before there was such a column
            browser=cast(Browser, family.browser or "other"),
            created_at=family.created_at,
            last_used_at=family.last_used_at,
            current=family.id == current,
        )
