"""The servers under measurement: started on a free port, watched by the operating system's own counters, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import psutil

from bench.production import absent

BACKEND = Path(__file__).resolve().parent.parent
ROOT = BACKEND.parent
FRONTEND_BENCH = ROOT / "frontend" / "bench"
BASELINES = FRONTEND_BENCH / "baselines"
LOGS = ROOT / "var" / "bench" / "logs"
"""What the servers said in the last run."""
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class BenchError(Exception):
    """What went wrong, in one sentence."""


@dataclass(slots=True)
class Server:
    """A running server. `started_in` is the time from its start to its first 200, in seconds."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    started_in: float

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """Seconds of processor time used so far, by all threads of this process alone."""
        return cpu_seconds(self.pid)

    def memory(self) -> float:
        """Resident memory in MB (10^6 bytes), of this process alone."""
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6


def cpu_seconds(pid: int) -> float:
    """Nanosecond counters of the scheduler where the system has them, else the usual ones of 10 ms.

    A thread that has ended is in the second and not in the first; our servers keep theirs.
    """
    total = 0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int((task / "schedstat").read_text().split()[0])
    except OSError:
        total = 0
    if total:
        return total / 1e9
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def tree_cpu_seconds(pid: int) -> float:
    """Seconds of processor time of a process and its children, ended ones too (10 ms steps)."""
    total = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
                if process.pid == pid:
                    total += times.children_user + times.children_system
    return total


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(name: str, url: str, process: subprocess.Popen[bytes], started: float, log: Path) -> float:
    """Seconds from `started` to the first 200 of `url`.

    Raises:
        BenchError: the process ended, or did not answer in time.
    """
    while time.monotonic() - started < START_SECONDS:
        if process.poll() is not None:
            raise BenchError(f"{name} ended with status {process.returncode}; its last words are in {log}.")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            if answer.status == 200:
                return time.monotonic() - started
        time.sleep(0.01)
    raise BenchError(f"{name} did not answer within {START_SECONDS:.0f} s; its last words are in {log}.")


@contextlib.contextmanager
def running(
    name: str, command: list[str], *, env: Mapping[str, str], cwd: Path, ready: str, logs: Path
) -> Iterator[Server]:
    """Starts a server with PORT set, yields it when `ready` (a path) answers 200, stops it by SIGTERM."""
    port = free_port()
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / f"{name}.log"
    with path.open("wb") as log:
        started = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            cwd=cwd,
            env={**os.environ, **env, "PORT": str(port), "HOST": "127.0.0.1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            took = wait_until_ready(name, f"http://127.0.0.1:{port}{ready}", process, started, path)
            yield Server(name, port, process, took)
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ours(database_url: str, password: str, work: Path) -> contextlib.AbstractContextManager[Server]:
    """The product with the packages of production, on a database that is already there."""
    env = {
        "DEMO": "1",
        "DEMO_PASSWORD": password,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(work / "var"),
        "STATIC_DIR": str(ROOT / "frontend" / "dist"),
        "LOG_FORMAT": "json",
        "BENCH_ABSENT": ",".join(absent((BACKEND / "requirements.lock").read_text(), dict(packages_distributions()))),
    }
    command = [sys.executable, "-m", "bench.production", "serve"]
    return running("teleconsulta", command, env=env, cwd=BACKEND, ready="/healthz", logs=LOGS)


def baseline(kind: str) -> contextlib.AbstractContextManager[Server]:
    """`peerjs` or `seed`, see frontend/bench/baselines."""
    env = {"NODE_ENV": "production"}
    return running(kind, ["node", "server.js", kind], env=env, cwd=BASELINES, ready="/healthz", logs=LOGS)


def install_baselines() -> None:
    """`npm ci` in the baselines' folder, once per lock file."""
    stamp = BASELINES / "node_modules" / ".package-lock.json"
    lock = BASELINES / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--loglevel=error"],  # noqa: S607
        cwd=BASELINES,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchError("The baselines' packages could not be installed: try `npm ci` in frontend/bench/baselines.")
