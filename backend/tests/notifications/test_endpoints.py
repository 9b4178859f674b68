"""A browser names where to send to: out into the world, and nowhere near our own network."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from teleconsulta.notifications.endpoints import BadEndpoint, checked, resolved

GOOD = "https://updates.push.example/wpush/v2/abc"


def test_a_push_service_is_taken_as_it_is() -> None:
    assert checked(GOOD, loopback=False) == GOOD


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.example/abc",
        "https://updates.push.example:8443/abc",
        "https://user@updates.push.example/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://10.0.0.1/abc",
        "https://8.8.8.8/abc",
        "https://postgres/abc",
        "https://localhost/abc",
        "https:///abc",
        "file:///etc/passwd",
        "https://updates.push.example/a b",
        "https://updates.push.example/" + "a" * 1024,
        "https://updates.push.example:99999/abc",
    ],
)
def test_anything_else_is_not(endpoint: str) -> None:
    with pytest.raises(BadEndpoint):
        checked(endpoint, loopback=False)


def test_this_machine_only_where_a_test_says_so() -> None:
    assert checked("http://127.0.0.1:8123/push", loopback=True)
    with pytest.raises(BadEndpoint):
        checked("http://10.0.0.1:8123/push", loopback=True)


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.1.2.3"],
        ["93.184.215.14", "169.254.169.254"],
        ["127.0.0.1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::1"],
        ["fd00::1"],
        ["224.0.0.1"],
        ["100.64.0.1"],
    ],
)
async def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _names(addresses))
    with pytest.raises(BadEndpoint):
        await resolved(GOOD, loopback=False)


async def test_a_name_out_in_the_world_gives_the_address_to_connect_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _names(["93.184.215.14"]))
    assert await resolved(GOOD, loopback=False) == "93.184.215.14"


def _names(addresses: list[str]) -> Any:
    """What somebody's name server answers."""

    async def answer(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return answer
