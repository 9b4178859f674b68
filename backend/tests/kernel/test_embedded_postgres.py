"""The embedded PostgreSQL: really started, stopped and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from teleconsulta.kernel import postgres_files
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

pytestmark = pytest.mark.slow

HOLDER = """
import sys, pathlib
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres
with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that `nobody` may enter: as root the server runs as that user."""
    with tempfile.TemporaryDirectory(prefix="tc-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "postgres"


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stands in for /var/lib/teleconsulta, so that a test leaves nothing on the machine."""
    with tempfile.TemporaryDirectory(prefix="tc-state-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(postgres_files, "STATE", Path(folder))
        yield Path(folder)


def hold(data: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process that owns the server until its input closes; and the server's address."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    return holder, holder.stdout.readline().strip()


def release(holder: subprocess.Popen[str]) -> None:
    holder.communicate()
    assert holder.returncode == 0


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))


async def value(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


class TestStart:
    async def test_what_was_committed_is_there_after_a_restart(self, data: Path) -> None:
        server = EmbeddedPostgres(data)
        dsn = await server.start()
        await value(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        process = postmaster(data)
        await server.stop()
        assert not process.is_running()

        with EmbeddedPostgres(data) as again:
            assert await value(again, "SELECT answer FROM kept") == 42

    async def test_it_is_reached_by_a_private_socket_only(self, data: Path) -> None:
        with EmbeddedPostgres(data) as dsn:
            assert await value(dsn, "SHOW listen_addresses") == ""
            assert await value(dsn, "SHOW fsync") == "on"
            folder = Path(str(await value(dsn, "SHOW unix_socket_directories")))
            assert folder.stat().st_mode & 0o777 == 0o700
            assert postmaster(data).net_connections("inet") == []
        assert not folder.exists()

    async def test_an_interrupted_first_start_is_begun_again(self, data: Path) -> None:
        half = data.with_name("postgres.new")
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")
        with EmbeddedPostgres(data) as dsn:
            assert await value(dsn, "SELECT 1") == 1
        assert not half.exists()

    async def test_errors_with_people_in_them_stay_out_of_the_log(self, data: Path) -> None:
        with EmbeddedPostgres(data) as dsn, pytest.raises(asyncpg.PostgresError):
            await value(dsn, "SELECT 'maria@example.org'::uuid")
        log = data.with_name("postgres.log").read_text()
        assert "ready to accept connections" in log
        assert "maria" not in log

    def test_data_of_another_version_is_refused_in_a_sentence(self, data: Path) -> None:
        with EmbeddedPostgres(data):
            pass
        (data / "PG_VERSION").write_text("15\n")
        with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 15 and this release brings 18"):
            EmbeddedPostgres(data).__enter__()

    def test_a_server_that_cannot_start_says_why(self, data: Path) -> None:
        with EmbeddedPostgres(data):
            pass
        (data / "postgresql.conf").write_text("no_such_setting = 1\n")
        with pytest.raises(EmbeddedPostgresError, match=r"PostgreSQL did not start: .*errors"):
            EmbeddedPostgres(data).__enter__()

    def test_a_folder_that_cannot_be_made_is_named(self, data: Path) -> None:
        data.write_text("a file stands here")
        with pytest.raises(EmbeddedPostgresError, match=r"cannot be written to"):
            EmbeddedPostgres(data / "below").__enter__()


class TestSharing:
    async def test_a_second_process_joins_and_leaves_the_server_alone(self, data: Path) -> None:
        holder, dsn = hold(data)
        joined = EmbeddedPostgres(data)
        assert await joined.start() == dsn
        assert await value(dsn, "SELECT 1") == 1
        await joined.stop()
        assert await value(dsn, "SELECT 1") == 1
        release(holder)


class TestKill:
    async def test_the_server_goes_when_its_owner_is_killed(self, data: Path) -> None:
        holder, dsn = hold(data)
        await value(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        server = postmaster(data)
        folder = Path(dsn.rpartition("=")[2])
        holder.kill()
        holder.communicate()
        server.wait(10)

        with EmbeddedPostgres(data) as again:
            assert await value(again, "SELECT answer FROM kept") == 42
        assert not folder.exists()

    async def test_a_server_without_owner_is_replaced(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = EmbeddedPostgres(data)
        dsn = await first.start()
        orphan = postmaster(data)
        first._release()  # as if its owner had died where the kernel does not end the children of the dead
        with EmbeddedPostgres(data) as again:
            assert again != dsn
            assert postmaster(data).pid != orphan.pid
            assert await value(again, "SELECT 1") == 1
        await first.stop()

    async def test_a_killed_server_recovers(self, data: Path) -> None:
        holder, dsn = hold(data)
        await value(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        folder = Path(dsn.rpartition("=")[2])
        postmaster(data).kill()
        release(holder)
        assert (data / "postmaster.pid").exists()

        with EmbeddedPostgres(data) as again:
            assert await value(again, "SELECT answer FROM kept") == 42
        assert not folder.exists()

    async def test_a_number_since_given_to_another_program_is_left_alone(self, data: Path) -> None:
        with EmbeddedPostgres(data):
            lines = (data / "postmaster.pid").read_text().splitlines()
        (data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
        with EmbeddedPostgres(data) as dsn:
            assert await value(dsn, "SELECT 1") == 1
        assert psutil.pid_exists(os.getppid())

    async def test_a_stopped_server_gets_the_last_resort(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("teleconsulta.kernel.embedded_postgres.STOP_SECONDS", 0.2)
        server = EmbeddedPostgres(data)
        await server.start()
        frozen = postmaster(data)
        frozen.send_signal(signal.SIGSTOP)
        await server.stop()
        assert not frozen.is_running()


if os.geteuid() == 0:  # PostgreSQL refuses no other user, so for others there is nothing to test

    class TestAsRoot:
        async def test_it_runs_as_nobody(self, data: Path) -> None:
            with EmbeddedPostgres(data):
                assert postmaster(data).username() == "nobody"

        async def test_a_folder_closed_to_others_stays_closed(self, data: Path, state: Path) -> None:
            data.parent.chmod(0o700)
            with EmbeddedPostgres(data) as dsn:
                await value(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
            assert data.is_symlink()
            assert data.resolve().parent == state
            assert data.parent.stat().st_mode & 0o777 == 0o700
            with EmbeddedPostgres(data) as dsn:
                assert await value(dsn, "SELECT answer FROM kept") == 42

        async def test_programs_closed_to_others_are_copied(
            self, data: Path, state: Path, monkeypatch: pytest.MonkeyPatch
        ) -> None:
            monkeypatch.setattr(
                postgres_files, "_usable", lambda folder, _account: state in folder.parents and folder.exists()
            )
            with EmbeddedPostgres(data) as dsn:
                assert await value(dsn, "SELECT 1") == 1
                assert state in Path(postmaster(data).exe()).parents

        async def test_data_made_before_the_folder_was_closed_is_not_moved(self, data: Path, state: Path) -> None:
            with EmbeddedPostgres(data):
                pass
            data.parent.chmod(0o700)
            with pytest.raises(EmbeddedPostgresError, match=r"nobody, who may not enter"):
                EmbeddedPostgres(data).__enter__()
