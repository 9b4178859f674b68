"""A Socket.IO 4 client as thin as it gets, so that the client costs the machine less than the server under test.

No reconnection, no binary packets, no namespaces but `/`. Counts what goes in and out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

OPEN_SECONDS = 20.0
PING, PONG = "2", "3"

Json = dict[str, Any]
Listener = Callable[[str, Any], None]


class Refused(Exception):
    """The server refused the connection; the argument is what it said."""


@dataclass(slots=True)
class Traffic:
    """Socket.IO packets, pings apart. `bytes_*` are payload bytes of the frames."""

    sent: int = 0
    received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0


@dataclass(slots=True, eq=False)
class Socket:
    """One connection to the namespace `/`."""

    ws: ClientConnection
    traffic: Traffic = field(default_factory=Traffic)
    listener: Listener | None = None
    _acks: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _events: dict[str, list[Any]] = field(default_factory=dict)
    _wanted: dict[str, list[asyncio.Future[Any]]] = field(default_factory=dict)
    _connected: asyncio.Future[Any] | None = None
    _reader: asyncio.Task[None] | None = None
    _next: int = 0

    async def send(self, text: str) -> None:
        self.traffic.sent += 1
        self.traffic.bytes_sent += len(text)
        await self.ws.send(text)

    async def emit(self, event: str, payload: Any) -> None:
        """Tell, without waiting for an answer."""
        await self.send("42" + orjson.dumps([event, payload]).decode())

    async def call(self, event: str, payload: Any) -> Any:
        """Tell, and wait for the answer."""
        number = self._next
        self._next += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._acks[number] = answer
        await self.send(f"42{number}" + orjson.dumps([event, payload]).decode())
        return await asyncio.wait_for(answer, OPEN_SECONDS)

    async def hear(self, event: str) -> Any:
        """The next `event` that nobody has taken yet."""
        waiting = self._events.get(event)
        if waiting:
            return waiting.pop(0)
        wanted: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(event, []).append(wanted)
        return await asyncio.wait_for(wanted, OPEN_SECONDS)

    async def close(self) -> None:
        await self.ws.close()
        if self._reader:
            await self._reader

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self) -> None:
        try:
            async for frame in self.ws:
                if isinstance(frame, str):
                    await self._take(frame)
        except ConnectionClosed:
            pass
        finally:
            self._give_up()

    async def _take(self, frame: str) -> None:
        if frame == PING:
            await self.ws.send(PONG)
            return
        self.traffic.received += 1
        self.traffic.bytes_received += len(frame)
        kind = frame[:2]
        if kind == "42":
            event, *rest = orjson.loads(frame[2:])
            self._event(event, rest[0] if rest else None)
        elif kind == "43":
            start = frame.index("[")
            answer = self._acks.pop(int(frame[2:start]), None)
            if answer and not answer.done():
                answer.set_result((orjson.loads(frame[start:]) or [None])[0])
        elif kind in {"40", "44"} and self._connected and not self._connected.done():
            if kind == "40":
                self._connected.set_result(None)
            else:
                self._connected.set_exception(Refused(frame[2:]))

    def _event(self, event: str, payload: Any) -> None:
        if self.listener:
            self.listener(event, payload)
            return
        wanted = self._wanted.get(event)
        while wanted:
            future = wanted.pop(0)
            if not future.done():
                future.set_result(payload)
                return
        self._events.setdefault(event, []).append(payload)

    def _give_up(self) -> None:
        waiting = [*self._acks.values(), *(future for wanted in self._wanted.values() for future in wanted)]
        for future in [*waiting, *([self._connected] if self._connected else [])]:
            if not future.done():
                future.set_exception(Refused("the socket was closed"))
                future.exception()  # nobody may be waiting for it any more


async def open_socket(origin: str, auth: Json | None = None) -> Socket:
    """Connects to a server's `/socket.io/` and joins `/` with `auth`.

    Raises:
        Refused: with the server's `connect_error`.
    """
    address = origin.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    ws = await connect(
        address,
        compression=None,
        max_size=1 << 20,
        ping_interval=None,
        open_timeout=OPEN_SECONDS,
        user_agent_header=None,
    )
    connection = Socket(ws)
    await ws.recv()  # Engine.IO's own opening
    connection._connected = asyncio.get_running_loop().create_future()
    connection._reader = asyncio.create_task(connection._read())
    await connection.send("40" + (orjson.dumps(auth).decode() if auth is not None else ""))
    try:
        await asyncio.wait_for(connection._connected, OPEN_SECONDS)
    except BaseException:
        await connection.close()
        raise
    return connection


def steady() -> float:
    """Seconds of the clock that latencies are taken by."""
    return time.perf_counter()
