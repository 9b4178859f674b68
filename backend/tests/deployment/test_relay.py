"""The relay's configuration that we write, run by a real coturn and probed from outside."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.turn.client import Conversation, Refused
from teleconsulta.turn.coturn import Coturn, Unusable, render
from teleconsulta.turn.quota import quota
from teleconsulta.turn.urls import IceUrl
from tests.deployment.coturn import Certificate, Relay, answer, login, relaying
from tests.support import BACKEND, TURN_SECRET

COMMITTED = BACKEND.parent / "infra" / "coturn" / "turnserver.conf"
PUBLIC = ("8.8.8.8", "2606:4700::1")
RESERVED = (
    "0.0.0.0",  # noqa: S104 - nothing is bound here
    "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1",
    "255.255.255.255",
)  # fmt: skip
RESERVED_6 = (
    "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.1.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::7f00:1", "2002:7f00:1::1", "fd00::1", "fe80::1", "ff02::1",
)  # fmt: skip

pytestmark = pytest.mark.slow

Join = Callable[[str], Awaitable[Conversation]]
BOTH = Coturn(secrets=(TURN_SECRET,), realm="relay.example", listen=("127.0.0.1", "::1"))


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    # Without allow-loopback-peers: the addresses it listens on are no peers either.
    async with relaying(Relay(tmp_path, BOTH)) as running:
        yield running


@pytest.fixture
async def join(relay: Relay) -> AsyncIterator[Join]:
    """Makes clients with a good credential for a participant's name."""
    async with AsyncExitStack() as open_clients:

        async def make(name: str) -> Conversation:
            return await open_clients.enter_async_context(await Conversation.open(udp(relay), *login(name)))

        yield make


def udp(relay: Relay) -> IceUrl:
    return IceUrl.parse(relay.urls("udp")[0])


async def told(question: Awaitable[object]) -> int:
    """0 when the relay agrees, else its number."""
    try:
        await question
    except Refused as no:
        return no.code
    return 0


async def test_no_road_leads_into_private_networks(join: Join) -> None:
    ana = await join("ana")
    await ana.allocate()
    await ana.permit(PUBLIC[0])
    assert {peer: await told(ana.permit(peer)) for peer in RESERVED} == dict.fromkeys(RESERVED, 403)


async def test_nor_by_any_way_of_writing_them_in_ipv6(join: Join) -> None:
    ana = await join("ana")
    await ana.allocate(version=6)
    await ana.permit(PUBLIC[1])
    assert {peer: await told(ana.permit(peer)) for peer in RESERVED_6} == dict.fromkeys(RESERVED_6, 403)


async def test_one_person_cannot_take_the_whole_relay(join: Join) -> None:
    greedy = [await told((await join("ana")).allocate()) for _ in range(50)]
    assert greedy == [0] * 45 + [486] * 5
    assert await told((await join("rui")).allocate()) == 0


async def test_only_our_credentials_count_and_only_in_their_time(relay: Relay) -> None:
    assert await answer(relay.port, *login("ana")) == 0
    assert await answer(relay.port, *login("ana", secret="another secret altogether")) == 401
    assert await answer(relay.port, *login("ana", expires_at=datetime.fromtimestamp(now().timestamp() - 5, UTC))) == 401


async def test_two_people_meet_over_every_way_and_when_one_relay_dies_over_the_other(tmp_path: Path) -> None:
    """Both relays hold an allocation from the beginning, as in a browser (`make lab T=N9` shows it in one)."""
    certificate = Certificate(tmp_path)
    trust = ssl.create_default_context(cafile=certificate.authority)
    # A machine that knows only its private address: what is said about the public one has to lead back to it.
    wish = Coturn(
        secrets=(TURN_SECRET,),
        realm="relay.example",
        external="198.51.100.7/127.0.0.1",
        certificate=str(certificate.chain),
        key=str(certificate.key),
        listen=("127.0.0.1",),
    )
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(relaying(Relay(tmp_path / name, wish, "allow-loopback-peers")))
            for name in ("first", "second")
        ]

        async def pair(relay: Relay, way: str) -> tuple[Conversation, Conversation, tuple[str, int]]:
            url = IceUrl.parse(relay.urls(way)[0])
            one, other = [
                await stack.enter_async_context(await Conversation.open(url, *login(name), tls=trust, patience=3))
                for name in ("ana", "rui")
            ]
            here, there = await one.allocate(), await other.allocate()
            assert here[0] == there[0] == "198.51.100.7"
            await one.permit(*there)
            await other.permit(*here)
            return one, other, there

        async def arrives(pair: tuple[Conversation, Conversation, tuple[str, int]], words: bytes) -> None:
            one, other, there = pair
            one.send(there, words)
            assert (await asyncio.wait_for(other.receive(), 3))[1] == words

        for way in ("udp", "tcp", "tls"):
            await arrives(await pair(first, way), way.encode())
        chosen, spare = await pair(first, "udp"), await pair(second, "udp")
        await arrives(chosen, b"over the first")
        first.kill()
        with pytest.raises((TimeoutError, OSError)):
            await arrives(chosen, b"nobody is there")
        await arrives(spare, b"over the second")


class TestText:
    def test_the_committed_file_is_what_the_program_writes(self) -> None:
        assert COMMITTED.read_text() == render(Coturn())

    def test_no_secret_is_shipped(self) -> None:
        active = [line for line in COMMITTED.read_text().splitlines() if line and not line.startswith("#")]
        assert not [line for line in active if line.startswith(("static-auth-secret", "user=", "cert", "pkey"))]

    def test_bandwidth_ports_and_quotas_agree(self) -> None:
        for calls, ways in ((1, 1), (1, 3), (5, 3), (10, 3), (20, 6)):
            much = quota(calls, ways)
            assert much.user * 4 < much.total
            assert much.once * 4 * calls <= much.total
            assert much.allocation * much.total <= much.capacity
        with pytest.raises(Unusable):
            render(Coturn(ports=(50000, 50100)))

    def test_a_hundred_allocations_are_less_than_three_consultations_of_four(self) -> None:
        assert 100 / (quota().once * 4) < 3

    @pytest.mark.parametrize("bad", ["with space", 'quote"d', "=sign", "line\nfeed", "#comment"])
    def test_what_coturn_would_read_otherwise_is_refused_and_not_repeated(self, bad: str) -> None:
        with pytest.raises(Unusable) as refusal:
            render(Coturn(secrets=(bad,)))
        assert bad not in str(refusal.value)

    @pytest.mark.parametrize("bad", [Coturn(external="clinic.example"), Coturn(denied=("10.0.0.0/99",))])
    def test_addresses_have_to_be_addresses(self, bad: Coturn) -> None:
        with pytest.raises(Unusable):
            render(bad)
