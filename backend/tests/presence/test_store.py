"""Rooms are kept, changed in one step, ended by timers, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.nodes import Nodes
from teleconsulta.presence import state as rules
from teleconsulta.presence import store as stores
from teleconsulta.presence.errors import NotSeated
from teleconsulta.presence.events import CallEnded, Outcome
from teleconsulta.presence.model import RoomState
from teleconsulta.presence.store import MemoryStore, Store, queue
from teleconsulta.presence.upkeep import shared
from tests.presence.people import BIA, CAIO, CALL, IRIS, arrival, facts
from tests.presence.sharing import STEADY

GRACE = timedelta(milliseconds=80)


class Followed:
    """Notes what the store lets follow."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.news = asyncio.Event()

    def __call__(self, _before: RoomState, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.news.set()

    async def next(self) -> Outcome:
        self.news.clear()
        await asyncio.wait_for(self.news.wait(), 5)
        return self.outcomes[-1]


@pytest.fixture
async def followed() -> Followed:
    return Followed()


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.slow)])
async def store(request: pytest.FixtureRequest, followed: Followed) -> AsyncIterator[Store]:
    """The same is promised by both."""
    if request.param == "memory":
        yield MemoryStore(now, GRACE, followed)
        return
    server = request.getfixturevalue("redis")
    server.empty()
    nodes = Nodes(server.url, STEADY)
    store = shared(nodes, now, GRACE, lambda before, outcome, _part: followed(before, outcome))
    nodes.start()
    yield store
    await nodes.stop()


async def occupied(store: Store, number: int = 9, at: datetime | None = None) -> RoomState:
    room = rules.opened(facts(number, demo=True), None, now())
    store.open(room)
    for who in (IRIS, BIA):
        await store.update(room.id, lambda s, w=who: rules.join(s, arrival(w), at or now(), CALL))  # type: ignore[misc]
    kept = store.get(room.id)
    assert kept is not None
    return kept


async def test_a_change_is_kept_and_followed_by_its_effects(store: Store, followed: Followed) -> None:
    room = await occupied(store)
    assert room.call is not None
    assert followed.outcomes[-1].state == room
    assert list(store.rooms()) == [room]
    assert [*store.rooms_of(room.facts.doctor_id)] == [room]


async def test_a_room_that_is_kept_is_not_opened_over(store: Store) -> None:
    room = await occupied(store)
    store.open(rules.opened(room.facts, None, now()))
    assert store.get(room.id) == room


async def test_what_is_refused_changes_nothing(store: Store) -> None:
    room = await occupied(store)
    with pytest.raises(NotSeated):
        await store.update(room.id, lambda s: rules.remove(s, CAIO.id, now()))
    assert store.get(room.id) == room


async def test_an_unknown_room(store: Store, followed: Followed) -> None:
    assert await store.update(facts(77).room_id, lambda s: rules.close(s, "room_closed", now())) is None
    assert store.get(facts(77).room_id) is None
    assert followed.outcomes == []


async def test_nothing_follows_from_nothing(store: Store, followed: Followed) -> None:
    room = await occupied(store)
    told = len(followed.outcomes)
    await store.update(room.id, lambda s: rules.drop(s, BIA.id, "stale", now()))
    assert len(followed.outcomes) == told


async def test_the_grace_time_ends_by_itself(store: Store, followed: Followed) -> None:
    room = await occupied(store)
    await store.update(room.id, lambda s: rules.drop(s, BIA.id, "Bia-1", now()))
    outcome = await followed.next()
    assert any(isinstance(event, CallEnded) for event in outcome.events)


async def test_coming_back_stops_the_timer(store: Store, followed: Followed) -> None:
    room = await occupied(store)
    await store.update(room.id, lambda s: rules.drop(s, BIA.id, "Bia-1", now()))
    await store.update(room.id, lambda s: rules.join(s, arrival(BIA, "Bia-2"), now(), CALL))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(followed.next(), 3 * GRACE.total_seconds())


async def test_an_empty_room_is_forgotten(store: Store, followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "FORGET_AFTER", GRACE)
    room, other = await occupied(store), await occupied(store, 10)
    for each in (room, other):
        await store.update(each.id, lambda s: rules.close(s, "room_closed", now()))
    async with asyncio.timeout(5):
        while list(store.rooms()):  # noqa: ASYNC110 - forgetting is no event for anybody
            await asyncio.sleep(GRACE.total_seconds())
    assert list(store.rooms_of(room.facts.doctor_id)) == []


async def test_a_stopped_store_lets_no_timer_fire(store: Store, followed: Followed) -> None:
    room = await occupied(store)
    await store.update(room.id, lambda s: rules.drop(s, BIA.id, "Bia-1", now()))
    store.stop()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(followed.next(), 3 * GRACE.total_seconds())


async def test_the_queue_is_in_order_of_arrival(store: Store) -> None:
    moment = now()
    for number, minutes in ((11, 2), (12, 1), (13, 3)):
        store.open(rules.opened(facts(number), None, moment))
        since = moment + timedelta(minutes=minutes)
        await store.update(facts(number).room_id, lambda s, t=since: rules.join(s, arrival(BIA), t, CALL))  # type: ignore[misc]
    assert [room.id for room, _ in queue(store, facts().doctor_id)] == [facts(n).room_id for n in (12, 11, 13)]
