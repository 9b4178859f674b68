"""Long polling, where it is allowed: the same way in, the same limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
import socketio

from teleconsulta.kernel.settings import Settings
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Live
from tests.support import PUBLIC_URL

WHERE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"allow_polling": True, "trusted_proxies": ["127.0.0.1"]})


@pytest.fixture
async def client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=live.url, timeout=10, headers={"X-Forwarded-For": "198.51.100.7"}) as made:
        yield made


async def opened(client: httpx.AsyncClient) -> str:
    answer = await client.get(WHERE)
    assert answer.status_code == 200
    return f"{WHERE}&sid={orjson.loads(answer.text[1:])['sid']}"


async def test_a_whole_call_by_polling(visit: Visit, build: Builder) -> None:
    room = await build.room()
    patient = socketio.AsyncClient(reconnection=False)
    states: asyncio.Queue[Any] = asyncio.Queue()
    patient.on("room_state", states.put_nowait)
    await patient.connect(visit.live.url, auth={"token": room.patient.token, "protocol": 1}, transports=["polling"])
    assert (await asyncio.wait_for(states.get(), 5))["self"]["role"] == "patient"
    doctor = await visit.doctor(room)
    assert (await doctor.says("admit", participant_id=room.patient.participant_id))["ok"]
    assert (await patient.call("media_state", {"audio": True}, timeout=5))["ok"]
    await doctor.hears("media_state")
    assert (await doctor.says("remove", participant_id=room.patient.participant_id))["ok"]
    async with asyncio.timeout(5):
        await patient.wait()


async def test_a_forged_packet_ends_the_session(client: httpx.AsyncClient) -> None:
    where = await opened(client)
    forged = await client.post(where, content='42["disconnect","x"]')
    assert forged.status_code == 400
    assert (await client.get(where)).status_code == 400


async def test_nobody_holds_an_anonymous_poll(client: httpx.AsyncClient) -> None:
    where = await opened(client)
    async with asyncio.timeout(6):
        while (await client.get(where)).status_code == 200:
            pass


@pytest.mark.parametrize(
    ("method", "where", "status"),
    [
        ("GET", "/socket.io/?EIO=3&transport=polling", 400),
        ("GET", "/socket.io/?EIO=4&transport=websocket", 400),
        ("POST", WHERE, 400),
        ("GET", f"{WHERE}&sid=unknown", 400),
    ],
)
async def test_what_is_no_polling_is_refused(client: httpx.AsyncClient, method: str, where: str, status: int) -> None:
    assert (await client.request(method, where)).status_code == status


async def test_sizes_origins_and_numbers_are_limited(client: httpx.AsyncClient) -> None:
    where = await opened(client)
    assert (await client.post(where, content="4" * 70_000)).status_code == 413
    assert (await client.get(WHERE, headers={"Origin": "https://evil.example"})).status_code == 403
    ours = await client.get(WHERE, headers={"Origin": PUBLIC_URL})
    assert ours.headers["access-control-allow-origin"] == PUBLIC_URL
    answers = [(await client.get(WHERE)).status_code for _ in range(25)]
    assert answers.count(429) >= 7
