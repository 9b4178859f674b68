"""The relay's settings that we ship, run by a real coturn and probed from outside."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.turn.credentials import credential, username
from tests.deployment.relay import RelayClient
from tests.support import BACKEND, TURN_SECRET, free_port
from tests.turn.stun import listens

CONFIG = BACKEND.parent / "infra" / "coturn" / "turnserver.conf"
PUBLIC = ("8.8.8.8", "2606:4700::1")
RESERVED = (
    "0.0.0.0",  # noqa: S104 - nothing is bound here
    "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1",
    "255.255.255.255",
)  # fmt: skip
RESERVED_6 = (
    "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.1.1",
    "64:ff9b::7f00:1", "2002:7f00:1::1", "fd00::1", "fe80::1", "ff02::1",
)  # fmt: skip

pytestmark = pytest.mark.slow

Join = Callable[[str], Awaitable[RelayClient]]


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[int]:
    program = shutil.which("turnserver")
    assert program is not None, "coturn is missing: apt install coturn"
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        program,
        *("-c", str(CONFIG), f"--static-auth-secret={TURN_SECRET}", "--realm=relay.example", "--no-tls", "--no-dtls"),
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--relay-ip=::1", f"--listening-port={port}"),
        *(f"--pidfile={tmp_path}/pid", f"--userdb={tmp_path}/db"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(15):
        while not await listens(port):  # noqa: ASYNC110 - a process does not tell when it listens
            await asyncio.sleep(0.1)
    yield port
    process.terminate()
    await process.wait()


@pytest.fixture
async def join(relay: int) -> AsyncIterator[Join]:
    """Makes clients with a good credential for a participant's name."""
    async with AsyncExitStack() as open_clients:

        async def make(name: str) -> RelayClient:
            user = username(name, now() + timedelta(minutes=10))
            client = await RelayClient.to(relay, user, credential(TURN_SECRET.encode(), user))
            open_clients.callback(client.close)
            return client

        yield make


async def test_no_road_leads_into_private_networks(join: Join) -> None:
    ana = await join("ana")
    assert await ana.allocate() == 0
    assert await ana.permit(PUBLIC[0]) == 0
    assert {peer: await ana.permit(peer) for peer in RESERVED} == dict.fromkeys(RESERVED, 403)


async def test_nor_by_any_way_of_writing_them_in_ipv6(join: Join) -> None:
    ana = await join("ana")
    assert await ana.allocate(version=6) == 0
    assert await ana.permit(PUBLIC[1]) == 0
    assert {peer: await ana.permit(peer) for peer in RESERVED_6} == dict.fromkeys(RESERVED_6, 403)


async def test_one_person_cannot_take_the_whole_relay(join: Join) -> None:
    greedy = [await (await join("ana")).allocate() for _ in range(50)]
    assert greedy == [0] * 45 + [486] * 5
    assert await (await join("rui")).allocate() == 0


def test_a_quota_is_less_than_a_quarter_of_the_relay() -> None:
    lines = dict(line.split("=", 1) for line in CONFIG.read_text().splitlines() if line and "=" in line)
    assert int(lines["user-quota"]) == 3 * 3 * 5
    assert int(lines["user-quota"]) * 4 < int(lines["total-quota"])
    assert int(lines["max-bps"]) * int(lines["total-quota"]) <= int(lines["bps-capacity"])
    assert int(lines["max-port"]) - int(lines["min-port"]) >= int(lines["total-quota"])


def test_no_secret_is_shipped() -> None:
    active = [line for line in CONFIG.read_text().splitlines() if line and not line.startswith("#")]
    assert not [line for line in active if line.startswith(("static-auth-secret", "user=", "cert", "pkey"))]
