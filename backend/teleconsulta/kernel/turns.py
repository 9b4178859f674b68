"""Taking turns before a connection is taken: a rush waits in line here, not in the pool, which soon gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, Request

from teleconsulta.kernel.errors import Unavailable

AT_ONCE = 4
LONGEST_LINE = 1000


class Turns:
    """At most `at_once` go on; the others wait, first come, first served."""

    def __init__(self, at_once: int = AT_ONCE, longest_line: int = LONGEST_LINE) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting, self._longest_line = 0, longest_line

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """One turn, given back when the block ends.

        Raises:
            Unavailable: the line is full.
        """
        if self._waiting >= self._longest_line:
            raise Unavailable
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


async def _booking(request: Request) -> AsyncIterator[None]:
    turns: Turns = request.app.state.booking_turns
    async with turns.one():
        yield


# For `dependencies=[...]`: these come before the session among an endpoint's own, and end after its commit.
in_turn = Depends(_booking, scope="function")
