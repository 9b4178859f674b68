"""Where a request comes from: the peer's address, or what a proxy of ours says about it; never what a stranger says."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated, Any

from fastapi import Depends, Request

Network = IPv4Network | IPv6Network
FORWARDING = (b"x-forwarded-for", b"forwarded", b"x-real-ip")


@dataclass(frozen=True, slots=True)
class Address:
    """A client's address. `text` is for limits in memory; only `hashed`, keyed, may be stored."""

    text: str
    hashed: bytes


def networks(entries: Iterable[str]) -> tuple[Network, ...]:
    """`TRUSTED_PROXIES` as networks.

    Raises:
        ValueError: an entry is neither an address nor a network.
    """
    return tuple(ip_network(entry, strict=False) for entry in entries)


def client_ip(scope: Mapping[str, Any], trusted: Sequence[Network]) -> str:
    """The right-most address of X-Forwarded-For that is no proxy of ours; the peer itself when it is a stranger."""
    peer = _parse((scope.get("client") or ("", 0))[0])
    if peer is None:
        return "unknown"
    if not _in(peer, trusted):
        return str(peer)
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    seen = peer
    for hop in reversed([part.strip() for part in said.split(",") if part.strip()]):
        found = _parse(hop)
        if found is None:
            break
        seen = found
        if not _in(found, trusted):
            break
    return str(seen)


def is_direct_loopback(scope: Mapping[str, Any]) -> bool:
    """Whether it comes from this very machine, and no proxy on it speaks for somebody else."""
    peer = _parse((scope.get("client") or ("", 0))[0])
    forwarded = any(name in FORWARDING for name, _ in scope["headers"])
    return peer is not None and peer.is_loopback and not forwarded


def neighbourhood(text: str) -> str:
    """The key that limits count by: an IPv4 address, or the /64 that one IPv6 subscriber owns."""
    address = _parse(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return text


def hash_address(secret: str, text: str) -> bytes:
    """A keyed hash: without the key, the few billion addresses could simply be tried."""
    key = hmac.new(secret.encode(), b"teleconsulta address key", hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


async def client_address(request: Request) -> Address:
    """The caller's address, by the proxies that the settings trust. Async, or FastAPI would start a thread for it."""
    state = request.app.state
    text = client_ip(request.scope, state.trusted_networks)
    return Address(text, hash_address(state.settings.secret_key, text))


ClientAddress = Annotated[Address, Depends(client_address)]


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.split("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _in(address: IPv4Address | IPv6Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
