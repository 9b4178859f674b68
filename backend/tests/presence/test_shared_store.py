"""Several processes, one Redis: whatever happens at once, everybody sees the same, and everything is done once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.errors import DomainError, Unavailable
from teleconsulta.presence import codec, queueing
from teleconsulta.presence import redis as shared_rooms
from teleconsulta.presence import state as rules
from teleconsulta.presence.events import Away, CallEnded, CallStarted, Left, Outcome
from teleconsulta.presence.model import Media, RoomState, Who
from tests.presence.people import BIA, CAIO, DORA, IRIS, arrival, facts
from tests.presence.sharing import QUICK, Node, a_room, three, until
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


people = st.sampled_from([IRIS, BIA, CAIO, DORA])
steps = st.lists(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["join", "drop", "admit", "remove", "hold", "media"]), people),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=5,
)


def test_what_happens_at_once_in_several_processes(loop: asyncio.Runner, redis: RedisServer) -> None:
    manager = three(redis)
    nodes = loop.run(manager.__aenter__())

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=steps, demo=st.booleans())
    def examples(steps: list[list[tuple[int, str, Who]]], demo: bool) -> None:
        loop.run(_happens(nodes, steps, demo))

    try:
        examples()
    finally:
        loop.run(manager.__aexit__(None, None, None))


async def _happens(nodes: list[Node], steps: list[list[tuple[int, str, Who]]], demo: bool) -> None:
    room_id = a_room(nodes, demo=demo)
    for at_once in steps:
        await asyncio.gather(*(_step(nodes[which], room_id, what, who) for which, what, who in at_once))
    states = [node.store.get(room_id) for node in nodes]
    async with asyncio.timeout(5):
        while len({state.version for state in states if state}) > 1:
            await asyncio.sleep(0.001)
            states = [node.store.get(room_id) for node in nodes]
    assert states[0] == states[1] == states[2]
    assert states[0] is not None
    ids = [seat.id for seat in states[0].seats]
    assert len(ids) == len(set(ids))
    mine = [[event for room, event in node.told if room == room_id] for node in nodes]
    # Everybody heard everything, once and in order; one rang for it, and one put it on record.
    assert [event.version for event in mine[0]] == list(range(1, states[0].version + 1))
    assert mine[0] == mine[1] == mine[2]
    for done in ([node.rung for node in nodes], [node.recorded for node in nodes]):
        versions = Counter(event.version for each in done for room, event in each if room == room_id)
        assert versions == Counter(range(1, states[0].version + 1))
    calls = Counter(type(event) for event in mine[0])
    assert calls[CallStarted] - calls[CallEnded] == (states[0].call is not None)


async def _step(node: Node, room_id: UUID, what: str, who: Who) -> None:
    def decide(state: RoomState) -> Outcome:
        seat = state.seat_of(who.id)
        match what:
            case "drop":
                return rules.drop(state, who.id, (seat and seat.connection) or "none", now())
            case "admit":
                return rules.admit(state, who.id, now(), uuid4())
            case "remove":
                return rules.remove(state, who.id, now())
            case "hold":
                return queueing.hold(state, who.id, now())
            case _:
                return rules.set_media(state, who.id, Media(audio=not (seat and seat.media.audio)))

    with contextlib.suppress(DomainError):
        if what == "join":
            await node.join(room_id, who, f"page of {node.nodes.id}")
        else:
            await node.store.update(room_id, decide)


async def test_one_person_at_two_processes_at_once_has_one_seat(redis: RedisServer) -> None:
    async with three(redis) as nodes:
        room_id = a_room(nodes)
        await asyncio.gather(*(node.join(room_id, BIA, node.nodes.id) for node in nodes[:2]))
        await until(lambda: all((s := n.store.get(room_id)) and s.version == 3 for n in nodes))
        state = nodes[2].store.get(room_id)
        assert state is not None
        assert len(state.seats) == 1


async def test_a_dead_process_loses_its_seats_once_and_its_record_to_another(redis: RedisServer) -> None:
    async with three(redis, timedelta(seconds=0.5), replace(QUICK, alive=2)) as nodes:
        room_id = a_room(nodes)
        await nodes[0].join(room_id, IRIS)
        await nodes[1].join(room_id, BIA)
        await nodes[0].kill()
        others = nodes[1:]
        await until(lambda: sum(Left in node.kinds(room_id) for node in others) == 1)
        # Away, then gone and the call over: each once. What the dead one may not have written is written again, before.
        (scribe,) = (node for node in others if node.recorded)
        kinds = scribe.kinds(room_id)
        assert kinds.count(Away) == kinds.count(Left) == kinds.count(CallEnded) == 1
        assert kinds.index(CallStarted) < kinds.index(Away) < kinds.index(Left)
        assert kinds.count(CallStarted) == 1
        for node in others:
            assert [type(event) for room, event in node.told if room == room_id].count(Left) == 1


async def test_who_leaves_in_order_hands_over_and_loses_no_seat(redis: RedisServer) -> None:
    async with three(redis) as nodes:
        room_id = a_room(nodes)
        await nodes[0].join(room_id, IRIS)
        await nodes[1].join(room_id, BIA)
        await nodes[0].nodes.leave()
        nodes[0].store.stop()
        await nodes[2].join(room_id, IRIS)  # the same page, elsewhere
        await until(lambda: any(CallStarted in node.kinds(room_id) for node in nodes[1:]))
        assert not any(Away in node.kinds(room_id) for node in nodes)


async def test_an_empty_redis_is_filled_again(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        async with three(redis, pace=QUICK) as nodes:
            room_id = a_room(nodes)
            await nodes[0].join(room_id, IRIS)
            await nodes[1].join(room_id, BIA)
            await until(lambda: all((s := n.store.get(room_id)) and s.call for n in nodes))
            before = nodes[2].store.get(room_id)
            assert before is not None
            redis.kill()
            await until(lambda: not any(node.nodes.connected.is_set() for node in nodes))
            with pytest.raises(Unavailable):
                await nodes[0].store.update(room_id, lambda s: rules.close(s, "left", now()), patience=0.1)
            assert nodes[2].store.get(room_id) == before  # what is at hand stays at hand
            joining = asyncio.create_task(
                nodes[2].store.update(room_id, lambda s: rules.join(s, arrival(CAIO, "x"), now(), uuid4()), patience=20)
            )
            redis.start()
            await asyncio.wait_for(joining, 20)
            await until(lambda: all((s := n.store.get(room_id)) and s.seat_of(CAIO.id) for n in nodes))
            after = nodes[1].store.get(room_id)
            assert after is not None
            assert after.call == before.call
            assert after.version > before.version + 1
            assert {seat.id: seat.connection for seat in before.seats}.items() <= {
                seat.id: seat.connection for seat in after.seats
            }.items()
    finally:
        redis.kill()


@given(st.booleans(), st.sampled_from([IRIS, BIA]))
@settings(max_examples=10, deadline=None)
def test_a_state_is_read_as_it_was_written(demo: bool, who: Who) -> None:
    state = rules.opened(facts(demo=demo), None, now())
    for each in (IRIS, who, CAIO):
        with contextlib.suppress(DomainError):
            outcome = rules.join(state, arrival(each), now(), uuid4())
            state = outcome.state
            read = codec.read_events(orjson.loads(codec.pack(events=codec.named(outcome.events)))["events"])
            assert read == outcome.events
    assert codec.load_state(codec.dump_state(state)) == state


async def test_whoever_comes_later_knows_all_rooms(redis: RedisServer) -> None:
    async with three(redis) as nodes:
        room_id = a_room(nodes)
        await nodes[0].join(room_id, IRIS)
        late = Node(redis.url)
        await late.nodes.reachable(10)
        assert late.store.get(room_id) == nodes[0].store.get(room_id)
        await late.nodes.stop()


async def test_what_was_missed_is_seen_as_a_whole(redis: RedisServer) -> None:
    """A process that did not hear for a while, and was told when it asked."""
    async with three(redis) as nodes:
        deaf, other, _ = nodes
        room_id = a_room(nodes)
        await deaf.join(room_id, IRIS)
        heard = deaf.nodes._handlers["room"]
        missed = asyncio.Event()
        deaf.nodes._handlers["room"] = lambda _message: missed.set()
        await other.join(room_id, BIA)
        await asyncio.wait_for(missed.wait(), 10)
        deaf.nodes._handlers["room"] = heard
        assert deaf.store.get(room_id) != other.store.get(room_id)
        await deaf.nodes.on_connect[0]()
        assert deaf.store.get(room_id) == other.store.get(room_id)
        assert deaf.renewed == [other.store.get(room_id)]


async def test_a_change_takes_effect_though_nobody_tells_of_it(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rooms, "ARRIVAL_SECONDS", 0.05)
    async with three(redis) as nodes:
        room_id = a_room(nodes)
        del nodes[0].nodes._handlers["room"]
        await nodes[0].join(room_id, IRIS)
        await until(lambda: nodes[1].store.get(room_id) == nodes[0].store.get(room_id))
        assert [room for room, _ in nodes[0].told] == [room_id]


async def test_who_is_always_too_late_is_told_to_try_again(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_rooms, "ATTEMPTS", 0)
    async with three(redis) as nodes:
        with pytest.raises(Unavailable):
            await nodes[0].join(a_room(nodes), IRIS)


async def test_a_seat_whose_socket_was_lost_unnoticed(redis: RedisServer) -> None:
    """It closed while nothing could be changed."""
    async with three(redis, pace=QUICK) as nodes:
        room_id = a_room(nodes)
        nodes[0].lost = True
        await nodes[0].join(room_id, IRIS)
        await until(lambda: any(Away in node.kinds(room_id) for node in nodes))


async def test_a_room_that_redis_forgot_and_nobody_uses(redis: RedisServer) -> None:
    async with three(redis, pace=QUICK) as nodes:
        room_id = a_room(nodes)
        await nodes[0].join(room_id, IRIS)
        await nodes[0].store.update(room_id, lambda state: rules.close(state, "left", now()))
        redis.empty()
        await nodes[0].nodes.on_connect[0]()
        assert nodes[0].store.get(room_id) is None
