"""The arithmetic of the chain: what an entry's hash covers. Pure; one change changes every hash after it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is hashed: ids as text, time in UTC with microseconds, bytes in hex."""

    seq: int
    at: datetime
    action: str
    actor_type: str | None
    actor_id: UUID | None
    target_type: str | None
    target_id: UUID | None
    room_id: UUID | None
    details: dict[str, Any]
    ip_hash: bytes | None
    previous_hash: bytes

    def fields(self) -> dict[str, Any]:
        """What is hashed, as JSON has it: whoever holds this and the hash can compute it again."""
        return {
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": self.action,
            "actor": [self.actor_type, _text(self.actor_id)],
            "target": [self.target_type, _text(self.target_id)],
            "room": _text(self.room_id),
            "details": self.details,
            "ip": self.ip_hash.hex() if self.ip_hash is not None else None,
            "previous": self.previous_hash.hex(),
        }

    def digest(self) -> bytes:
        """SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of every field."""
        return hashlib.sha256(orjson.dumps(self.fields(), option=orjson.OPT_SORT_KEYS)).digest()


def plain(value: object) -> Any:
    """The value as JSONB gives it back unchanged: no floats, no NUL, ids and times as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, dict):
        return {str(plain(str(name))): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
