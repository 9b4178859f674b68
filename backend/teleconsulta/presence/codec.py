"""Room states and what happened in them as JSON, for other processes to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from teleconsulta.presence.events import Event
from teleconsulta.presence.model import RoomState

_STATE = TypeAdapter(RoomState)
_EVENTS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Event)}


def dump_state(state: RoomState) -> bytes:
    return orjson.dumps(state, default=_plain)


def load_state(packed: bytes | str) -> RoomState:
    return _STATE.validate_json(packed)


def read_state(plain: Any) -> RoomState:
    """A state from JSON that is unpacked already."""
    return _STATE.validate_python(plain)


def pack(**values: Any) -> bytes:
    """One JSON object of states, events and plain values."""
    return orjson.dumps(values, default=_plain)


def named(events: Sequence[Event]) -> list[tuple[str, Event]]:
    """Events with their kinds, which their fields alone do not tell."""
    return [(type(event).__name__, event) for event in events]


def read_events(plain: Sequence[tuple[str, Any]]) -> tuple[Event, ...]:
    return tuple(_EVENTS[kind].validate_python(event) for kind, event in plain)


def _plain(value: object) -> Any:
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, UUID):  # the database driver has a kind of its own
        return str(value)
    raise TypeError
