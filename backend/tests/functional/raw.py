"""Sockets without a client library: what a hostile client sends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

QUERY = "/socket.io/?EIO=4&transport=websocket"


@contextlib.asynccontextmanager
async def raw(url: str, *, address: str | None = None, **options: Any) -> AsyncIterator[ClientConnection]:
    """A websocket that has been greeted by Engine.IO. `address` is what a proxy would say about the client."""
    headers = {"X-Forwarded-For": address} if address else {}
    where = url.replace("http://", "ws://") + QUERY
    options.setdefault("max_size", None)
    async with connect(where, additional_headers=headers, compression=None, **options) as socket:
        assert str(await socket.recv()).startswith("0{")
        yield socket


async def join(socket: ClientConnection, token: str, **auth: Any) -> None:
    """Join by hand; done when the room's state is there."""
    auth = {"token": token, "protocol": 1, **auth}
    await socket.send("40" + orjson.dumps(auth, default=str).decode())
    async with asyncio.timeout(5):
        while "room_state" not in str(await socket.recv()):
            pass


async def close_code(socket: ClientConnection, seconds: float = 8.0) -> int | None:
    """The code the server closes with."""
    async with asyncio.timeout(seconds):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await answer_ping(socket, await socket.recv())
    return socket.close_code


async def answer_ping(socket: ClientConnection, frame: str | bytes) -> None:
    if frame == "2":
        await socket.send("3")
