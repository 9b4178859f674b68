"""A row of a dossier as bytes: one JSON object a line, the same bytes for the same content. Pure.

Keys sorted by code point, no spaces, UTF-8, only what JSON must escape is escaped. Whole numbers only: what may have
decimals is text, because programs write such numbers differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

DECIMALS = 6


def line(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a JSON object, without a line break."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(raw: bytes) -> dict[str, Any] | None:
    """The object that these bytes are the canonical form of, or None: a changed space counts as a change."""
    try:
        found = orjson.loads(raw)
        return found if isinstance(found, dict) and line(found) == raw else None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None


def plain(value: object) -> Any:
    """A value of the record as a dossier holds it: times in UTC with microseconds, ids and decimals as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return _decimal(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case UUID():
            return str(value)
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"a dossier holds no {type(value).__name__}")


def _decimal(value: float) -> str:
    text = f"{value:.{DECIMALS}f}"
    return text.rstrip("0").rstrip(".")
