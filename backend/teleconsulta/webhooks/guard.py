"""Where a receiver may be: at a public address. Looked up once, judged, and that very address is connected to.

A name that leads to a public address when it is written down and to an inner one when it is used (DNS rebinding) gains
nothing: the judgement is made anew at each connection, of the address that is then used.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

import httpcore

from teleconsulta.kernel.internet import is_public
from teleconsulta.webhooks.errors import ForbiddenAddress, NeedsHttps, UnknownHost

Resolve = Callable[[str, int], Awaitable[list[str]]]
LOOK_UP_SECONDS = 5.0


def is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


async def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, as this machine finds it; a number in any spelling is an address of its own.

    Raises:
        UnknownHost: there is none.
    """
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise UnknownHost from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard:
    """Judges receivers. `loopback` (development and tests) also lets this very machine be one, without TLS."""

    def __init__(self, *, loopback: bool = False, resolve: Resolve = look_up) -> None:
        self._loopback, self._resolve = loopback, resolve

    async def check(self, url: str) -> None:
        """Whether this may be a receiver now.

        Raises:
            NeedsHttps, ForbiddenAddress, UnknownHost.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and not self._loopback:
            raise NeedsHttps
        found = await self.addresses(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        if parts.scheme != "https" and not all(map(is_loopback, found)):
            raise NeedsHttps

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses to connect to. One that is not allowed among them spoils them all.

        Raises:
            ForbiddenAddress, UnknownHost.
        """
        found = await self._resolve(host, port)
        if not found:
            raise UnknownHost
        if not all(is_public(one) or (self._loopback and is_loopback(one)) for one in found):
            raise ForbiddenAddress
        return found


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the address that was judged. TLS goes on asking for the name's own certificate."""

    def __init__(self, guard: Guard) -> None:
        self._guard, self._inner = guard, httpcore.AnyIOBackend()
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        refusal: Exception = UnknownHost()
        for address in (await self._guard.addresses(host, port))[:2]:
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                refusal = error
            else:
                self._opened.append(stream)
                return stream
        raise refusal

    async def close(self) -> None:
        """Hang up. The pool forgets a connection whose handshake was interrupted."""
        for stream in self._opened:
            await stream.aclose()

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise ForbiddenAddress

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
