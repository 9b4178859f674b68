"""Which addresses belong to the open internet: the ones that a stranger may name for us to connect to."""

from __future__ import annotations

import ipaddress

# Spelled out, because what Python calls private has changed from one release to the next.
INNER_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a public number at which Azure answers its own machines
    )
)  # fmt: skip
GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Documentation, and ways in which an IPv6 address carries an IPv4 one (Teredo, 6to4).
INNER_6 = tuple(ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


def is_public(text: str) -> bool:
    """Whether the address belongs to the open internet; what is no address does not."""
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return address in GLOBAL_6 and not any(address in network for network in INNER_6)
        address = address.ipv4_mapped
    return not any(address in network for network in INNER_4)
