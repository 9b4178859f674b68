"""The joined sockets of this process, and the way to tell them something.

Sending never waits: a packet is put into the socket's own queue in the very step of the event loop that caused it. So
packets leave in the order in which things happened, and a slow reader holds up nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import engineio
import orjson
import structlog
from engineio.packet import MESSAGE, Packet

from teleconsulta.presence.model import Seat
from teleconsulta.signaling import limits
from teleconsulta.signaling.guard import POLICY, TRY_AGAIN, Wire
from teleconsulta.signaling.limits import Bucket
from teleconsulta.signaling.protocol import RevokedCode

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Connection:
    """One joined socket: a seat in a room, or (without a room) a doctor's dashboard."""

    sid: str
    eio_sid: str
    wire: Wire
    room_id: UUID | None = None
    participant_id: UUID | None = None
    user_id: UUID | None = None
    session_id: UUID | None = None
    chats: Bucket = field(default_factory=lambda: Bucket(limits.CHATS_PER_SECOND, limits.CHATS_BURST))
    reports: Bucket = field(default_factory=lambda: Bucket(limits.REPORTS_PER_SECOND, limits.REPORTS_BURST))
    troubles: Bucket = field(default_factory=lambda: Bucket(limits.TROUBLES_PER_SECOND, limits.TROUBLES_BURST))
    audits: Bucket = field(default_factory=lambda: Bucket(limits.AUDITS_PER_SECOND, limits.AUDITS_BURST))


def encode(event: str, payload: dict[str, Any]) -> Packet:
    """An event as it travels; one packet may go to any number of sockets."""
    return Packet(MESSAGE, "2" + orjson.dumps([event, payload]).decode())


class Sockets:
    """Knows every joined socket by its id."""

    def __init__(self, engine: engineio.AsyncServer) -> None:
        self._engine = engine
        self._connections: dict[str, Connection] = {}
        self.elsewhere: Callable[[UUID, Seat, str, dict[str, Any]], None] | None = None
        """Tells a socket of another process, where there are several."""

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._connections.values()))

    def get(self, sid: str | None) -> Connection | None:
        """The socket of that id, unless it is gone or was dismissed."""
        return None if sid is None else self._connections.get(sid)

    def add(self, connection: Connection) -> None:
        self._connections[connection.sid] = connection

    def remove(self, sid: str) -> Connection | None:
        return self._connections.pop(sid, None)

    def send(self, sid: str | None, event: str, payload: dict[str, Any]) -> None:
        """Tell one socket, if it is still there."""
        connection = self.get(sid)
        if connection is not None:
            self._put(connection, encode(event, payload))

    def relay(self, room_id: UUID, seat: Seat, event: str, payload: dict[str, Any]) -> None:
        """Tell somebody of a room, wherever their socket is: what nobody else would tell them."""
        if self.elsewhere is None or self.get(seat.connection) is not None:
            self.send(seat.connection, event, payload)
        else:
            self.elsewhere(room_id, seat, event, payload)

    def send_all(self, sids: Iterable[str | None], event: str, payload: dict[str, Any]) -> None:
        """Tell several sockets the same."""
        packet: Packet | None = None
        for sid in sids:
            connection = self.get(sid)
            if connection is not None:
                packet = packet or encode(event, payload)
                self._put(connection, packet)

    def dismiss(
        self, sid: str | None, code: RevokedCode | None, *, wire_code: int = POLICY, message: str | None = None
    ) -> None:
        """Say why, if there is something to say, and close. From now on nothing it sends is heard."""
        connection = self.get(sid)
        if connection is None:
            return
        if code is not None:
            why = {"code": code} if message is None else {"code": code, "message": message}
            self._put(connection, encode("session_revoked", why))
        self._connections.pop(connection.sid)
        connection.wire.close_later(limits.REFUSED_SECONDS, wire_code)

    def _put(self, connection: Connection, packet: Packet) -> None:
        socket = self._engine.sockets.get(connection.eio_sid)
        if socket is None or socket.closed:
            return
        if socket.queue.qsize() >= limits.BACKLOG_PACKETS:
            log.info("socket_closed", because="does_not_read")
            connection.wire.close(TRY_AGAIN)
            return
        socket.queue.put_nowait(packet)


def steady() -> float:
    """The clock of the buckets, in seconds."""
    return time.monotonic()
