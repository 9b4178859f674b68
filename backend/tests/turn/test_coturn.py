"""A real coturn believes our credentials, and only those."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.turn.credentials import credential, ice_list, username
from teleconsulta.turn.service import ice_servers
from tests.support import TURN_SECRET, free_port
from tests.turn.stun import allocate, listens

OLD_SECRET = "Mn6Bv5Cx4Zq3Wa2Sd1Ef0Gh9"

pytestmark = pytest.mark.slow


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[int]:
    """coturn on a free port, with the present secret and the one before it."""
    program = shutil.which("turnserver")
    assert program is not None, "coturn is missing: apt install coturn"
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        program,
        *("-n", "--use-auth-secret", f"--static-auth-secret={TURN_SECRET}", f"--static-auth-secret={OLD_SECRET}"),
        *("--realm=teleconsulta", "--listening-ip=127.0.0.1", f"--listening-port={port}"),
        *("--no-tcp", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers"),
        *(f"--pidfile={tmp_path}/pid", f"--userdb={tmp_path}/db", "--log-file=stdout"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(15):
        while True:
            if await listens(port):
                break
            await asyncio.sleep(0.1)  # nothing can be awaited before it listens
    yield port
    process.terminate()
    await process.wait()


async def test_our_credential_opens_the_relay(relay: int, settings: Settings) -> None:
    made = ice_servers(settings, new_id(), now())
    (server,) = made.servers
    assert server.username is not None
    assert server.credential is not None
    assert await allocate(relay, server.username, server.credential) == 0


async def test_the_previous_secret_goes_on_working_while_it_is_replaced(relay: int) -> None:
    made = ice_list([], ["turn:x"], OLD_SECRET, "bia", now(), timedelta(minutes=10))
    server = made.servers[0]
    assert await allocate(relay, server.username or "", server.credential or "") == 0


async def test_a_wrong_or_foreign_credential_does_not(relay: int) -> None:
    name = username("bia", now() + timedelta(minutes=10))
    assert await allocate(relay, name, credential(b"another secret altogether", name)) == 401
    other = username("caetano", now() + timedelta(minutes=10))
    assert await allocate(relay, other, credential(TURN_SECRET.encode(), name)) == 401


async def test_an_expired_credential_does_not(relay: int) -> None:
    name = username("bia", datetime.fromtimestamp(int(now().timestamp()) - 5, UTC))
    assert await allocate(relay, name, credential(TURN_SECRET.encode(), name)) == 401
