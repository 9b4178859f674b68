"""Three server processes behind a balancer that knows nothing about them but whether they are ready."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.redis_server import RedisServer
from tests.support import ServerProcess, free_port

BALANCER = """
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response 503
  default-server check inter 300ms fall 1 rise 1
frontend clinic
  bind 127.0.0.1:{port}
  use_backend living if {{ nbsrv(ready) eq 0 }}
  default_backend ready
backend ready
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host clinic
{servers}
backend living
  balance roundrobin
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host clinic
{servers}
"""


@dataclass
class Cluster:
    url: str
    servers: list[ServerProcess]
    redis: RedisServer

    async def until_ready(self, server: ServerProcess, ready: bool = True) -> dict[str, str]:
        """Until one server says that it is, or is not, ready; its checks."""
        async with asyncio.timeout(30), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.get(f"{server.url}/readyz")
                    if (answer.status_code == 200) == ready:
                        checks: dict[str, str] = answer.json()["checks"]
                        return checks
                await asyncio.sleep(0.05)  # nothing announces it

    async def up(self, server: ServerProcess) -> None:
        await server.start()
        await self.until_ready(server)


@contextlib.asynccontextmanager
async def cluster(dsn: str, folder: Path, **environment: str) -> AsyncIterator[Cluster]:
    """Everything running and ready; everything ended afterwards."""
    program = shutil.which("haproxy")
    assert program is not None, "haproxy is not installed: `make test` names the command that brings it"
    redis, port = RedisServer(folder), free_port()
    redis.start()
    url = f"http://127.0.0.1:{port}"
    shared = {"REDIS_URL": redis.url, "PUBLIC_URL": url, "VAR_DIR": str(folder / "var"), **environment}
    servers = [ServerProcess(dsn, folder / f"node{number}", **shared) for number in range(3)]
    lines = "\n".join(f"  server n{number} 127.0.0.1:{server.port}" for number, server in enumerate(servers))
    (folder / "haproxy.cfg").write_text(BALANCER.format(port=port, servers=lines))
    running = Cluster(url, servers, redis)
    balancer = None
    try:
        await running.up(servers[0])  # the demonstration's accounts are made by the first
        await asyncio.gather(*map(running.up, servers[1:]))
        balancer = await asyncio.create_subprocess_exec(
            program,
            "-f",
            str(folder / "haproxy.cfg"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(20), httpx.AsyncClient() as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"{url}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.05)  # as above
        yield running
    finally:
        if balancer is not None:
            balancer.kill()
            await balancer.wait()
        await asyncio.gather(*(server.kill() for server in servers))
        redis.kill()
