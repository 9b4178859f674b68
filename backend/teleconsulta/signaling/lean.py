"""Engine.IO over a WebSocket with less around it: the same wire protocol at about half the price.

Engine.IO starts a task and a timer for every packet it reads, for every packet it writes and for every ping. Here a
session is read in the connection's own task, written by one task that waits for nothing but packets, and pinged by a
timer of the event loop. Long polling stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import engineio
import socketio
import structlog
from engineio.async_socket import AsyncSocket
from engineio.exceptions import EngineIOError
from engineio.packet import OPEN, PING, Packet

log = structlog.get_logger(__name__)

STOP = None
"""In the queue: nothing more will be written (Engine.IO's own sign for it)."""


class LeanSocket(AsyncSocket):
    """One session that began, and stays, on a WebSocket."""

    def __init__(self, server: engineio.AsyncServer, sid: str) -> None:
        super().__init__(server, sid)  # type: ignore[no-untyped-call]  # Engine.IO has no annotations
        self.last_ping = 0.0  # no ping is out: the timers below judge the client, and nobody else
        self._timer: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    async def _websocket_handler(self, ws: Any) -> None:
        """Serve the session until either side ends it."""
        self.connected = self.upgraded = True
        writer = asyncio.create_task(self._write(ws))
        try:
            while not self.closed:
                packet = Packet(encoded_packet=await ws.wait())
                await self.receive(packet)  # type: ignore[no-untyped-call]  # as above
        except (OSError, EngineIOError):
            pass  # closed by the guard, by the client, or in the middle of a packet
        except Exception as error:
            log.error("socket_failed", error=type(error).__name__)
        finally:
            self._stop_timer()
            self.queue.put_nowait(STOP)
            await writer
            reason = self.server.reason.TRANSPORT_CLOSE
            await self.close(wait=False, abort=True, reason=reason)  # type: ignore[no-untyped-call]  # as above

    def schedule_ping(self) -> None:
        """Ask after a while whether the client still lives. Called at the start, and when it said that it does."""
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self.server.ping_interval, self._ping)

    def _ping(self) -> None:
        self.queue.put_nowait(Packet(PING))
        self._timer = asyncio.get_running_loop().call_later(self.server.ping_timeout, self._give_up)

    def _give_up(self) -> None:
        """The last ping found no answer. The transport may be stuck for long yet; everybody is told now."""
        reason = self.server.reason.PING_TIMEOUT
        ending = self.close(wait=False, abort=True, reason=reason)  # type: ignore[no-untyped-call]  # as above
        self._ending = asyncio.create_task(ending)
        self.queue.put_nowait(STOP)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    async def _write(self, ws: Any) -> None:
        while True:
            packet = await self.queue.get()
            if packet is STOP:
                break
            try:
                await ws.send(packet.encode())
            except Exception:  # the transport is gone, in whatever state; the reader notices as well
                break
        await ws.close()


class LeanEngine(engineio.AsyncServer):
    """Begins every WebSocket session with a `LeanSocket`."""

    name: Callable[[str], str] | None = None
    """Shows in a session's id to which process it belongs, where there are several."""

    def generate_id(self) -> str:
        own: str = super().generate_id()  # type: ignore[no-untyped-call]  # as above
        return own if self.name is None else self.name(own)

    async def _handle_connect(self, environ: Mapping[str, Any], transport: str, jsonp_index: int | None = None) -> Any:
        if transport != "websocket":
            return await super()._handle_connect(environ, transport, jsonp_index)  # type: ignore[no-untyped-call]  # as above
        sid = self.generate_id()
        socket = self.sockets[sid] = LeanSocket(self, sid)
        opening = {
            "sid": sid,
            "upgrades": [],
            "pingInterval": int(self.ping_interval * 1000),
            "pingTimeout": int(self.ping_timeout * 1000),
            "maxPayload": self.max_http_buffer_size,
        }
        socket.queue.put_nowait(Packet(OPEN, opening))
        try:
            await self._trigger_event("connect", sid, environ)  # type: ignore[no-untyped-call]  # as above
            socket.schedule_ping()
            return await socket.handle_get_request(environ)  # type: ignore[no-untyped-call]  # as above
        finally:
            self.sockets.pop(sid, None)


class LeanServer(socketio.AsyncServer):
    """Socket.IO over the lean engine."""

    def _engineio_server_class(self) -> type[LeanEngine]:
        return LeanEngine
