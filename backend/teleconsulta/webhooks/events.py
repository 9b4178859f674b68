"""What is told and how it is signed. Pure. The receiver's side is described in docs/webhooks.md."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import UUID

import orjson

Event = Literal["call.started", "call.ended", "room.closed", "invitation.opened"]
EVENTS: tuple[Event, ...] = get_args(Event)
TEST = "ping"
"""What the test button sends, to one receiver, whatever it listens to."""

REPLAY_SECONDS = 300
"""A receiver refuses what was signed longer ago, or further ahead."""


def body(delivery_id: UUID, event: str, at: datetime, ids: Mapping[str, UUID]) -> bytes:
    """The JSON that is sent, byte for byte at every attempt: ids and a time, never a name, an address or a word."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = {name: str(value) for name, value in sorted(ids.items())}
    return orjson.dumps({"id": str(delivery_id), "event": event, "at": moment, "data": data})


def signature(secret: str, sent: bytes, at: datetime) -> str:
    """`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 under the secret's UTF-8 bytes over `<unix seconds>.<body>`."""
    moment = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + sent, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def is_genuine(secret: str, received: bytes, header: str, now: datetime) -> bool:
    """What a receiver does: the signature fits, and is not older or newer than `REPLAY_SECONDS`."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    try:
        moment = datetime.fromtimestamp(int(parts["t"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return False
    if abs((now - moment).total_seconds()) > REPLAY_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, received, moment), header)
