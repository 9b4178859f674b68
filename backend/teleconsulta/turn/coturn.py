"""coturn's configuration for this installation. Pure: settings in, the text of turnserver.conf out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from teleconsulta.turn.quota import CALLS, WAYS, quota

DENIED = (
    *("0.0.0.0-0.255.255.255", "10.0.0.0-10.255.255.255", "100.64.0.0-100.127.255.255", "127.0.0.0-127.255.255.255"),
    *("169.254.0.0-169.254.255.255", "172.16.0.0-172.31.255.255", "192.0.0.0-192.0.0.255", "192.0.2.0-192.0.2.255"),
    *("192.88.99.0-192.88.99.255", "192.168.0.0-192.168.255.255", "198.18.0.0-198.19.255.255"),
    *("198.51.100.0-198.51.100.255", "203.0.113.0-203.0.113.255", "224.0.0.0-255.255.255.255"),
)
"""This host, private, CGNAT, loopback, link-local (a cloud's metadata service), documentation, multicast, reserved."""

DENIED_6 = (
    "::1-::ffff:ffff",
    "::ffff:0.0.0.0-::ffff:255.255.255.255",
    "64:ff9b::-64:ff9b::ffff:ffff",
    "64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    "100::-100::ffff:ffff:ffff:ffff",
    "2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)
"""The same written as IPv6, in compatible, mapped, NAT64, Teredo and 6to4 form; then what IPv6 itself reserves."""


class Unusable(ValueError):
    """What was asked for makes no relay; the text says what, and never a secret."""


@dataclass(frozen=True, slots=True)
class Coturn:
    """What differs between relays. What is left empty stands in the text as a comment, for coturn's command line.

    `external` is the public address, or `public/private` where the machine itself knows only a private one. `denied`
    are more addresses or networks that nobody may be relayed to; `listen` the machine's own addresses, empty for all.
    """

    secrets: tuple[str, ...] = ()
    realm: str = ""
    external: str = ""
    certificate: str = ""
    key: str = ""
    port: int = 3478
    tls_port: int = 5349
    ports: tuple[int, int] = (49152, 49999)
    calls: int = CALLS
    ways: int = WAYS
    listen: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


def render(relay: Coturn) -> str:
    """The whole of turnserver.conf.

    Raises:
        Unusable: an address is none, a value cannot be written in that file, the ports are fewer than the quota.
    """
    blocks = (_who(relay), _where(relay), _credentials(relay), _limits(relay), _doors(relay), _peers(relay))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _who(relay: Coturn) -> list[str]:
    return [
        "# coturn for Teleconsulta, written by `teleconsulta coturn-config`: change the settings, not this file.",
        "# It relays the calls of people whom the server has admitted. Run it on a machine of its own: what a relay",
        "# can reach, a person with a relay credential can try to reach (docs/operations/relay.md).",
        _given("realm", relay.realm, hint="name of the relay"),
        _given("static-auth-secret", *relay.secrets, hint="TURN_SECRET of .env"),
    ]


def _where(relay: Coturn) -> list[str]:
    return [
        *(f"{name}={_ip(address)}" for address in relay.listen for name in ("listening-ip", "relay-ip")),
        f"listening-port={relay.port}",
        f"tls-listening-port={relay.tls_port}",
        f"min-port={relay.ports[0]}",
        f"max-port={relay.ports[1]}",
        _given(
            "external-ip", "/".join(_ip(one) for one in _external(relay)), hint="public, or public/private, address"
        ),
        "# TLS looks like any other page on 443, and many clinics' firewalls let nothing else out.",
        _given("cert", relay.certificate, hint="fullchain.pem"),
        _given("pkey", relay.key, hint="privkey.pem"),
        "no-dtls",
        "no-tlsv1",
        "no-tlsv1_1",
    ]


def _credentials(relay: Coturn) -> list[str]:
    return [
        "# Credentials: <unix expiry>:<participant id> and its HMAC-SHA1, made by the server for ten minutes. They are",
        "# looked at when an allocation is made: no call is cut, and an ICE restart fetches a new one.",
        "use-auth-secret",
        "fingerprint",
        "stale-nonce=600",
    ]


def _limits(relay: Coturn) -> list[str]:
    much = quota(relay.calls, relay.ways)
    if relay.ports[1] - relay.ports[0] + 1 < much.total:
        raise Unusable(f"{much.total} allocations need as many ports: widen the range, or ask for fewer calls.")
    if not 0 < relay.ports[0] <= relay.ports[1] < 65536:
        raise Unusable("That is no range of ports.")
    return [
        f"# {relay.calls} consultations of four at one time, over {relay.ways} addresses (the formula: turn/quota.py).",
        f"user-quota={much.user}",
        f"total-quota={much.total}",
        "# Bytes per second. Each allocation reserves max-bps of bps-capacity.",
        f"max-bps={much.allocation}",
        f"bps-capacity={much.capacity}",
    ]


def _doors(_relay: Coturn) -> list[str]:
    return [
        "no-cli",
        "no-multicast-peers",
        "no-tcp-relay",
        "no-rfc5780",
        "no-software-attribute",
        "simple-log",
        "log-file=stdout",
    ]


def _peers(relay: Coturn) -> list[str]:
    own = list(dict.fromkeys(_ip(address) for address in (*_external(relay), *relay.listen)))
    return [
        "# No road into private networks, the cloud's metadata service or this machine itself: private, loopback,",
        "# link-local, CGNAT and multicast ranges. coturn 4.6.1 has CVE-2026-27624; the mapped forms below close it.",
        *(f"denied-peer-ip={span}" for span in DENIED),
        "# The same written as IPv6, and IPv6's own. (A range that begins with :: would forbid every peer there is.)",
        *(f"denied-peer-ip={span}" for span in DENIED_6),
        *(f"denied-peer-ip={_span(found)}" for found in relay.denied),
        "# Two people who both need the relay meet on it. coturn turns its public address into the private one first.",
        *(f"allowed-peer-ip={address}" for address in own),
        *([] if own else ["#allowed-peer-ip=<public, and private, address of this relay>"]),
    ]


def _external(relay: Coturn) -> list[str]:
    return [part.strip() for part in relay.external.split("/")] if relay.external else []


def _given(name: str, *values: str, hint: str = "") -> str:
    """The lines of a setting; a comment where it is for somebody else to give."""
    found = [value for value in values if value]
    for value in found:
        # coturn's reader strips spaces, quotes and equal signs, and knows no way of writing them.
        if not re.fullmatch(r"[^\s\"'=#][^\s\"']*", value):
            raise Unusable(f"{name} holds a character that coturn's file cannot say.")
    return "\n".join(f"{name}={value}" for value in found) or f"#{name}=<{hint}>"


def _ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise Unusable(f"{text} is no IP address.") from None


def _span(text: str) -> str:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        raise Unusable(f"{text} is neither an address nor a network.") from None
    return f"{found[0]}-{found[-1]}"
