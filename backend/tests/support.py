"""Helpers without fixtures: settings of a test server, and a server that really runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import httpx

from teleconsulta.kernel.settings import Settings

BACKEND = Path(__file__).resolve().parents[1]
PUBLIC_URL = "https://clinica.example"
SECRET = "k9Vq2mX7c4Lr8Tz1Wb5Hn3Yd6Gf0Js-pAeUo"
TURN_SECRET = "Zx7Qw3Er9Ty1Ui5Op2As8Df4"


def database_named(dsn: str, name: str) -> str:
    """The same server's address with another database."""
    return (
        re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", dsn, count=1)
        if "@/" in dsn
        else re.sub(r"^(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", dsn)
    )


def settings_for(dsn: str, folder: Path, **changes: Any) -> Settings:
    """Settings that owe nothing to the environment of whoever runs the tests."""
    values: dict[str, Any] = {
        "public_url": PUBLIC_URL,
        "database_url": dsn,
        "secret_key": SECRET,
        "turn_urls": ["turn:turn.clinica.example:3478?transport=udp", "turns:turn.clinica.example:443?transport=tcp"],
        "turn_secret": TURN_SECRET,
        "var_dir": folder / "var",
        "log_format": "json",
        "clinic_name": "Clínica Horizonte",
        **changes,
    }
    return Settings(_env_file=None, **values)


# Below those that systems give to outgoing connections: one of them could take a server's place while it restarts.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    while True:
        port = random.choice(PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class ServerProcess:
    """`teleconsulta serve` as a process of its own, that can be killed and started again on the same port."""

    def __init__(self, dsn: str, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in {"PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG"}
            },
            "PYTHONPATH": str(BACKEND),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": self.url,
            "DATABASE_URL": dsn,
            "SECRET_KEY": SECRET,
            "DEMO": "1",
            "DEMO_PASSWORD": "uma senha bem comprida",
            "VAR_DIR": str(folder / "var"),
            **environment,
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *, ready: bool = True) -> None:
        folder = self.log.parent
        folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "teleconsulta.cli",
                "serve",
                cwd=folder,
                env=self.environment,
                stdout=out,
                stderr=out,
            )
        if ready:
            await self.until_ready()

    async def until_ready(self, seconds: float = 30) -> None:
        """Wait for the first answer; a process that dies says why."""
        async with asyncio.timeout(seconds), httpx.AsyncClient() as client:
            while True:
                if self.process is not None and self.process.returncode is not None:
                    raise RuntimeError(f"the server stopped: {self.log.read_text()[-2000:]}")
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)  # nothing can be awaited before the port is open

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)

    async def kill(self) -> None:
        """`kill -9`."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.send(signal.SIGTERM)
        return await self.wait()

    async def wait(self) -> int:
        return 0 if self.process is None else await self.process.wait()
