"""What travels about staff users."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from teleconsulta.auth.models import User
from teleconsulta.auth.sessions import Grant

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\.]+(\.[^@\s<>,;:\"()\[\]\\.]+)+")

StaffRole = Literal["doctor", "admin"]


def _address(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("not an e-mail address")
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("characters that cannot be shown")
    return value


# Not EmailStr: that refuses names of internal networks (`.local`), which a clinic may well use for its staff.
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_printable)
]
Council = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_printable)]
# The rules of length are the service's, so that their refusal is `weak_password` like every other.
NewPassword = Annotated[str, StringConstraints(max_length=1024)]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(Wish):
    email: Annotated[str, StringConstraints(max_length=254)]
    password: Annotated[str, StringConstraints(max_length=1024)]
    otp: Annotated[str, StringConstraints(max_length=16)] | None = None


class UserCreate(Wish):
    email: Email
    name: Name
    role: StaffRole
    password: NewPassword
    council: Council | None = None


class UserPatch(Wish):
    name: Name | None = None
    role: StaffRole | None = None
    disabled: bool | None = None
    password: NewPassword | None = None
    council: Council | None = None


class UserOut(BaseModel):
    """A person of the clinic. `council` is the professional registration, as in "CRM/SP 123456"."""

    id: UUID
    email: str
    name: str
    role: StaffRole
    slug: str
    council: str | None
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> UserOut:
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role="admin" if user.role == "admin" else "doctor",
            slug=user.slug,
            council=user.council,
            disabled=user.disabled_at is not None,
            created_at=user.created_at,
        )


class TokenOut(BaseModel):
    """`expires_in` is in seconds. The refresh token travels in an HttpOnly cookie."""

    access_token: str
    token_type: Literal["bearer"] = Field(default="bearer")
    expires_in: int
    user: UserOut

    @classmethod
    def of(cls, grant: Grant) -> TokenOut:
        return cls(access_token=grant.access_token, expires_in=grant.expires_in, user=UserOut.of(grant.user))
