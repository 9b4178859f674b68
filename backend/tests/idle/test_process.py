"""A server that ends by itself, and does not while somebody is there."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import websockets

from teleconsulta.idle.record import ahead
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.support import ServerProcess

pytestmark = pytest.mark.slow


async def said(server: ServerProcess, pattern: str) -> None:
    """Until the log has it."""
    async with asyncio.timeout(30):
        while not re.search(pattern, server.log.read_text()):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.05)


AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "teleconsulta.cli", "serve"])
"""


async def knocking(address: str, origin: websockets.Origin) -> websockets.ClientConnection:
    """A socket as soon as the port is there; the server itself may still be starting."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await websockets.connect(address, origin=origin, open_timeout=30)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)  # nothing can be awaited before the port is open


async def test_it_stays_for_a_socket_and_goes_without_one(dsn: str, tmp_path: Path) -> None:
    server = ServerProcess(dsn, tmp_path, IDLE_EXIT_SECONDS="1", DEMO="")
    server.environment |= {"PUBLIC_URL": "https://clinica.example"}
    del server.environment["DEMO_PASSWORD"]
    await server.start(ready=False)
    try:
        address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        origin = websockets.Origin("https://clinica.example")
        # Before it answers: a second after its start it may be gone.
        async with await knocking(address, origin) as open_socket:
            await said(server, "idle_awake")
            await open_socket.ping()
            assert server.process is not None
            assert server.process.returncode is None
        async with asyncio.timeout(30):
            assert await server.wait() == 0
        assert "idle_exit" in server.log.read_text()
        assert "Traceback" not in server.log.read_text()
    finally:
        await server.stop()


async def test_what_knocks_at_a_handed_over_socket_is_served_after_the_start(dsn: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kept:
        url = f"http://127.0.0.1:{kept.getsockname()[1]}"
        server = ServerProcess(dsn, tmp_path)
        async with httpx.AsyncClient(timeout=30) as client:
            early = asyncio.create_task(client.get(f"{url}/api/config"))  # nobody is there yet
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", AS_SYSTEMD_DOES, str(kept.fileno()),
                cwd=tmp_path, env=server.environment, pass_fds=(kept.fileno(),),
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            try:
                assert (await early).status_code == 200
            finally:
                process.terminate()
                await process.wait()


async def test_the_record_tells_what_is_ahead(database: Database, build: Builder) -> None:
    moment = now()
    doctor = await build.staff()
    assert await ahead(database, moment) is not None
    for starts_in, minutes in ((-120, 60), (20, 30)):
        await build.room(
            doctor=doctor, starts_at=moment + timedelta(minutes=starts_in), minutes=minutes, scheduled=True
        )
    quiet = await ahead(database, moment)
    assert quiet is not None
    assert (quiet.work, quiet.calls, quiet.booked) == (False, False, ())
    soon = await ahead(database, moment + timedelta(minutes=6))
    assert soon is not None
    assert len(soon.booked) == 1


async def test_a_database_that_is_away_tells_nothing(tmp_path: Path) -> None:
    gone = Database(f"postgresql://nobody@/x?host={tmp_path}")
    assert await ahead(gone, now()) is None
    await gone.close()
