"""What the gate in front of Socket.IO lets through, and what it costs to hammer at it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from teleconsulta.kernel.settings import Settings
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Live, serving
from tests.functional.raw import QUERY, close_code, join, raw
from tests.support import PUBLIC_URL

FLOOD_SECONDS = 4
FORGED = [
    '42["connect",{"REMOTE_ADDR":"6.6.6.6"},{"token":"x"}]',
    '42["disconnect","transport close"]',
    '421["disconnect"]',
    '42["con\\u006eect",{}]',
    "42[7,{}]",
    "42[]",
    '42{"0":"signal"}',
    '42/admin,["signal",{}]',
    '43["an answer nobody waits for"]',
    '451-["signal",{"_placeholder":true,"num":0}]',
    '44{"message":"no"}',
    "40",
    "4x",
    "9",
    "",
    "2probe",
]


async def test_a_forged_frame_closes_the_socket_and_nothing_else(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    companion = await build.guest(room.room_id, "companion")
    for frame in FORGED:
        async with raw(visit.live.url) as socket:
            await join(socket, companion.token)
            heard = len(doctor.heard)
            await socket.send(frame)
            assert await close_code(socket) == 1008, frame
        # Noticed as a closed socket, and not as whatever the frame pretended.
        await doctor.hears(
            "participant_updated", after=heard, where=lambda event: event["participant"]["connection"] == "away"
        )
    assert (await doctor.says("chat_message", id=room.room_id, text="Tudo bem?"))["ok"]
    await patient.hears("chat_message")


async def test_bytes_close_the_socket(live: Live) -> None:
    async with raw(live.url) as socket:
        await socket.send(b"\x04binary")
        assert await close_code(socket) == 1008


async def test_a_silent_socket_is_closed_within_six_seconds(live: Live) -> None:
    begun = time.monotonic()
    async with raw(live.url) as socket:
        assert await close_code(socket) == 1008
    assert 4 < time.monotonic() - begun < 6


async def test_a_refused_socket_is_closed_at_once(live: Live) -> None:
    async with raw(live.url) as socket:
        await socket.send('40{"token":"nonsense","protocol":1}')
        refusal = orjson.loads(str(await socket.recv())[2:])
        assert refusal["data"]["code"] == "unauthorized"
        assert await close_code(socket) == 1008


async def test_a_frame_too_large_is_closed_with_its_code(visit: Visit, build: Builder) -> None:
    room = await build.room()
    async with raw(visit.live.url) as socket:
        await join(socket, room.patient.token)
        await socket.send('42["chat_message",{"text":"' + "x" * 65_536 + '"}]')
        assert await close_code(socket) == 1009


async def test_polling_is_refused(live: Live) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{live.url}/socket.io/?EIO=4&transport=polling")
        assert answer.status_code == 400
        assert (
            await client.post(f"{live.url}/socket.io/?EIO=4&transport=polling&sid=x", content="40")
        ).status_code == 400


@pytest.mark.parametrize(
    "query", ["/socket.io/?EIO=3&transport=websocket", "/socket.io/?EIO=4&transport=websocket&sid=x"]
)
async def test_other_handshakes_are_refused(live: Live, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(live.url.replace("http", "ws") + query)
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", PUBLIC_URL + ".evil.example", "https://evil" + PUBLIC_URL[8:]]
)
async def test_a_foreign_page_is_refused(live: Live, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(live.url.replace("http", "ws") + QUERY, additional_headers={"Origin": origin})
    assert refused.value.response.status_code == 403


async def test_our_own_page_is_welcome(live: Live) -> None:
    async with connect(live.url.replace("http", "ws") + QUERY, additional_headers={"Origin": PUBLIC_URL}) as socket:
        assert str(await socket.recv()).startswith("0{")


async def test_ten_thousand_malformed_packets_leave_no_traceback(
    visit: Visit, build: Builder, caplog: pytest.LogCaptureFixture
) -> None:
    dice = random.Random(7)  # noqa: S311 - the same dice every time
    room, doctor, _ = await visit.call(build)
    companion = await build.guest(room.room_id, "companion", name="Canário Quaresma")
    with caplog.at_level(logging.WARNING):
        sent = 0
        while sent < 10_000:
            # A socket that sends a hostile frame is closed; the next one goes on.
            with contextlib.suppress(ConnectionClosed):
                async with raw(visit.live.url) as socket:
                    if dice.random() < 0.1:
                        await join(socket, companion.token)
                    for _ in range(dice.randint(100, 400)):
                        await socket.send(_malformed(dice))
                        sent += 1
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]
    assert "Canário" not in caplog.text
    assert (await doctor.says("chat_message", id=room.room_id, text="Ainda aqui"))["ok"]


def _malformed(dice: random.Random) -> str | bytes:
    honest = '421["signal",{"to":"00000000-0000-0000-0000-000000000001","session":"s","description":null}]'
    kind = dice.randrange(6)
    if kind == 0:
        return dice.randbytes(dice.randrange(200))
    if kind == 1:
        return "".join(chr(dice.randrange(1, 0x500)) for _ in range(dice.randrange(60)))
    if kind == 2:
        return honest[: dice.randrange(len(honest))]
    if kind == 3:
        at = dice.randrange(len(honest))
        return honest[:at] + chr(dice.randrange(32, 127)) + honest[at + 1 :]
    if kind == 4:
        return f'42["{dice.choice(["admit", "chat_message", "call_end", "nothing"])}",{"[" * dice.randrange(3000)}'
    return "40" + "{" * dice.randrange(50)


async def test_bad_messages_on_an_honest_socket_are_answered(visit: Visit, build: Builder) -> None:
    _, doctor, _ = await visit.call(build)
    for event, payload in [
        ("signal", {"to": "nobody"}),
        ("admit", {}),
        ("chat_message", {"id": "1", "text": "x", "role": "doctor"}),
        ("media_state", "loud"),
        ("nothing_we_know", {}),
        ("trigger_event", {}),
    ]:
        answer = await doctor.socket.call(event, payload, timeout=5)
        assert (answer["ok"], answer["code"]) == (False, "bad_message")
    assert (await doctor.socket.call("leave", timeout=5))["code"] == "bad_message"
    long = {
        "to": "00000000-0000-0000-0000-000000000001",
        "session": "s",
        "description": {"type": "offer", "sdp": "x" * 40_000},
    }
    assert (await doctor.socket.call("signal", long, timeout=5))["code"] == "too_large"


async def test_malformed_json_behind_an_honest_name_is_a_bad_message(visit: Visit, build: Builder) -> None:
    room = await build.room()
    async with raw(visit.live.url) as socket:
        await join(socket, room.patient.token)
        await socket.send('427["leave",{"a":}]')
        async with asyncio.timeout(5):
            while not (frame := str(await socket.recv())).startswith("43"):
                pass
        assert orjson.loads(frame[3:])[0]["code"] == "bad_message"


async def test_flooders_are_slowed_down_and_others_are_served(visit: Visit, build: Builder) -> None:
    room, doctor, _patient = await visit.call(build)
    flooded = await build.room()
    guests = [flooded.patient] + [await build.guest(flooded.room_id, "companion") for _ in range(3)]

    async def flood(token: str) -> int:
        sent = 0
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            async with raw(visit.live.url, ping_interval=None) as socket:
                await join(socket, token)
                try:
                    async with asyncio.timeout(FLOOD_SECONDS):
                        while True:
                            await socket.send(f'42["media_state",{{"audio":{["true", "false"][sent % 2]}}}]')
                            sent += 1
                            await asyncio.sleep(0)  # they share our event loop, as no attacker would
                finally:
                    socket.transport.abort()
        return sent

    start = time.monotonic()
    flooders = [asyncio.create_task(flood(guest.token)) for guest in guests]
    answers = []
    for number in range(100):
        begun = time.monotonic()
        signal = {"to": room.patient.participant_id, "session": "s", "candidates": [{"candidate": f"{number}"}]}
        assert (await doctor.says("signal", **signal))["delivered"]
        answers.append(time.monotonic() - begun)
        await asyncio.sleep(0.06)  # an honest pace, below everybody's limit
    sent = await asyncio.gather(*flooders)
    # Every message that was heard raised the version: forty at once and twenty a second, of each of the four.
    handled = visit.live.app.state.presence.get(flooded.room_id).version
    assert handled < 4 * (50 + 20 * (time.monotonic() - start))
    assert sum(sent) > 2 * handled
    assert sorted(answers)[-2] < 1.0


@pytest.fixture
async def proxied(settings: Settings) -> AsyncIterator[Live]:
    """Behind a proxy that says who calls, which is how one machine can play many addresses."""
    from teleconsulta.main import create_app

    async with serving(create_app(settings.model_copy(update={"trusted_proxies": ["127.0.0.1"]}))) as running:
        yield running


async def test_one_address_gets_twenty_strangers(proxied: Live) -> None:
    async with contextlib.AsyncExitStack() as stack:
        refused = 0
        for _ in range(100):
            try:
                await stack.enter_async_context(raw(proxied.url, address="198.51.100.7"))
            except InvalidStatus as error:
                refused += error.response.status_code == 429
        assert refused >= 80
        await stack.enter_async_context(raw(proxied.url, address="198.51.100.8"))


async def test_an_address_that_a_stranger_says_counts_for_nothing(proxied: Live) -> None:
    """The proxy appends the true address; what the client wrote before it is ignored."""
    async with contextlib.AsyncExitStack() as stack:
        refused = 0
        for number in range(40):
            try:
                await stack.enter_async_context(raw(proxied.url, address=f"203.0.113.{number}, 198.51.100.7"))
            except InvalidStatus:
                refused += 1
        assert refused == 20


async def test_a_clinic_of_fifteen_doctors_behind_one_address_is_fine(proxied: Live, build: Builder) -> None:
    rooms = [await build.room() for _ in range(15)]
    async with contextlib.AsyncExitStack() as stack:
        for room in rooms:
            feed = await stack.enter_async_context(raw(proxied.url, address="198.51.100.7"))
            await feed.send("40" + orjson.dumps({"token": room.doctor.token, "protocol": 1}).decode())
            seat = await stack.enter_async_context(raw(proxied.url, address="198.51.100.7"))
            await join(seat, room.doctor.token, room_id=room.room_id)
        assert proxied.app.state.signaling.figures()["connections"] == 30
