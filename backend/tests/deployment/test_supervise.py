"""The supervisor of the all-in-one image, with programs that end in every way there is."""

from __future__ import annotations

import asyncio
import json
import shlex
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support import BACKEND

SUPERVISE = BACKEND.parent / "infra" / "all-in-one" / "supervise.py"
STAYS = "exec sleep 60"
QUICK = ("--pause=0.02", "--grace=5")


class Supervised:
    """A running supervisor: what it tells can be awaited."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []

    async def tells(self, event: str, **facts: object) -> dict[str, Any]:
        """The next thing it tells that fits; everything on the way is kept in `told`."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while line := await self.process.stderr.readline():
                self.told.append(json.loads(line))
                wanted = {"event": f"supervise.{event}", **facts}
                if wanted.items() <= self.told[-1].items():
                    return self.told[-1]
        raise AssertionError(f"it ended without telling {event} {facts}: {self.told}")

    async def status(self) -> int:
        async with asyncio.timeout(20):
            return await self.process.wait()


Supervise = Callable[..., Awaitable[Supervised]]


@pytest.fixture
async def supervise() -> AsyncIterator[Supervise]:
    """Starts a supervisor with words of its command line and with programs, each a line for a shell."""
    async with AsyncExitStack() as running:

        async def start(*given: str, **programs: str) -> Supervised:
            words = [f"{name}=sh -c {shlex.quote(line)}" for name, line in programs.items()]
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(SUPERVISE), *QUICK, *given, *words, stderr=asyncio.subprocess.PIPE
            )
            running.push_async_callback(finish, process)
            return Supervised(process)

        yield start


async def finish(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    assert process.stderr is not None
    async with asyncio.timeout(20):
        await process.stderr.read()
        await process.wait()


async def test_a_program_that_died_is_started_again_ever_later(supervise: Supervise) -> None:
    supervised = await supervise(server=STAYS, relay="exit 3")
    pauses = [(await supervised.tells("ended", program="relay", status=3))["again_in_seconds"] for _ in range(4)]
    assert pauses == [0.02, 0.04, 0.08, 0.16]
    assert [told["program"] for told in supervised.told if told["event"] == "supervise.started"].count("server") == 1


async def test_a_program_that_was_steady_is_forgiven(supervise: Supervise) -> None:
    supervised = await supervise("--steady=0", server="exit 1", relay=STAYS)
    for _ in range(7):
        told = await supervised.tells("ended", program="server")
        assert told["again_in_seconds"] == 0.02


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_end_it_ends_everything(supervise: Supervise, number: signal.Signals) -> None:
    polite = "trap 'exit 0' TERM; while :; do sleep 0.05; done"
    supervised = await supervise(server=polite, relay=STAYS)
    await supervised.tells("started", program="relay")
    supervised.process.send_signal(number)
    assert await supervised.status() == 0


async def test_what_does_not_listen_is_killed_after_the_grace(supervise: Supervise, tmp_path: Path) -> None:
    # The shell sets its trap, then makes the other program end, which is told: nothing has to be waited for.
    stubborn = f"trap '' TERM; : >{tmp_path}/deaf; while :; do sleep 0.05; done"
    supervised = await supervise(
        "--grace=0.3", server=stubborn, relay=f"until [ -e {tmp_path}/deaf ]; do :; done; exit 4"
    )
    await supervised.tells("ended", program="relay", status=4)
    supervised.process.terminate()
    await supervised.tells("ended", program="server", status=-signal.SIGKILL)
    assert await supervised.status() == 0


async def test_a_server_that_keeps_failing_ends_the_rest_with_its_status(supervise: Supervise) -> None:
    supervised = await supervise("--tries=3", server="exit 9", relay=STAYS)
    await supervised.tells("ending", status=9)
    assert sum(told["event"] == "supervise.started" and told["program"] == "server" for told in supervised.told) == 3
    await supervised.tells("ended", program="relay", status=-signal.SIGTERM)
    assert await supervised.status() == 9


@pytest.mark.parametrize(
    ("server", "relay", "status"),
    [("exit 0", STAYS, 0), ("exit 78", STAYS, 78), (STAYS, "exit 78", 78), ("kill -SEGV $$", STAYS, 1)],
    ids=["server sleeps", "server misconfigured", "relay misconfigured", "server crashes"],
)
async def test_what_no_other_try_would_help_ends_at_once(
    supervise: Supervise, server: str, relay: str, status: int
) -> None:
    supervised = await supervise("--tries=1", server=server, relay=relay)
    assert await supervised.status() == status


async def test_a_program_that_is_not_there_is_told(supervise: Supervise) -> None:
    supervised = await supervise("--tries=2", "server=/nowhere/at/all")
    assert (await supervised.tells("cannot_start"))["why"] == "No such file or directory"
    assert await supervised.status() == 127
