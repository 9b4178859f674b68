"""Room states and what happened in them as JSON, for other processes to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from teleconsulta.presence import model
from teleconsulta.presence.model import Event, RoomState

_STATE = TypeAdapter(RoomState)
_EVENTS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        model.Joined,
        model.Resumed,
        model.Updated,
        model.TakenOver,
        model.Away,
        model.MediaChanged,
        model.Admitted,
        model.Held,
        model.Notified,
        model.Left,
        model.CallStarted,
        model.CallEnded,
        model.RoomClosed,
    )
}


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
