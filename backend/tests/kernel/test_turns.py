"""A rush waits in line, in order, and nobody keeps a turn."""

from __future__ import annotations

import asyncio

import pytest

from teleconsulta.kernel.errors import Unavailable
from teleconsulta.kernel.turns import Turns


async def test_no_more_than_allowed_at_once_and_first_come_first_served() -> None:
    turns, inside, most, order = Turns(at_once=2), 0, 0, []

    async def one(number: int) -> None:
        nonlocal inside, most
        async with turns.one():
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(one(number) for number in range(20)))
    assert (most, order) == (2, list(range(20)))


async def test_a_full_line_is_said_at_once() -> None:
    turns = Turns(at_once=1, longest_line=1)
    async with turns.one():
        waiting = asyncio.create_task(_pass(turns))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await _pass(turns)
    await waiting


async def test_who_fails_or_gives_up_leaves_the_turn_to_others() -> None:
    turns = Turns(at_once=1)
    with pytest.raises(LookupError):
        await _pass(turns, LookupError())
    async with turns.one():
        impatient = asyncio.create_task(_pass(turns))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
    async with asyncio.timeout(5):
        await _pass(turns)


async def _pass(turns: Turns, failure: Exception | None = None) -> None:
    async with turns.one():
        if failure is not None:
            raise failure
