"""Just enough STUN and TURN (RFC 8489, RFC 8656) to ask a relay for an allocation over UDP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import struct

COOKIE = 0x2112A442
ALLOCATE, ALLOCATED, REFUSED = 0x0003, 0x0103, 0x0113
USERNAME, INTEGRITY, ERROR, REALM, NONCE, TRANSPORT = 0x0006, 0x0008, 0x0009, 0x0014, 0x0015, 0x0019
UDP = b"\x11\x00\x00\x00"


class _Answers(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.queue.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self.queue.put_nowait(b"")


async def allocate(port: int, username: str, password: str) -> int:
    """Ask the relay at 127.0.0.1 for an allocation: 0 when it is granted, else the error code, as 401."""
    transport, answers = await asyncio.get_running_loop().create_datagram_endpoint(
        _Answers, remote_addr=("127.0.0.1", port)
    )
    try:
        transport.sendto(_message({TRANSPORT: UDP}, None))
        _, challenge = _parse(await asyncio.wait_for(answers.queue.get(), 2))
        realm, nonce = challenge[REALM], challenge[NONCE]
        key = hashlib.md5(f"{username}:{realm.decode()}:{password}".encode()).digest()  # noqa: S324 - RFC 8489's
        wish = {TRANSPORT: UDP, USERNAME: username.encode(), REALM: realm, NONCE: nonce}
        transport.sendto(_message(wish, key))
        kind, found = _parse(await asyncio.wait_for(answers.queue.get(), 2))
        if kind == ALLOCATED:
            return 0
        assert kind == REFUSED
        return found[ERROR][2] * 100 + found[ERROR][3]
    finally:
        transport.close()


async def listens(port: int) -> bool:
    """Whether a relay answers there."""
    try:
        return await allocate(port, "nobody", "nothing") == 401
    except (TimeoutError, KeyError, struct.error, OSError):
        return False


def _message(attributes: dict[int, bytes], key: bytes | None) -> bytes:
    body = b"".join(
        struct.pack("!HH", kind, len(value)) + value + b"\x00" * (-len(value) % 4) for kind, value in attributes.items()
    )
    identifier = os.urandom(12)
    if key is None:
        return struct.pack("!HHI", ALLOCATE, len(body), COOKIE) + identifier + body
    head = struct.pack("!HHI", ALLOCATE, len(body) + 24, COOKIE) + identifier
    digest = hmac.new(key, head + body, hashlib.sha1).digest()
    return head + body + struct.pack("!HH", INTEGRITY, 20) + digest


def _parse(message: bytes) -> tuple[int, dict[int, bytes]]:
    kind, length = struct.unpack_from("!HH", message)
    found: dict[int, bytes] = {}
    at = 20
    while at < 20 + length:
        name, size = struct.unpack_from("!HH", message, at)
        found[name] = message[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return kind, found
