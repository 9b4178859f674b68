"""Addresses of STUN servers and relays, as browsers take them (RFC 7064, RFC 7065)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Way = Literal["udp", "tcp", "tls"]

_FORM = re.compile(
    r"(?P<scheme>stuns?|turns?):(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:\?transport=(?P<transport>udp|tcp))?"
)


@dataclass(frozen=True, slots=True)
class IceUrl:
    """Where one server is and how it is reached; `relay` says whether it relays or only tells addresses."""

    text: str
    host: str
    port: int
    way: Way
    relay: bool

    @classmethod
    def parse(cls, text: str) -> IceUrl:
        """
        Raises:
            ValueError: no browser would take it, or it means DTLS, which none speaks to relays.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError("not an address like turn:host:3478?transport=udp")
        secure = found["scheme"].endswith("s")
        if secure and found["transport"] == "udp":
            raise ValueError("turns: over UDP is not spoken by browsers")
        port = int(found["port"] or (5349 if secure else 3478))
        if not 0 < port < 65536:
            raise ValueError("no such port")
        way: Way = "tls" if secure else "tcp" if found["transport"] == "tcp" else "udp"
        return cls(text.strip(), found["host"].strip("[]"), port, way, found["scheme"].startswith("turn"))
