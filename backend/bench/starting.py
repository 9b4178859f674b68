"""P9: from the start of a process to its first 200, each time anew, the servers taking turns."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from bench.processes import Server


class Start(Protocol):
    """Starts one server anew."""

    def __call__(self) -> AbstractContextManager[Server]: ...


def measure(starts: dict[str, Start], times: int) -> dict[str, list[float]]:
    """Seconds, by server. The first round, which fills the disk cache, does not count."""
    found: dict[str, list[float]] = {name: [] for name in starts}
    for turn in range(times + 1):
        for name, start in starts.items():
            with start() as server:
                if turn:
                    found[name].append(server.started_in)
    return found
