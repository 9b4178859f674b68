"""What a push message says: that something has happened, and nothing about anybody. The words are the browser's own
(frontend/public/sw.js), so that neither a push service nor a locked screen learns a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

import orjson

PushKind = Literal["arrival", "test", "reminder_24h", "reminder_15m"]


@dataclass(frozen=True, slots=True)
class Manner:
    """For how long it is worth telling, and how urgently (RFC 8030)."""

    useful_for: timedelta
    urgency: Literal["low", "normal", "high"]


MANNERS: Mapping[PushKind, Manner] = MappingProxyType(
    {
        "arrival": Manner(timedelta(minutes=5), "high"),
        "test": Manner(timedelta(minutes=1), "high"),
        "reminder_24h": Manner(timedelta(hours=12), "normal"),
        "reminder_15m": Manner(timedelta(minutes=15), "high"),
    }
)


def payload(kind: PushKind, language: str) -> bytes:
    return orjson.dumps({"kind": kind, "lang": language})
