"""One attempt: what is a receiver, what is none, and what each failure is called. Real sockets, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from teleconsulta.kernel.internet import is_public
from teleconsulta.webhooks import events
from teleconsulta.webhooks.errors import ForbiddenAddress, NeedsHttps, UnknownHost
from teleconsulta.webhooks.guard import Guard
from teleconsulta.webhooks.sender import post
from tests.support import free_port
from tests.webhooks.receiver import receiver

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HERE = Guard(loopback=True)


class Names:
    """A name service in memory: each look-up takes the next answer, the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
        "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::",
        "2001:db8::1", "fec0::1", "not-an-address",
    ],
)  # fmt: skip
def test_inner_addresses_are_no_receivers(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_ones_are(address: str) -> None:
    assert is_public(address)


class TestTheGuard:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
    )
    async def test_this_machine_in_any_spelling_is_refused(self, host: str) -> None:
        with pytest.raises((ForbiddenAddress, UnknownHost)):
            await Guard().check(f"https://{host}/hook")

    async def test_one_inner_address_spoils_the_name(self) -> None:
        with pytest.raises(ForbiddenAddress):
            await Guard(resolve=Names(["8.8.8.8", "10.0.0.1"])).check("https://hooks.example/")

    async def test_without_tls_only_this_machine_and_only_in_development(self) -> None:
        with pytest.raises(NeedsHttps):
            await Guard(resolve=Names(["8.8.8.8"])).check("http://hooks.example/")
        with pytest.raises(NeedsHttps):
            await Guard(loopback=True, resolve=Names(["8.8.8.8"])).check("http://hooks.example/")
        await HERE.check("http://127.0.0.1:9/hook")

    async def test_development_lets_in_no_other_inner_network(self) -> None:
        with pytest.raises(ForbiddenAddress):
            await Guard(loopback=True, resolve=Names(["192.168.0.1"])).check("https://hooks.example/")


class TestAnAttempt:
    async def test_it_is_taken(self) -> None:
        async with receiver() as there:
            attempt = await post(HERE, there.url, {"Teleconsulta-Event": "ping"}, b"{}")
        assert (attempt.status, attempt.code) == (204, None)
        assert there.heard[0].body == b"{}"
        assert there.heard[0].headers["teleconsulta-event"] == "ping"

    @pytest.mark.parametrize(
        ("answer", "status", "code"),
        [
            (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 500, "refused"),
            (b"HTTP/1.1 307 There\r\nLocation: http://169.254.169.254/\r\n\r\n", 307, "redirected"),
            (b"SSH-2.0-OpenSSH_9.7\r\n", None, "bad_answer"),
            (b"", None, "bad_answer"),
            (None, None, "timeout"),
        ],
    )
    async def test_what_is_not_2xx_has_a_name(self, answer: bytes | None, status: int | None, code: str) -> None:
        async with receiver(answer) as there:
            attempt = await post(HERE, there.url, {}, b"{}", patience=0.3)
        assert (attempt.status, attempt.code) == (status, code)
        assert there.connections == 1

    async def test_nobody_there(self) -> None:
        assert (await post(HERE, f"http://127.0.0.1:{free_port()}/", {}, b"{}")).code == "unreachable"

    async def test_no_tls_there(self) -> None:
        async with receiver() as there:
            there.greeting = b"HTTP/1.1 400 Plain\r\n\r\n"
            assert (await post(HERE, there.url.replace("http", "https", 1), {}, b"{}")).code == "tls_failed"
        async with receiver() as there:  # which waits for the rest of a request
            attempt = await post(HERE, there.url.replace("http", "https", 1), {}, b"{}", patience=0.2)
            assert attempt.code == "timeout"

    async def test_a_name_that_has_moved_inside_meanwhile_is_not_connected_to(self) -> None:
        async with receiver() as there:
            guard = Guard(resolve=Names(["8.8.8.8"], ["127.0.0.1"]))
            url = f"https://rebinding.example:{there.port}/"
            await guard.check(url)
            attempt = await post(guard, url, {}, b"{}")
        assert (attempt.code, there.connections) == ("address_forbidden", 0)

    async def test_the_address_that_was_judged_is_the_one_that_is_used(self) -> None:
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        async with receiver() as there:
            attempt = await post(Guard(loopback=True, resolve=names), f"http://a.example:{there.port}/", {}, b"{}")
        assert (attempt.code, names.asked) == (None, 1)
        assert there.heard[0].headers["host"] == f"a.example:{there.port}"


class TestTheSignature:
    BODY = events.body(UUID(int=1), "call.started", NOON, {"room_id": UUID(int=2), "call_id": UUID(int=3)})

    def test_the_body_holds_ids_and_a_time(self) -> None:
        assert self.BODY.decode() == (
            '{"id":"00000000-0000-0000-0000-000000000001","event":"call.started","at":"2026-11-27T12:00:00.000Z",'
            '"data":{"call_id":"00000000-0000-0000-0000-000000000003","room_id":"00000000-0000-0000-0000-000000000002"}}'
        )

    def test_it_is_what_the_documentation_says(self) -> None:
        # openssl dgst -sha256 -hmac whsec_x over '1795780800.{}'
        assert events.signature("whsec_x", b"{}", NOON).startswith("t=1795780800,v1=")
        assert events.is_genuine("whsec_x", b"{}", events.signature("whsec_x", b"{}", NOON), NOON)

    @pytest.mark.parametrize(
        ("secret", "body", "later"),
        [
            ("whsec_y", b"{}", timedelta()),
            ("whsec_x", b"{ }", timedelta()),
            ("whsec_x", b"{}", timedelta(seconds=301)),
            ("whsec_x", b"{}", timedelta(seconds=-301)),
        ],
    )
    def test_another_secret_body_or_time_is_not(self, secret: str, body: bytes, later: timedelta) -> None:
        header = events.signature("whsec_x", b"{}", NOON)
        assert not events.is_genuine(secret, body, header, NOON + later)

    @pytest.mark.parametrize("header", ["", "t=,v1=", "v1=00", "t=99999999999999999999,v1=00", "nonsense"])
    def test_nonsense_is_not(self, header: str) -> None:
        assert not events.is_genuine("whsec_x", b"{}", header, NOON)
