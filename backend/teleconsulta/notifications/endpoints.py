"""Where push messages may be sent: a browser names the address, so it must not lead into our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from teleconsulta.kernel.internet import is_public

MAX_LENGTH = 1024


class BadEndpoint(ValueError):
    """The address is not one of a push service."""


def checked(endpoint: str, *, loopback: bool) -> str:
    """The address, if it may be one. `loopback`: also `http` to this very machine, for tests and development.

    Raises:
        BadEndpoint.
    """
    try:
        address = urlsplit(endpoint)
        host, port = address.hostname or "", address.port
    except ValueError as error:
        raise BadEndpoint from error
    plain = len(endpoint) <= MAX_LENGTH and endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    if not plain or not host or address.username is not None or address.fragment:
        raise BadEndpoint
    literal = _literal(host)
    if loopback and (host == "localhost" or (literal is not None and literal.is_loopback)):
        return endpoint
    # A name without a dot is one of the local network.
    if address.scheme != "https" or port not in {None, 443} or literal is not None or "." not in host.rstrip("."):
        raise BadEndpoint
    return endpoint


async def resolved(endpoint: str, *, loopback: bool) -> str:
    """The one address that this host's name stands for at this moment, to be connected to and not asked for again.

    Raises:
        BadEndpoint: one of its addresses is not out in the world.
        OSError: it has none.
    """
    address = urlsplit(checked(endpoint, loopback=loopback))
    loop = asyncio.get_running_loop()
    port = address.port or (443 if address.scheme == "https" else 80)
    found = await loop.getaddrinfo(address.hostname, port, type=socket.SOCK_STREAM)
    known = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    if not known or not all(_public(one) or (loopback and one.is_loopback) for one in known):
        raise BadEndpoint
    # Every push service has the older kind of address, and not every machine a way to the newer.
    return str(min(known, key=lambda one: one.version))


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # The older kind in the clothes of the newer is a trick, whatever it leads to.
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return is_public(str(address)) and address.is_global and not mapped


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
