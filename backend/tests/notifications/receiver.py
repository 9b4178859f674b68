"""A push service on this machine, and a browser that reads what comes: RFC 8291 from the reader's side."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from teleconsulta.notifications.encryption import decode, encode, point, public_bytes


def read(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The message in a body of one record."""
    salt, sender, rest = body[:16], body[21:86], body[86:]
    assert (body[16:20], body[20]) == (b"\x00\x00\x10\x00", 65)

    def derived(secret: bytes, by: bytes, info: bytes, length: int) -> bytes:
        return HKDF(algorithm=SHA256(), length=length, salt=by, info=info).derive(secret)

    shared = key.exchange(ec.ECDH(), point(sender))
    secret = derived(shared, auth, b"WebPush: info\0" + public_bytes(key) + sender, 32)
    plain = AESGCM(derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)).decrypt(
        derived(secret, salt, b"Content-Encoding: nonce\0", 12), rest, None
    )
    message, mark = plain.rstrip(b"\0")[:-1], plain.rstrip(b"\0")[-1]
    assert mark == 2
    return message


@dataclass
class PushService:
    """Keeps what was sent to it, and answers as the test says."""

    url: str = ""
    status: int = 201
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def subscription(self) -> dict[str, Any]:
        """As the browser's `PushSubscription.toJSON()` gives it."""
        keys = {"p256dh": encode(public_bytes(self.key)), "auth": encode(self.auth)}
        return {"endpoint": f"{self.url}/push/abc", "keys": keys, "language": "es"}

    def messages(self) -> list[Any]:
        """What the browser reads."""
        return [orjson.loads(read(body, self.key, self.auth)) for _headers, body in self.got]

    def signer(self, number: int = 0) -> dict[str, Any]:
        """What the sender says about itself, checked against the key it names."""
        scheme, parts = self.got[number][0]["Authorization"].split(" ", 1)
        assert scheme == "vapid"
        named = dict(part.strip().split("=", 1) for part in parts.split(","))
        key = point(decode(named["k"]))
        claims: dict[str, Any] = jwt.decode(named["t"], key, algorithms=["ES256"], audience=self.url)
        return {**claims, "k": named["k"]}


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service = PushService()

    async def receive(request: web.Request) -> web.Response:
        service.got.append((dict(request.headers), await request.read()))
        return web.Response(status=service.status, headers={"Location": f"{service.url}/elsewhere"})

    app = web.Application()
    app.router.add_post("/push/abc", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
