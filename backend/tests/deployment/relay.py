"""A relay client that asks for permissions towards any address (RFC 8656, RFC 6156), to see what a relay forbids."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import struct
from ipaddress import ip_address
from typing import Self

COOKIE = 0x2112A442
ALLOCATE, CREATE_PERMISSION = 0x0003, 0x0008
SUCCESS, FAILURE = 0x0100, 0x0110
USERNAME, INTEGRITY, ERROR, PEER, REALM, NONCE, FAMILY, TRANSPORT = (
    0x0006, 0x0008, 0x0009, 0x0012, 0x0014, 0x0015, 0x0017, 0x0019,
)  # fmt: skip
FAMILIES = {4: b"\x01\x00\x00\x00", 6: b"\x02\x00\x00\x00"}


class RelayClient(asyncio.DatagramProtocol):
    """One conversation with a relay. Answers are 0 when it agrees, else its error code."""

    def __init__(self, username: str, password: str) -> None:
        self._name, self._password = username, password
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._realm = self._nonce = b""
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def to(cls, port: int, username: str, password: str) -> Self:
        client = cls(username, password)
        loop = asyncio.get_running_loop()
        client._transport, _ = await loop.create_datagram_endpoint(lambda: client, remote_addr=("127.0.0.1", port))
        return client

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._answers.put_nowait(data)

    async def allocate(self, version: int = 4) -> int:
        return await self._ask(ALLOCATE, {TRANSPORT: b"\x11\x00\x00\x00", FAMILY: FAMILIES[version]})

    async def permit(self, peer: str) -> int:
        return await self._ask(CREATE_PERMISSION, {PEER: peer.encode()})

    async def _ask(self, kind: int, wish: dict[int, bytes]) -> int:
        for _ in range(2):  # the first answer may bring the realm and a fresh nonce
            identifier = os.urandom(12)
            self._send(kind, identifier, dict(wish))
            answered, found = _parse(await asyncio.wait_for(self._answers.get(), 3))
            code = 0 if answered == kind | SUCCESS else found[ERROR][2] * 100 + found[ERROR][3]
            if code not in (401, 438) or self._nonce == found.get(NONCE, self._nonce):
                break
            self._realm, self._nonce = found[REALM], found[NONCE]
        return code

    def _send(self, kind: int, identifier: bytes, wish: dict[int, bytes]) -> None:
        assert self._transport is not None
        if PEER in wish:
            wish[PEER] = _xored(wish[PEER].decode(), identifier)
        if self._nonce:
            wish |= {USERNAME: self._name.encode(), REALM: self._realm, NONCE: self._nonce}
        body = b"".join(
            struct.pack("!HH", name, len(value)) + value + b"\0" * (-len(value) % 4) for name, value in wish.items()
        )
        if self._nonce:
            head = struct.pack("!HHI", kind, len(body) + 24, COOKIE) + identifier
            secret = f"{self._name}:{self._realm.decode()}:{self._password}".encode()
            key = hashlib.md5(secret).digest()  # noqa: S324 - the protocol's own
            body += struct.pack("!HH", INTEGRITY, 20) + hmac.new(key, head + body, hashlib.sha1).digest()
        self._transport.sendto(struct.pack("!HHI", kind, len(body), COOKIE) + identifier + body)


def _xored(peer: str, identifier: bytes) -> bytes:
    address = ip_address(peer)
    mask = struct.pack("!I", COOKIE) + identifier
    mixed = bytes(one ^ other for one, other in zip(address.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if address.version == 4 else 2, 9999 ^ (COOKIE >> 16)) + mixed


def _parse(message: bytes) -> tuple[int, dict[int, bytes]]:
    kind, length = struct.unpack_from("!HH", message)
    found: dict[int, bytes] = {}
    at = 20
    while at < 20 + length:
        name, size = struct.unpack_from("!HH", message, at)
        found[name] = message[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return kind, found
