"""Handing events on: nothing unless asked for, never more than the list, and nothing ever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import orjson
import pytest
from prometheus_client import CollectorRegistry

from teleconsulta.calls import forwarding
from teleconsulta.calls.forwarding import FIELDS, MOST_KEPT, Forwarder, fields
from teleconsulta.calls.happenings import MediaEnded, MediaStarted
from teleconsulta.webhooks.guard import Guard
from tests.webhooks.receiver import OK, Receiver, receiver

AT = datetime(2026, 11, 28, 14, 53, 7, tzinfo=UTC)
STARTED = MediaStarted("patient", 180)
ENDED = MediaEnded("doctor", 612.4, "good", "relay", "tls")


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


def forwarder(url: str | None, registry: CollectorRegistry | None = None, *, loopback: bool = True) -> Forwarder:
    return Forwarder(url, Guard(loopback=loopback), registry or CollectorRegistry(), lambda: AT, gather=0.01)


async def heard(other: Receiver, count: int) -> list[dict[str, object]]:
    async with asyncio.timeout(10):
        while len(other.heard) < count:  # noqa: ASYNC110 - the receiver has no event for it
            await asyncio.sleep(0.01)
    return [event for one in other.heard for event in orjson.loads(one.body)["events"]]


@pytest.mark.parametrize("event", [STARTED, ENDED])
def test_what_is_said_is_on_the_list(event: MediaStarted | MediaEnded) -> None:
    said = fields(event, AT)
    assert set(said) <= set(FIELDS)
    assert (said["event"], said["hour"]) == (event.name, "2026-11-28T14:00:00Z")


async def test_off_it_says_nothing() -> None:
    off = forwarder(None)
    off.start()
    off.tell(STARTED)
    assert (len(off._kept), off._task) == (0, None)
    await off.stop()


async def test_on_it_says_exactly_this_in_one_go(other: Receiver) -> None:
    on = forwarder(other.url)
    on.tell(STARTED)
    on.tell(ENDED)
    on.start()
    hour = "2026-11-28T14:00:00Z"
    assert await heard(other, 1) == [
        {"event": "video_call_started", "hour": hour, "role": "patient", "first_frame_ms": 180},
        {
            "event": "video_call_ended", "hour": hour, "role": "doctor", "duration_s": 612, "quality": "good",
            "path": "relay", "protocol": "tls",
        },
    ]  # fmt: skip
    assert set(other.heard[0].headers) == {"host", "content-type", "user-agent", "content-length"}
    await on.stop()


async def test_who_does_not_take_them_is_asked_again(other: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "AGAIN_SECONDS", 0.01)
    other.answers = [b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", OK]
    on = forwarder(other.url)
    on.start()
    on.tell(STARTED)
    assert len(await heard(other, 2)) == 2
    await on.stop()


async def test_when_full_the_oldest_goes(other: Receiver) -> None:
    registry = CollectorRegistry()
    on = forwarder(other.url, registry)
    for number in range(MOST_KEPT + 5):
        on.tell(MediaStarted("patient", number))
    assert registry.get_sample_value("teleconsulta_events_forwarded_total", {"result": "dropped"}) == 5
    assert (len(on._kept), on._kept[0]["first_frame_ms"]) == (MOST_KEPT, 5)


async def test_it_never_speaks_to_an_inner_address(other: Receiver) -> None:
    on = forwarder(other.url, loopback=False)
    assert not await on._send(other.url)
    assert other.connections == 0
