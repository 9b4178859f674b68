"""A client of STUN servers and relays over UDP, TCP and TLS: enough to see whether one does what a browser needs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from teleconsulta.turn import wire
from teleconsulta.turn.urls import IceUrl
from teleconsulta.turn.wire import Address, Login, Malformed, Message

PATIENCE_SECONDS = 4.0
AGAIN_SECONDS = 0.5  # a datagram may be lost: asked again after this, then twice this, and so on
UNAUTHORIZED, STALE = 401, 438


class Refused(Exception):
    """The server says no; `code` is its number, as 401, 403 or 486."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class _Line(Protocol):
    def send(self, data: bytes) -> None: ...
    async def receive(self) -> Message: ...
    def close(self) -> None: ...


class Conversation:
    """One conversation with one server, for one question at a time. Use it as an asynchronous context manager.

    Every question raises Refused when the server says no, TimeoutError when it says nothing, OSError when it is away.
    """

    def __init__(self, line: _Line, username: str = "", password: str = "", patience: float = PATIENCE_SECONDS) -> None:
        self._line, self._username, self._password, self._patience = line, username, password, patience
        self._login: Login | None = None
        self._allocated = False
        self._data: list[tuple[Address, bytes]] = []

    @classmethod
    async def open(
        cls,
        url: IceUrl,
        username: str = "",
        password: str = "",
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> Self:
        """
        Raises:
            OSError: nobody is there, or (as ssl.SSLError) the certificate is not good for the name.
            TimeoutError: nothing came back.
        """
        if url.way == "udp":
            return cls(await _Datagrams.to(url.host, url.port), username, password, patience)
        context = (tls or ssl.create_default_context()) if url.way == "tls" else None
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(url.host, url.port, ssl=context)
        return cls(_Stream(reader, writer), username, password, patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def binding(self) -> Address:
        """Where the server sees us."""
        return (await self._exchange(wire.BINDING, {}, None)).address(wire.MAPPED)

    async def allocate(self, version: int = 4) -> Address:
        """The address that was given to us on the relay, of IP version 4 or 6."""
        answer = await self._ask(wire.ALLOCATE, {wire.TRANSPORT: wire.UDP, wire.FAMILY: wire.FAMILIES[version]})
        self._allocated = True
        return answer.address(wire.RELAYED)

    async def permit(self, peer: str, port: int = 9999) -> None:
        """Ask that this peer may reach us through the relay, and we it."""
        await self._ask(wire.CREATE_PERMISSION, {}, {wire.PEER: (peer, port)})

    def send(self, peer: Address, data: bytes) -> None:
        """To a permitted peer, by way of the relay. May be lost on its way."""
        identifier = os.urandom(12)
        attributes = {wire.PEER: wire.xored(peer, identifier), wire.PAYLOAD: data}
        self._line.send(wire.encode(wire.SEND | wire.INDICATION, identifier, attributes))

    async def receive(self) -> tuple[Address, bytes]:
        """What a permitted peer sent us, and from where."""
        while not self._data:
            self._keep(await self._line.receive())
        return self._data.pop(0)

    async def close(self) -> None:
        """Give the allocation back, so that it counts against nobody's quota, and hang up."""
        try:
            if self._allocated:
                await self._ask(wire.REFRESH, {wire.LIFETIME: bytes(4)})
        except (Refused, TimeoutError, OSError):
            pass  # it ends by itself after ten minutes
        finally:
            self._line.close()

    async def _ask(
        self, kind: int, attributes: Mapping[int, bytes], addresses: Mapping[int, Address] | None = None
    ) -> Message:
        """One question, signed as soon as the server has told what with."""
        challenged = 0
        while True:
            try:
                return await self._exchange(kind, attributes, self._login, addresses or {})
            except _No as no:
                realm, nonce = no.answer.attributes.get(wire.REALM), no.answer.attributes.get(wire.NONCE)
                first = no.code == UNAUTHORIZED and self._login is None
                if realm is None or nonce is None or challenged > 1 or not (first or no.code == STALE):
                    raise Refused(no.code) from None
                challenged += 1
                self._login = Login(self._username, self._password, realm, nonce)

    async def _exchange(
        self,
        kind: int,
        attributes: Mapping[int, bytes],
        login: Login | None,
        addresses: Mapping[int, Address] | None = None,
    ) -> Message:
        identifier = os.urandom(12)
        mixed = {name: wire.xored(address, identifier) for name, address in (addresses or {}).items()}
        message = wire.encode(kind, identifier, {**attributes, **mixed}, login)
        again = AGAIN_SECONDS
        async with asyncio.timeout(self._patience):
            self._line.send(message)
            while True:
                try:
                    async with asyncio.timeout(again):
                        answer = await self._answer(identifier)
                    break
                except TimeoutError:
                    if isinstance(self._line, _Datagrams):
                        self._line.send(message)
                    again *= 2
        if answer.kind != kind | wire.SUCCESS:
            raise _No(answer)
        return answer

    async def _answer(self, identifier: bytes) -> Message:
        while True:
            message = await self._line.receive()
            if message.identifier == identifier:
                return message
            self._keep(message)

    def _keep(self, message: Message) -> None:
        if message.kind == wire.DATA | wire.INDICATION:
            self._data.append((message.address(wire.PEER), message.attributes.get(wire.PAYLOAD, b"")))


class _No(Refused):
    def __init__(self, answer: Message) -> None:
        super().__init__(answer.error)
        self.answer = answer


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._arrived: asyncio.Queue[Message | OSError] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def to(cls, host: str, port: int) -> Self:
        line = cls()
        line._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: line, remote_addr=(host, port)
        )
        return line

    def datagram_received(self, data: bytes, addr: object) -> None:
        with contextlib.suppress(Malformed):  # anybody can send us anything
            self._arrived.put_nowait(wire.decode(data))

    def error_received(self, exc: Exception) -> None:
        self._arrived.put_nowait(exc if isinstance(exc, OSError) else OSError(str(exc)))

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(data)

    async def receive(self) -> Message:
        found = await self._arrived.get()
        if isinstance(found, OSError):
            raise found
        return found

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Stream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._begun = b""

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> Message:
        """Cancelled half-way, it goes on where it was."""
        try:
            await self._until(wire.HEADER)
            await self._until(wire.size(self._begun))
            message, self._begun = wire.decode(self._begun), b""
        except (asyncio.IncompleteReadError, Malformed) as error:
            raise ConnectionResetError("the server broke off, or does not speak STUN") from error
        return message

    async def _until(self, length: int) -> None:
        while len(self._begun) < length:
            chunk = await self._reader.read(length - len(self._begun))
            if not chunk:
                raise asyncio.IncompleteReadError(self._begun, length)
            self._begun += chunk

    def close(self) -> None:
        self._writer.transport.abort()
