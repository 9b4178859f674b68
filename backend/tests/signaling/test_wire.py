"""The gate's smaller promises: floods end, quiet addresses are forgotten, readers who do not read are closed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from teleconsulta.signaling import limits
from teleconsulta.signaling.guard import POLICY, RESTART, TRY_AGAIN, Guard, Wire, _Address
from teleconsulta.signaling.sockets import Connection, Sockets


class Closing:
    """Remembers with which code the transport was closed."""

    def __init__(self) -> None:
        self.codes: list[int] = []

    async def __call__(self, code: int) -> None:
        self.codes.append(code)


@pytest.fixture
def closing() -> Closing:
    return Closing()


async def test_a_flood_is_slowed_down_and_then_closed(closing: Closing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FLOOD_SECONDS", 0.3)
    wire = Wire(_Address(limited=True), closing)
    wire.welcome()
    heard = 0
    async with asyncio.timeout(10):
        while await wire.admits('42["leave",{}]'):
            heard += 1
    await asyncio.sleep(0)  # the close goes out in a step of its own
    assert closing.codes == [POLICY]
    assert limits.FRAMES_BURST <= heard < limits.FRAMES_BURST + 20


async def test_closing_ends_a_delay(closing: Closing) -> None:
    wire = Wire(_Address(limited=True), closing)
    wire.welcome()
    for _ in range(int(limits.FRAMES_BURST)):
        assert await wire.admits("3")
    asyncio.get_running_loop().call_soon(wire.close, RESTART)
    assert not await wire.admits("3")
    wire.close(POLICY)
    wire.close_later(0.01)
    await asyncio.sleep(0.05)  # nothing more may happen
    assert closing.codes == [RESTART]


async def test_a_stranger_counts_until_they_join_or_go(closing: Closing) -> None:
    address = _Address(limited=True)
    first, second = Wire(address, closing), Wire(address, closing)
    assert address.strangers == 2
    first.welcome()
    first.welcome()
    second.close()
    first.close()
    assert address.strangers == 0


async def _inner(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _visit(guard: Guard, number: int) -> list[Message]:
    """One websocket from an address of its own, gone at once."""
    sent: list[Message] = []
    scope = {
        "type": "websocket",
        "client": (f"198.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}", 1),
        "headers": [],
        "query_string": b"EIO=4&transport=websocket",
        "extensions": {},
    }

    async def receive() -> Message:
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return sent


async def test_quiet_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTS_PER_SECOND", 1e9)
    guard = Guard(_inner, origins=[], trusted=[])
    for number in range(10_050):
        await _visit(guard, number)
    assert len(guard._addresses) < 10_000


async def test_a_server_that_stops_takes_nobody_in() -> None:
    guard = Guard(_inner, origins=[], trusted=[])
    guard.draining = True
    assert await _visit(guard, 1) == [{"type": "websocket.close", "code": POLICY}]


async def test_a_demo_may_be_called_by_any_name_of_its_machine() -> None:
    guard = Guard(_inner, origins=["http://localhost:8080"], trusted=[], same_host=True)
    headers = [(b"host", b"192.168.0.7:8080"), (b"origin", b"http://192.168.0.7:8080")]
    assert guard._is_welcome({"type": "websocket", "headers": headers})
    assert not guard._is_welcome({"type": "websocket", "headers": [headers[0], (b"origin", b"http://evil.example")]})


async def test_who_does_not_read_is_closed(closing: Closing) -> None:
    engine: Any = SimpleNamespace(sockets={})
    sockets = Sockets(engine)
    wire = Wire(_Address(limited=False), closing)
    connection = Connection("sid", "eio", wire)
    sockets.add(connection)
    sockets.send("sid", "chat_message", {})  # the transport is gone already: nobody minds
    engine.sockets["eio"] = SimpleNamespace(closed=False, queue=asyncio.Queue())
    for _ in range(limits.BACKLOG_PACKETS + 1):
        sockets.send("sid", "chat_message", {})
    await asyncio.sleep(0)  # the close goes out in a step of its own
    assert closing.codes == [TRY_AGAIN]
    sockets.dismiss("nobody", "revoked")
    sockets.send(None, "chat_message", {})
