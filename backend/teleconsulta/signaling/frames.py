"""Which frames may reach Socket.IO at all, and how it reads them: fast, and without raising.

Socket.IO hands an event named `connect` to the connect handler, with arguments of the sender's making, and falls over
malformed frames with a traceback each. So only frames of the known grammar pass.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Any

import orjson
from socketio.packet import CONNECT, Packet

RESERVED = frozenset({"connect", "disconnect"})

_CONNECT = re.compile(r"40(?:\{.*\})?\Z", re.DOTALL)
# An event name with escapes, an empty one, or something that is no string, comes from no honest client.
_EVENT = re.compile(r'42[0-9]{0,18}\["([^"\\\x00-\x1f]{1,64})"[,\]]')


class Frame(Enum):
    """What kind of frame it is, as far as the guard cares."""

    CONNECT = auto()
    DISCONNECT = auto()
    OTHER = auto()
    HOSTILE = auto()


def kind(frame: str | bytes | None) -> Frame:
    """Judge one Engine.IO packet as it came from a client."""
    if not isinstance(frame, str):
        return Frame.HOSTILE
    if frame in {"3", "1"}:  # pong, close
        return Frame.OTHER
    if frame == "41":
        return Frame.DISCONNECT
    if _CONNECT.match(frame):
        return Frame.CONNECT
    event = _EVENT.match(frame)
    return Frame.HOSTILE if event is None or event[1] in RESERVED else Frame.OTHER


class FastJson:
    """orjson under the signature that Socket.IO expects of a `json` module."""

    JSONDecodeError = orjson.JSONDecodeError

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


class StrictPacket(Packet):
    """A packet whose malformed content becomes an event that nobody handles, which is answered like one."""

    def decode(self, encoded_packet: str) -> int:
        try:
            attachments: int = super().decode(encoded_packet)  # type: ignore[no-untyped-call]  # Socket.IO has no annotations
        except ValueError:
            self.data = None if self.packet_type == CONNECT else ["malformed"]
            return 0
        return attachments
