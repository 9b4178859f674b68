"""What travels about staff users."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from teleconsulta.auth.models import PasswordLink, User
from teleconsulta.auth.sessions import Grant
from teleconsulta.kernel.languages import DEFAULT, Language

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\.]+(\.[^@\s<>,;:\"()\[\]\\.]+)+")

StaffRole = Literal["doctor", "admin"]
PasswordPurpose = Literal["invitation", "reset"]
LetterState = Literal["queued", "sent", "failed", "withdrawn"]


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
LinkToken = Annotated[str, StringConstraints(min_length=1, max_length=2048)]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(Wish):
    email: Annotated[str, StringConstraints(max_length=254)]
    password: Annotated[str, StringConstraints(max_length=1024)]
    otp: Annotated[str, StringConstraints(max_length=40)] | None = None


class Refresh(Wish):
    """`refresh_token` only from a page of another site, whose browser keeps no cookie of ours."""

    refresh_token: Annotated[str, StringConstraints(max_length=200)] | None = None


class UserCreate(Wish):
    """Without `password` the person is invited by a letter in `language`."""

    email: Email
    name: Name
    role: StaffRole
    password: NewPassword | None = None
    council: Council | None = None
    language: Language = DEFAULT


class UserPatch(Wish):
    name: Name | None = None
    role: StaffRole | None = None
    disabled: bool | None = None
    password: NewPassword | None = None
    council: Council | None = None


class PasswordLinkWish(Wish):
    language: Language = DEFAULT


class PasswordLinkIn(Wish):
    token: LinkToken


class NewPasswordIn(Wish):
    token: LinkToken
    password: NewPassword


class PasswordLinkOut(BaseModel):
    """Whose link it is, for the page that asks for the password."""

    name: str
    email: str
    purpose: PasswordPurpose
    expires_at: datetime


class UserOut(BaseModel):
    """A person of the clinic. `council` is the professional registration, as in "CRM/SP 123456".

    `pending`: a password is still to be chosen, by the link of the letter whose state `letter` is.
    """

    id: UUID
    email: str
    name: str
    role: StaffRole
    slug: str
    council: str | None
    disabled: bool
    second_factor: bool
    pending: PasswordPurpose | None
    letter: LetterState | None
    created_at: datetime

    @classmethod
    def of(cls, user: User, link: PasswordLink | None = None) -> UserOut:
        waits = link if user.pending is not None else None
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role="admin" if user.role == "admin" else "doctor",
            slug=user.slug,
            council=user.council,
            disabled=user.disabled_at is not None,
            second_factor=user.totp_confirmed_at is not None,
            pending=cast(PasswordPurpose | None, user.pending),
            letter=cast(LetterState, waits.letter) if waits else None,
            created_at=user.created_at,
        )


class TokenOut(BaseModel):
    """`expires_in` is in seconds. The refresh token travels in an HttpOnly cookie; `refresh_token` is null but for a
    page of another site, until a refresh has shown that its browser keeps the cookie. With `must_enrol` the access
    token opens nothing but the setting up of a second factor; after that, a refresh gives a whole one."""

    access_token: str
    token_type: Literal["bearer"] = Field(default="bearer")
    expires_in: int
    must_enrol: bool
    refresh_token: str | None
    user: UserOut

    @classmethod
    def of(cls, grant: Grant, *, for_memory: bool = False) -> TokenOut:
        """What a page gets; the refresh token itself only where it has to live in the page's memory."""
        return cls(
            access_token=grant.access_token,
            expires_in=grant.expires_in,
            must_enrol=grant.must_enrol,
            refresh_token=grant.refresh_token if for_memory else None,
            user=UserOut.of(grant.user),
        )
