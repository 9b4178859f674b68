"""A real server in this process, and people who speak to it over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import socketio
import uvicorn
from fastapi import FastAPI
from socketio.exceptions import ConnectionError as RefusedByServer

PATIENCE = 5.0


@dataclass
class Live:
    """A running server: `url` for clients, `app` to look behind the curtain."""

    app: FastAPI
    url: str

    async def connect(self, token: str, **auth: Any) -> Person:
        """A joined person. `auth` adds to the handshake, or overrides it.

        Raises:
            Refused: the server said no.
        """
        person = Person()
        await person.connect(self.url, token, **auth)
        return person

    @property
    def recorder(self) -> Any:
        return self.app.state.signaling.recorder


@contextlib.asynccontextmanager
async def serving(app: FastAPI, **options: Any) -> AsyncIterator[Live]:
    """Serve as `teleconsulta serve` does, on a free port of this machine."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        timeout_graceful_shutdown=3,
        **options,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listening]))
    while not server.started:
        if running.done():
            running.result()
        await asyncio.sleep(0.005)  # uvicorn has no event for it
    try:
        yield Live(app, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        await running
        listening.close()


class Refused(Exception):
    """A `connect_error`, with its data."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data.get("code"))
        self.data = data
        self.code = data.get("code")


@dataclass
class Person:
    """One page: its socket and everything it was told, in order."""

    socket: socketio.AsyncClient = field(default_factory=lambda: socketio.AsyncClient(reconnection=False))
    heard: list[tuple[str, Any]] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def connect(self, url: str, token: str, **auth: Any) -> None:
        refused: list[Any] = []

        async def hear(event: str, payload: Any) -> None:
            async with self._news:
                self.heard.append((event, payload))
                self._news.notify_all()

        async def leave(*_reason: Any) -> None:
            self.gone.set()
            async with self._news:
                self._news.notify_all()

        self.socket.on("*", hear)
        self.socket.on("disconnect", leave)
        self.socket.on("connect_error", lambda data: refused.append(data))
        handshake = {"token": token, "protocol": 1, **{name: _plain(value) for name, value in auth.items()}}
        try:
            await self.socket.connect(url, auth=handshake, transports=["websocket"], wait_timeout=PATIENCE)
        except RefusedByServer:
            await self.vanish()
            data = refused[0] if refused else {}
            raise Refused(data.get("data", data) if isinstance(data, dict) else {}) from None

    async def hears(
        self, event: str, after: int = 0, where: Callable[[Any], bool] = lambda _: True, **like: Any
    ) -> Any:
        """The first payload of this event, from the `after`-th message on, that has these fields. Waits for it."""
        async with asyncio.timeout(PATIENCE), self._news:
            while True:
                for name, payload in self.heard[after:]:
                    wanted = name == event and all(payload.get(key) == _plain(value) for key, value in like.items())
                    if wanted and where(payload):
                        return payload
                if self.gone.is_set():
                    raise AssertionError(f"closed before {event}; heard {[name for name, _ in self.heard]}")
                await self._news.wait()

    async def next(self) -> None:
        """Until something more was heard."""
        async with self._news:
            await self._news.wait()

    async def says(self, event: str, **payload: Any) -> Any:
        """Send an event; the answer."""
        return await self.socket.call(event, {name: _plain(value) for name, value in payload.items()}, timeout=PATIENCE)

    async def state(self) -> Any:
        """The first `room_state`."""
        return await self.hears("room_state")

    def events(self) -> list[str]:
        return [name for name, _ in self.heard]

    async def vanish(self) -> None:
        """Close the socket without a word."""
        await self.socket.shutdown()
        session = self.socket.eio.http  # the client forgets it when the very handshake was refused
        if session is not None and not session.closed:
            await session.close()

    async def is_cut(self, seconds: float = PATIENCE) -> None:
        """Until the server closed the socket."""
        await asyncio.wait_for(self.gone.wait(), seconds)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
