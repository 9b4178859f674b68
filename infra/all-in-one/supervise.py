"""Keeps the programs of the all-in-one image running, and ends all of them together.

    supervise.py NAME=COMMAND ...        the first is what the container is for, as in "server=teleconsulta serve"

- SIGTERM and SIGINT end every program by SIGTERM, and after --grace seconds by SIGKILL; then the status is 0.
- A program that ends is started again, after 1, 2, 4 ... 30 s; after --steady seconds of life that begins anew.
- The first ends the rest: with its own status 0 (a host that sleeps), or when it ended --tries times in a row without
  ever having been steady. So does any program that ends with 78 (its configuration is wrong): another try is no help.
- As the first process of a container it also buries what its programs leave behind.

Standard library only, Linux. One JSON object a line on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import signal
import sys
import time
from dataclasses import dataclass, field

EX_CONFIG = 78  # of sysexits.h
LONGEST_PAUSE = 30.0
HEARD = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)


@dataclass
class Program:
    """`pid` is None while it waits for `due` (monotonic, s)."""

    name: str
    command: list[str]
    pid: int | None = None
    since: float = 0.0
    due: float = 0.0
    # How often in a row it has ended without having been steady.
    failures: int = 0


@dataclass
class Supervisor:
    """`pause` is the first wait before another start, s; `steady` how long a program lives to be forgiven, s."""

    programs: list[Program]
    pause: float = 1.0
    steady: float = 60.0
    grace: float = 12.0
    tries: int = 5
    # The status to end with, once it is decided.
    verdict: int | None = field(default=None, init=False)
    _deadline: float = field(default=0.0, init=False)

    def run(self) -> int:
        """Until everything has ended; the status that the container shall have."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
        while True:
            now = time.monotonic()
            if self.verdict is None:
                for program in self.programs:
                    if program.pid is None and program.due <= now:
                        self._start(program, now)
            elif not self._running():
                return self.verdict
            elif now >= self._deadline:
                self._signal(signal.SIGKILL)
            self._listen(self._patience(now))
            self._bury(time.monotonic())

    def _listen(self, seconds: float) -> None:
        heard = signal.sigtimedwait(HEARD, seconds)
        if heard is not None and heard.si_signo != signal.SIGCHLD:
            self._end(0, "asked to end")

    def _patience(self, now: float) -> float:
        """Seconds until something is due, if nothing happens before."""
        if self.verdict is not None:
            return max(0.05, self._deadline - now)
        waiting = [program.due - now for program in self.programs if program.pid is None]
        return max(0.0, min(waiting, default=3600.0))

    def _start(self, program: Program, now: float) -> None:
        program.since = now
        try:
            program.pid = os.posix_spawnp(
                program.command[0], program.command, os.environ, setsigmask=(), setsigdef=(signal.SIGPIPE,)
            )
        except OSError as error:
            tell("cannot_start", program=program.name, why=error.strerror)
            self._ended(program, 127, now)
            return
        tell("started", program=program.name, pid=program.pid)

    def _bury(self, now: float) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                program = next((one for one in self.programs if one.pid == pid), None)
                if program is not None:
                    self._ended(program, os.waitstatus_to_exitcode(status), now)

    def _ended(self, program: Program, status: int, now: float) -> None:
        program.pid = None
        program.failures = 1 if now - program.since >= self.steady else program.failures + 1
        pause = min(LONGEST_PAUSE, self.pause * 2 ** (program.failures - 1))
        program.due = now + pause
        if self.verdict is not None:
            tell("ended", program=program.name, status=status)
            return
        first = program is self.programs[0]
        if first and status == 0:
            self._end(0, f"{program.name} has ended by itself")
        elif status == EX_CONFIG:
            self._end(EX_CONFIG, f"the configuration of {program.name} is wrong")
        elif first and program.failures >= self.tries:
            self._end(status if 0 < status < 128 else 1, f"{program.name} keeps failing")
        else:
            tell("ended", program=program.name, status=status, again_in_seconds=round(pause, 2))

    def _end(self, status: int, why: str) -> None:
        if self.verdict is not None:
            return
        tell("ending", why=why, status=status)
        self.verdict = status
        self._deadline = time.monotonic() + self.grace
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        for program in self.programs:
            if program.pid is not None:
                os.kill(program.pid, number)

    def _running(self) -> bool:
        return any(program.pid is not None for program in self.programs)


def tell(event: str, **facts: object) -> None:
    print(json.dumps({"event": f"supervise.{event}", **facts}), file=sys.stderr, flush=True)  # noqa: T201


def program(said: str) -> Program:
    """Of `name=command with words`.

    Raises:
        ValueError: there is no name or no command.
    """
    name, _, command = said.partition("=")
    words = shlex.split(command)
    if not name or not words:
        raise ValueError(said)
    return Program(name, words)


def main() -> int:
    parser = argparse.ArgumentParser(description="Keeps programs running, and ends them together.")
    parser.add_argument("programs", nargs="+", type=program, metavar="NAME=COMMAND")
    parser.add_argument("--pause", type=float, default=Supervisor.pause)
    parser.add_argument("--steady", type=float, default=Supervisor.steady)
    parser.add_argument("--grace", type=float, default=Supervisor.grace)
    parser.add_argument("--tries", type=int, default=Supervisor.tries)
    asked = parser.parse_args()
    return Supervisor(asked.programs, asked.pause, asked.steady, asked.grace, asked.tries).run()


if __name__ == "__main__":
    sys.exit(main())
