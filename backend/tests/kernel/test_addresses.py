"""A client's address is what its connection says, or what a proxy of ours says; never what the client says."""

from __future__ import annotations

import pytest

from teleconsulta.kernel.addresses import client_ip, hash_address, is_direct_loopback, neighbourhood, networks

PROXY = networks(["10.0.0.0/8", "2001:db8:1::/48"])


def scope(peer: str | None, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (peer, 1) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["6.6.6.6"], "192.0.2.1"),
        ("192.0.2.1", ["10.0.0.1"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["6.6.6.6, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["6.6.6.6", "192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.7, 10.0.0.9, 10.0.0.8"], "192.0.2.7"),
        ("10.0.0.1", ["10.0.0.9"], "10.0.0.9"),
        ("10.0.0.1", ["6.6.6.6, garbage, 10.0.0.9"], "10.0.0.9"),
        ("10.0.0.1", ["garbage"], "10.0.0.1"),
        ("10.0.0.1", [", ,"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("2001:db8:1::5", ["2001:db8:7::9"], "2001:db8:7::9"),
        ("fe80::1%eth0", ["192.0.2.7"], "fe80::1"),
        (None, ["192.0.2.7"], "unknown"),
        ("testclient", ["192.0.2.7"], "unknown"),
    ],
)
def test_the_right_most_address_that_is_no_proxy_of_ours(peer: str | None, forwarded: list[str], found: str) -> None:
    assert client_ip(scope(peer, *forwarded), PROXY) == found


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert client_ip(scope("127.0.0.1", "192.0.2.7"), ()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "direct"),
    [("127.0.0.1", [], True), ("::1", [], True), ("192.0.2.1", [], False), ("127.0.0.1", ["192.0.2.1"], False)],
)
def test_this_very_machine(peer: str, forwarded: list[str], direct: bool) -> None:
    assert is_direct_loopback(scope(peer, *forwarded)) is direct


@pytest.mark.parametrize(
    ("text", "key"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("unknown", "unknown")],
)
def test_who_counts_as_one(text: str, key: str) -> None:
    assert neighbourhood(text) == key


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="everybody"):
        networks(["everybody"])


def test_the_hash_depends_on_the_key() -> None:
    assert hash_address("a", "192.0.2.1") == hash_address("a", "192.0.2.1")
    assert len({hash_address("a", "192.0.2.1"), hash_address("b", "192.0.2.1"), hash_address("a", "192.0.2.2")}) == 3
