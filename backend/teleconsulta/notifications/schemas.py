"""What travels about Web Push."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from teleconsulta.kernel.languages import DEFAULT, Language

Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,128}={0,2}$")]


class PushKeys(BaseModel):
    """The browser's point of P-256 and its secret, in base64url."""

    model_config = ConfigDict(extra="forbid")

    p256dh: Base64Url
    auth: Base64Url


class PushSubscribe(BaseModel):
    """A `PushSubscription` of the Push API, with the language its messages are read in."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Annotated[str, Field(max_length=1024)]
    keys: PushKeys
    language: Language = DEFAULT


class PushUnsubscribe(BaseModel):
    model_config = ConfigDict(extra="forbid")

    endpoint: Annotated[str, Field(max_length=1024)]


class PushKeyOut(BaseModel):
    """`public_key` is what browsers call the `applicationServerKey`."""

    public_key: str
