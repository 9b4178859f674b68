"""The HTTP server: uvicorn with the limits we rely on, told to say goodbye before it closes anything."""

from __future__ import annotations

import signal
import socket
from collections.abc import Awaitable, Callable

import uvicorn
from fastapi import FastAPI

MAX_FRAME_BYTES = 64 * 1024
GRACEFUL_SECONDS = 5
BACKLOG = 1024


class PortInUse(Exception):
    """Somebody else listens there."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is known before anything else starts.

    Raises:
        PortInUse: or the port may not be opened by this user.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise PortInUse(f"Port {port} cannot be opened: {error.strerror}. Choose another one with PORT.") from error
    opened.set_inheritable(False)
    return opened


class _Server(uvicorn.Server):
    """Calls `started` when the first request can come, `ending` before a connection is closed."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._tell_started, self._say_goodbye = started, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._say_goodbye()
        await super().shutdown(sockets)


async def serve(
    app: FastAPI, opened: socket.socket, *, started: Callable[[], None], ending: Callable[[], Awaitable[None]]
) -> bool:
    """Serve until SIGTERM or Ctrl-C. False when the application did not start."""
    # uvicorn raises the signal it caught once more when it is done; what comes after it must still run.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        # Socket.IO pings by itself.
        ws_ping_interval=None,
        ws_ping_timeout=None,
        access_log=False,
        log_config=None,
        server_header=False,
        # Whether to believe a proxy is decided by TRUSTED_PROXIES alone.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_keep_alive=20,
        h11_max_incomplete_event_size=16 * 1024,
    )
    server = _Server(config, started, ending)
    await server.serve(sockets=[opened])
    return server.started
