"""The server as a process of its own: started, stopped, killed, refused."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest
import websockets

from tests.support import ServerProcess

pytestmark = pytest.mark.slow

PASSWORD = "uma senha bem comprida"
HEADERS = {"X-Teleconsulta": "1"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the embedded database's account may enter."""
    with tempfile.TemporaryDirectory(prefix="tc-serve-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[ServerProcess]:
    """A demonstration with a database of its own, not yet started."""
    process = ServerProcess("", folder, LOG_FORMAT="text")
    yield process
    await process.stop()


def database_processes(folder: Path) -> list[psutil.Process]:
    """What is still running from that folder."""
    return [one for one in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(one.info["cmdline"] or ())]


async def sign_in(server: ServerProcess) -> int:
    async with httpx.AsyncClient(base_url=server.url, headers=HEADERS) as client:
        answer = await client.post("/api/auth/login", json={"email": "medica@demo.local", "password": PASSWORD})
        return answer.status_code


class TestDemonstration:
    async def test_it_says_where_it_is_and_who_may_enter(self, server: ServerProcess) -> None:
        await server.start()
        assert await sign_in(server) == 200
        said = server.log.read_text()
        for words in (server.url, "medica@demo.local", "admin@demo.local", PASSWORD, "outbox"):
            assert said.count(words) == 1

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
    async def test_it_stops_with_all_that_belongs_to_it(
        self, server: ServerProcess, folder: Path, number: signal.Signals
    ) -> None:
        await server.start()
        address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        async with websockets.connect(address, origin=websockets.Origin(server.url)) as open_socket:
            server.send(number)
            async with asyncio.timeout(10):
                assert await server.wait() == 0
            await open_socket.wait_closed()
        assert database_processes(folder) == []

    async def test_it_can_be_stopped_while_it_starts(self, server: ServerProcess, folder: Path) -> None:
        await server.start(ready=False)
        while not (folder / "var" / "postgres.log").exists():  # noqa: ASYNC110 - the only sign that is seen from outside
            await asyncio.sleep(0.01)
        server.send(signal.SIGINT)
        assert await server.wait() == 130
        assert database_processes(folder) == []
        assert "Traceback" not in server.log.read_text()
        await server.start()

    async def test_it_comes_back_after_a_kill(self, server: ServerProcess) -> None:
        await server.start()
        await server.kill()
        await server.start()
        assert await sign_in(server) == 200


class TestRefusals:
    async def test_a_port_in_use_is_told_in_a_sentence(self, server: ServerProcess) -> None:
        with socket.create_server(("127.0.0.1", server.port)):
            await server.start(ready=False)
            assert await server.wait() == 1
        said = server.log.read_text()
        assert said.startswith(f"Port {server.port} is taken by another program: ")
        assert len(said.splitlines()) == 1

    async def test_a_foreign_database_is_not_touched(self, dsn: str, folder: Path) -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE recipes (id int)")
        server = ServerProcess(dsn, folder)
        await server.start(ready=False)
        assert await server.wait() == 78
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 1
        await connection.close()
        assert len(server.log.read_text().splitlines()) == 1

    async def test_a_mail_server_that_cannot_be_understood_is_told(self, dsn: str, folder: Path) -> None:
        server = ServerProcess(dsn, folder, SMTP_URL="carrier-pigeon://loft")
        await server.start(ready=False)
        assert await server.wait() == 78
        assert "SMTP_URL" in server.log.read_text()


class TestWorker:
    async def test_it_works_alone_until_it_is_told_to_stop(self, dsn: str, folder: Path) -> None:
        made = ServerProcess(dsn, folder)
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "teleconsulta.cli", "worker", cwd=folder, env=made.environment
        )
        connection = await asyncpg.connect(dsn)
        question = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'teleconsulta worker'"
        while not await connection.fetchval(f"{question} AND datname = current_database()"):  # noqa: ASYNC110 - PostgreSQL does not tell
            await asyncio.sleep(0.05)
        await connection.close()
        worker.terminate()
        assert await worker.wait() == 0
