"""The gate in front of Socket.IO: who may connect, which frames pass, how fast, and a close that really closes.

A flooder is slowed down by not reading from it, so that TCP stalls it (delay first, close later). Dismissing somebody
happens here too: Socket.IO's own disconnect merely asks the client to go.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleconsulta.kernel.addresses import Network, client_ip, is_direct_loopback, neighbourhood
from teleconsulta.signaling import limits
from teleconsulta.signaling.frames import Frame, kind
from teleconsulta.signaling.limits import Bucket

WIRE = "teleconsulta.wire"
"""The scope's key under which handlers find the `Wire` of their socket."""

NORMAL, TRY_AGAIN, POLICY, TOO_BIG, RESTART = 1000, 1013, 1008, 1009, 1012
"""WebSocket close codes (RFC 6455 and the IANA registry)."""

log = structlog.get_logger(__name__)

Shut = Callable[[int], Coroutine[None, None, None]]
OpenWire = Callable[[Shut], "Wire | None"]
PollingApp = Callable[[OpenWire, Scope, Receive, Send], Coroutine[None, None, None]]


@dataclass(slots=True)
class _Address:
    """What one address is doing. `limited` is false for this very machine: tests, and proxies nobody declared."""

    limited: bool
    strangers: int = 0
    connects: Bucket = field(default_factory=lambda: Bucket(limits.CONNECTS_PER_SECOND, limits.CONNECTS_BURST))


class Wire:
    """One socket below Socket.IO."""

    def __init__(self, address: _Address, shut: Shut) -> None:
        self.joined = False
        self.closed = asyncio.Event()
        self._address = address
        self._shut = shut
        self._connects = 0
        self._bucket = Bucket(limits.FRAMES_PER_SECOND, limits.FRAMES_BURST)
        self._slow_since: float | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        address.strangers += 1
        self._timer: asyncio.TimerHandle | None = None
        self.close_later(limits.JOIN_SECONDS)

    def welcome(self) -> None:
        """Somebody joined by this socket: it is no stranger's any more."""
        if not self.joined:
            self.joined = True
            self._address.strangers -= 1
            self._address.connects.refund()
        self._stop_timer()

    def close(self, code: int = POLICY) -> None:
        """Close at once, whether the client agrees or not."""
        if self.closed.is_set():
            return
        self.closed.set()
        self._stop_timer()
        if not self.joined:
            self.joined = True
            self._address.strangers -= 1
        task = asyncio.get_running_loop().create_task(self._shut(code))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close_later(self, seconds: float, code: int = POLICY) -> None:
        """Close after a while, which leaves the client time to read what was said last."""
        self._stop_timer()
        if not self.closed.is_set():
            self._timer = asyncio.get_running_loop().call_later(seconds, self.close, code)

    async def admits(self, frame: str | bytes | None) -> bool:
        """Wait for this frame's turn; False when the socket was closed instead."""
        now = time.monotonic()
        delay = self._bucket.delay(now)
        if delay == 0:
            self._slow_since = None
        else:
            self._slow_since = self._slow_since or now
            if now - self._slow_since > limits.FLOOD_SECONDS:
                log.info("socket_closed", because="flood")
                self.close(POLICY)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self.closed.wait()
        if self.closed.is_set():
            return False
        return self._judge(frame)

    def _judge(self, frame: str | bytes | None) -> bool:
        if frame is not None and _is_too_long(frame):
            self.close(TOO_BIG)
            return False
        verdict = kind(frame)
        self._connects += verdict is Frame.CONNECT
        if verdict is Frame.HOSTILE or self._connects > 1:
            log.info("socket_closed", because="hostile_frame")
            self.close(POLICY)
            return False
        if verdict is Frame.DISCONNECT:
            self.close_later(limits.REFUSED_SECONDS, NORMAL)
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Guard:
    """The ASGI application that is mounted; `inner` is Socket.IO's."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        origins: Sequence[str],
        trusted: Sequence[Network],
        same_host: bool = False,
        polling: PollingApp | None = None,
    ) -> None:
        self._inner, self._polling = inner, polling
        self._origins, self._trusted, self._same_host = frozenset(origins), tuple(trusted), same_host
        self._addresses: dict[str, _Address] = {}
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif self._polling is None:
            await plain(send, 400, b"websocket only")
        elif not self._is_welcome(scope):
            await plain(send, 403, b"foreign origin")
        else:
            await self._polling(lambda shut: self._open(scope, shut), scope, receive, send)

    def _open(self, scope: Scope, shut: Shut) -> Wire | None:
        """One more socket of this address, unless it has too many that nobody joined by."""
        address = self._address_of(scope)
        if address.limited:
            crowded = address.strangers >= limits.STRANGERS_PER_ADDRESS
            if crowded or not address.connects.allows(time.monotonic()):
                return None
        return Wire(address, shut)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._refusal(scope)
        if status is not None:
            await _deny(scope, send, status)
            return

        async def shut(code: int) -> None:
            # The other side may be gone in any state; there is nothing left to do then.
            with contextlib.suppress(Exception):
                await send({"type": "websocket.close", "code": code})

        wire = self._open(scope, shut)
        if wire is None:
            await _deny(scope, send, 429)
            return
        scope[WIRE] = wire
        # The connection has a task of its own, and so have the lines that are logged in it: they share this word.
        structlog.contextvars.bind_contextvars(socket_id=secrets.token_hex(8))
        opened = time.monotonic()

        async def guarded_receive() -> Message:
            if wire.closed.is_set():
                return {"type": "websocket.disconnect", "code": POLICY}
            message = await receive()
            if message["type"] == "websocket.receive":
                text = message.get("text")
                if not await wire.admits(text if text is not None else message.get("bytes")):
                    return {"type": "websocket.disconnect", "code": POLICY}
            return message

        async def guarded_send(message: Message) -> None:
            if not wire.closed.is_set():
                await send(message)

        try:
            await self._inner(scope, guarded_receive, guarded_send)
        finally:
            wire.close(NORMAL)
            log.info("socket", seconds=round(time.monotonic() - opened, 1))

    def _refusal(self, scope: Scope) -> int | None:
        if not self._is_welcome(scope):
            return 403
        if not _is_ours(scope):
            return 400
        return 503 if self.draining else None

    def _is_welcome(self, scope: Scope) -> bool:
        """Browsers say which page calls. Programs say nothing, and have no cookies to be tricked with."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin or origin in self._origins:
            return True
        # A demo is tried under whatever name the machine has; a stranger's page still has another host.
        return self._same_host and origin.partition("://")[2] == headers.get(b"host", b"").decode("latin-1")

    def _address_of(self, scope: Scope) -> _Address:
        key = neighbourhood(client_ip(scope, self._trusted))
        found = self._addresses.get(key)
        if found is None:
            if len(self._addresses) >= 10_000:
                self._forget_quiet_ones()
            found = self._addresses[key] = _Address(limited=not is_direct_loopback(scope))
        return found

    def _forget_quiet_ones(self) -> None:
        now = time.monotonic()
        self._addresses = {
            key: address
            for key, address in self._addresses.items()
            if address.strangers > 0 or not address.connects.is_full(now)
        }


def _is_ours(scope: Scope) -> bool:
    """Whether the handshake is that of a new Engine.IO 4 session, which begins on the WebSocket itself."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return query.get("EIO") == ["4"] and query.get("transport") == ["websocket"] and "sid" not in query


def _is_too_long(frame: str | bytes) -> bool:
    if len(frame) > limits.MAX_FRAME:
        return True
    return isinstance(frame, str) and len(frame) * 4 > limits.MAX_FRAME and len(frame.encode()) > limits.MAX_FRAME


async def plain(send: Send, status: int, body: bytes) -> None:
    """A short answer in plain text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _deny(scope: Scope, send: Send, status: int) -> None:
    """Refuse the WebSocket handshake, with a status where the server can."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": POLICY})
