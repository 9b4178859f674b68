"""Long polling, for networks that block WebSockets (`ALLOW_POLLING`): the same grammar, the same limits."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import engineio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleconsulta.signaling import limits
from teleconsulta.signaling.guard import WIRE, OpenWire, Wire, plain

SEPARATOR = "\x1e"
_OPENED = re.compile(rb'0\{"sid":"([^"]+)"')


class Polling:
    """Judges every request of a polling session before Engine.IO sees it."""

    def __init__(self, inner: ASGIApp, engine: engineio.AsyncServer) -> None:
        self._inner, self._engine = inner, engine
        self._wires: dict[str, Wire] = {}

    async def __call__(self, open_wire: OpenWire, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        sid = query.get("sid", [""])[0]
        wire = self._wires.get(sid)
        send = _readable_by(scope, send)
        if query.get("transport") != ["polling"] or query.get("EIO") != ["4"]:
            await plain(send, 400, b"websocket or polling")
        elif not sid and scope["method"] == "GET":
            await self._begin(open_wire, scope, receive, send)
        elif wire is None or wire.closed.is_set():
            await plain(send, 400, b"no such session")
        elif scope["method"] == "POST":
            await self._post(wire, scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _begin(self, open_wire: OpenWire, scope: Scope, receive: Receive, send: Send) -> None:
        sid = ""

        async def shut(_code: int) -> None:
            self._wires.pop(sid, None)
            await self._engine.disconnect(sid)

        wire = open_wire(shut)
        if wire is None:
            await plain(send, 429, b"too many connections")
            return
        scope[WIRE] = wire

        async def watching(message: Message) -> None:
            nonlocal sid
            opened = _OPENED.match(message.get("body", b""))
            if opened is not None:
                sid = opened[1].decode()
                self._wires[sid] = wire
            await send(message)

        await self._inner(scope, receive, watching)

    async def _post(self, wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            await plain(send, 413, b"too large")
            return
        for packet in body.decode("utf-8", "replace").split(SEPARATOR):
            if not await wire.admits(packet):
                await plain(send, 400, b"closed")
                return

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._inner(scope, replay, send)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when there is more of it than fits."""
    body = b""
    while len(body) <= limits.MAX_FRAME:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body if len(body) <= limits.MAX_FRAME else None
    return None


def _readable_by(scope: Scope, send: Send) -> Send:
    """Let the page of an origin that passed the guard read the answers."""
    origin = dict(scope["headers"]).get(b"origin")

    async def sending(message: Message) -> None:
        if origin is not None and message["type"] == "http.response.start":
            allowed = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
            message = {**message, "headers": [*message.get("headers", ()), *allowed]}
        await send(message)

    return sending
