"""A PostgreSQL of our own, for machines that have none: one child process, one Unix socket, no TCP port.

Whoever holds the lock file beside the data directory owns the server and stops it. Another process of the same
installation (`teleconsulta user add` while the server runs) finds the lock taken and shares the running server.
"""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

import psutil

from teleconsulta.kernel.postgres_files import Account, EmbeddedPostgresError, Programs, house, our_account

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

MAJOR = "18"
ROLE = "teleconsulta"
DATABASE = "postgres"
START_SECONDS = 30.0
STOP_SECONDS = 8.0
POLL_SECONDS = 0.02
SOCKET_PREFIX = "teleconsulta-"
STILL_IN_USE = b"still in use"  # processes of a killed server take a moment to notice and to leave

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # An error's text quotes the row it is about: names and addresses have no place in a log file.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

UNDURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedPostgres:
    """PostgreSQL over `data_dir`, made by `initdb` on first use.

    `start()` gives a `postgresql://` address that asyncpg understands; `stop()` returns when the server is gone.
    The synchronous context manager gives the same address. Raises EmbeddedPostgresError, always one sentence.
    Only a test may ask for `durable=False`: its data need not outlive a power cut, and it starts and copies faster.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._durable = durable
        self._link = data_dir.absolute()
        self._data = self._link
        self._log = self._link.with_name(f"{self._link.name}.log")
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Starts, or joins, the server; it accepts connections when this returns."""
        if not self._take_lock():
            return await asyncio.to_thread(self._join_running)
        await asyncio.to_thread(self._prepare)
        self._spawn()  # in this thread: Linux ties the server's life to the thread that started it
        try:
            return await asyncio.to_thread(self._until_ready)
        except asyncio.CancelledError:
            await asyncio.to_thread(self._stop)
            raise

    async def stop(self) -> None:
        """Stops the server if it is ours: open transactions are rolled back, everything committed is on disk."""
        await asyncio.to_thread(self._stop)

    def __enter__(self) -> str:
        if not self._take_lock():
            return self._join_running()
        self._prepare()
        self._spawn()
        try:
            return self._until_ready()
        except KeyboardInterrupt:
            self._stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _take_lock(self) -> bool:
        path = self._link.with_name(f"{self._link.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.open("a+")
        except OSError as error:
            raise EmbeddedPostgresError(f"The folder {path.parent} cannot be written to: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _prepare(self) -> None:
        try:
            account = our_account(self._link)
            self._data = house(self._link, account)
            programs = Programs.find(account)
            self._clear_leftovers()
            if not (self._data / "PG_VERSION").exists():
                self._initialise(programs, account)
            version = (self._data / "PG_VERSION").read_text().strip()
            if version != MAJOR:
                raise EmbeddedPostgresError(
                    f"{self._link} was made by PostgreSQL {version} and this release brings {MAJOR}: "
                    "export the data with the old release, or point DATABASE_URL at a server."
                )
            self._programs, self._account = programs, account
        except OSError as error:
            self._release()
            raise EmbeddedPostgresError(f"The database folder {self._link} cannot be used: {error}.") from error
        except BaseException:
            self._release()
            raise

    def _initialise(self, programs: Programs, account: Account) -> None:
        """`initdb` beside the final place, then one rename: an interrupted first start leaves nothing half made."""
        fresh = self._data.with_name(f"{self._data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.own(fresh)
        made = subprocess.run(  # noqa: S603 - our own program, fixed arguments
            [
                str(programs.initdb), "--pgdata", str(fresh), "--username", ROLE, "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
                "--no-instructions", *(() if self._durable else ("--no-sync",)),
            ],
            capture_output=True, check=False, cwd="/", env=account.environment, **account.identity,
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedPostgresError(f"PostgreSQL could not be set up in {self._link}: {_last_line(made.stderr)}")
        if self._data.exists():
            self._data.rmdir()
        fresh.rename(self._data)

    def _clear_leftovers(self) -> None:
        """We hold the lock, so a server that still runs here lost its owner to a kill: end it, then tidy."""
        self._remove_socket_dir()
        facts = self._postmaster()
        if not facts:
            return
        orphan = self._process(facts)
        if orphan:
            orphan.send_signal(signal.SIGINT)
            try:
                orphan.wait(STOP_SECONDS)
            except psutil.TimeoutExpired:
                orphan.kill()
                orphan.wait(STOP_SECONDS)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _spawn(self) -> None:
        socket_dir = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX))  # mode 0700; a socket's path has 107 bytes at most
        self._remember(str(socket_dir))
        self._account.own(socket_dir)
        settings = SETTINGS | {"unix_socket_directories": str(socket_dir)} | ({} if self._durable else UNDURABLE)
        arguments = [str(self._programs.postgres), "-D", str(self._data)]
        for name, value in settings.items():
            arguments += ["-c", f"{name}={value}"]
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(  # noqa: S603 - our own program, fixed arguments
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._account.environment,
                start_new_session=True,  # Ctrl-C is for us; the database goes last
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                **self._account.identity,
            )

    def _until_ready(self) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            server = self._server
            if server is None:
                break
            facts = self._postmaster()
            if len(facts) > 7 and facts[0] == str(server.pid) and facts[7] == "ready":
                return _address(facts[4])
            if server.poll() is not None:
                if STILL_IN_USE not in self._log.read_bytes():
                    break
                self._remove_socket_dir()
                time.sleep(POLL_SECONDS * 5)
                self._spawn()
            time.sleep(POLL_SECONDS)  # PostgreSQL tells "ready" only by a line in postmaster.pid
        self._stop()
        raise EmbeddedPostgresError(f"PostgreSQL did not start: {_last_line(self._log.read_bytes())} (see {self._log})")

    def _join_running(self) -> str:
        self._data = self._link.resolve()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            facts = self._postmaster()
            if len(facts) > 7 and facts[7] == "ready" and self._process(facts):
                return _address(facts[4])
            time.sleep(POLL_SECONDS)
        raise EmbeddedPostgresError(f"Another process holds {self._link} and its PostgreSQL does not answer.")

    def _stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, last resort
                server.send_signal(sign)
                try:
                    server.wait(STOP_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self._remove_socket_dir()
        self._release()

    def _remember(self, socket_dir: str) -> None:
        """The lock file holds the socket's folder, so that the next owner can remove what a killed one left."""
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.write(socket_dir)
            self._lock.flush()

    def _remove_socket_dir(self) -> None:
        if self._lock is None:
            return
        self._lock.seek(0)
        folder = Path(self._lock.read())
        if folder.name.startswith(SOCKET_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        self._remember("")

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    def _postmaster(self) -> Sequence[str]:
        """Lines of postmaster.pid: pid, data directory, start, port, socket directory, host, shared memory, state."""
        try:
            return [line.strip() for line in (self._data / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _process(self, facts: Sequence[str]) -> psutil.Process | None:
        """The live server those lines speak of; a number since given to some other program does not count."""
        try:
            process = psutil.Process(int(facts[0]))
            alive = process.status() != psutil.STATUS_ZOMBIE
            ours = alive and "-D" in (line := process.cmdline()) and line[line.index("-D") + 1] == str(self._data)
        except (psutil.Error, ValueError, IndexError):
            return None
        return process if ours else None


def _address(socket_dir: str) -> str:
    return f"postgresql://{ROLE}@/{DATABASE}?host={socket_dir}"


def _last_line(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _die_with_parent() -> None:
    """Ask Linux to interrupt the server, its orderly quick stop, should we be killed without a chance to do it."""
    _prctl(1, signal.SIGINT)  # 1 is PR_SET_PDEATHSIG


if sys.platform == "linux":
    import ctypes

    _prctl = ctypes.CDLL(None).prctl
