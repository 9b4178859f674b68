"""A real coturn, run with the very text that `teleconsulta coturn-config` writes."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from teleconsulta.kernel.clock import now
from teleconsulta.turn.client import Conversation, Refused
from teleconsulta.turn.coturn import Coturn, render
from teleconsulta.turn.credentials import credential, username
from teleconsulta.turn.urls import IceUrl
from tests.support import TURN_SECRET, free_port

READY_SECONDS = 15.0


class Certificate:
    """An authority of a test's own, and a certificate of it for 127.0.0.1 and localhost."""

    def __init__(self, folder: Path, *, days: int = 60) -> None:
        self.authority, self.chain, self.key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
        self._folder = folder
        fresh = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days))
        self._run("req", "-x509", *fresh, "-subj", "/CN=Test", "-keyout", "ca.key", "-out", "ca.pem")
        leaf = ("-x509", *fresh, "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=localhost")
        # An authority's own extensions are taken from openssl.cnf unless they are said.
        names = ("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=CA:FALSE")
        self._run("req", *leaf, *names, "-keyout", "key.pem", "-out", "chain.pem")
        for path in (self.authority, self.chain, self.key):
            path.chmod(0o644)  # coturn gives up its rights before it reads them

    def _run(self, *arguments: str) -> None:
        program = shutil.which("openssl")
        assert program is not None, "openssl is missing: apt install openssl"
        subprocess.run([program, *arguments], cwd=self._folder, check=True, capture_output=True)


class Relay:
    """One coturn on loopback, where it may relay to its own address and to no other."""

    def __init__(self, folder: Path, wish: Coturn | None = None, *more: str) -> None:
        self.port, self.tls_port = free_port(), free_port()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        wish = wish or Coturn(secrets=(TURN_SECRET,), realm="relay.example", listen=("127.0.0.1",))
        text = render(replace(wish, port=self.port, tls_port=self.tls_port))
        self.config = folder / "turnserver.conf"
        self.config.write_text("\n".join([text, *more, f"pidfile={folder}/pid", f"userdb={folder}/db", ""]))
        self._process: subprocess.Popen[bytes] | None = None

    def urls(self, *ways: str) -> list[str]:
        every = {
            "udp": f"turn:127.0.0.1:{self.port}?transport=udp",
            "tcp": f"turn:127.0.0.1:{self.port}?transport=tcp",
            "tls": f"turns:127.0.0.1:{self.tls_port}?transport=tcp",
        }
        return [every[way] for way in ways or every]

    def start(self) -> None:
        program = shutil.which("turnserver")
        assert program is not None, "coturn is missing: apt install coturn"
        self._process = subprocess.Popen(
            [program, "-c", str(self.config)],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Returns when it answers."""
        async with asyncio.timeout(READY_SECONDS):
            while not await listens(self.port):  # noqa: ASYNC110 - a process does not tell when it listens
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(relay: Relay) -> Iterator[Relay]:
    relay.start()
    try:
        asyncio.run(relay.ready())
        yield relay
    finally:
        relay.kill()


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[Relay]:
    relay.start()
    try:
        await relay.ready()
        yield relay
    finally:
        relay.kill()


def login(name: str, secret: str = TURN_SECRET, expires_at: datetime | None = None) -> tuple[str, str]:
    """User name and password of a participant, as our server makes them."""
    user = username(name, expires_at or now() + timedelta(minutes=10))
    return user, credential(secret.encode(), user)


async def answer(port: int, user: str, password: str) -> int:
    """What a relay at 127.0.0.1 says to somebody who asks for an allocation: 0 when it is granted, else its number."""
    url = IceUrl.parse(f"turn:127.0.0.1:{port}?transport=udp")
    async with await Conversation.open(url, user, password, patience=3) as relay:
        try:
            await relay.allocate()
        except Refused as no:
            return no.code
    return 0


async def listens(port: int) -> bool:
    """Whether a relay answers there."""
    try:
        return await answer(port, "nobody", "nothing") == 401
    except (TimeoutError, OSError):
        return False
