"""What travels about receivers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from teleconsulta.webhooks.events import EVENTS, Event
from teleconsulta.webhooks.models import Webhook, WebhookDelivery
from teleconsulta.webhooks.sender import Failure


def _address(text: str) -> str:
    """Raises:
    ValueError: it is no address that a program could post to.
    """
    wrong = PydanticCustomError("web_address", "This is not a complete web address.")
    if not (text.isascii() and text.isprintable()) or " " in text or "\\" in text:
        raise wrong
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        raise wrong
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise wrong
    return text


def _once(events: list[Event]) -> list[Event]:
    return [one for one in EVENTS if one in events]


Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_address)]
Events = Annotated[list[Event], Field(min_length=1, max_length=20), AfterValidator(_once)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


class WebhookCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Events
    description: Description | None = None


class WebhookPatch(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None
    active: bool | None = None


class WebhookOut(BaseModel):
    id: UUID
    url: str
    description: str | None
    events: list[Event]
    active: bool
    created_at: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookOut:
        return cls(**_fields(webhook))


class WebhookSecretOut(WebhookOut):
    """A receiver with its secret, which is shown this once."""

    secret: str

    @classmethod
    def with_secret(cls, webhook: Webhook, secret: str) -> WebhookSecretOut:
        return cls(**_fields(webhook), secret=secret)


class WebhooksOut(BaseModel):
    items: list[WebhookOut]


class WebhookDeliveryOut(BaseModel):
    """`status` (HTTP), `error_code` and `duration_ms` are those of the last attempt."""

    id: UUID
    event: str
    state: Literal["queued", "delivered", "failed", "withdrawn"]
    attempts: int
    status: int | None
    error_code: Failure | Literal["secret_lost"] | None
    duration_ms: int | None
    created_at: datetime
    next_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> WebhookDeliveryOut:
        values = {name: getattr(delivery, name) for name in cls.model_fields}
        return cls(**{**values, "next_at": delivery.next_at if delivery.state == "queued" else None})


def _fields(webhook: Webhook) -> dict[str, object]:
    names = ("id", "url", "description", "events", "created_at")
    return {**{name: getattr(webhook, name) for name in names}, "active": webhook.disabled_at is None}
