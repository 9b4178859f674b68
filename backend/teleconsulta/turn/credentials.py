"""TURN credentials and the list of ICE servers. Pure: the moment comes in as an argument."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Ice:
    """One `RTCIceServer`."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class IceServers:
    """What a browser gets, and when its credentials stop opening new relays (null: they hold no credential)."""

    servers: tuple[Ice, ...]
    expires_at: datetime | None


def username(identity: str, expires_at: datetime) -> str:
    """`<unix expiry, s>:<identity>`; coturn counts its quota by the part after the colon."""
    return f"{int(expires_at.timestamp())}:{identity}"


def credential(secret: bytes, name: str) -> str:
    """Base64 HMAC-SHA1 of the user name, as coturn's `use-auth-secret` checks it (draft-uberti-behave-turn-rest-00)."""
    return base64.b64encode(hmac.new(secret, name.encode(), hashlib.sha1).digest()).decode()


def ice_list(
    stun: Sequence[str], turn: Sequence[str], secret: str | None, identity: str, now: datetime, ttl: timedelta
) -> IceServers:
    """STUN first, then the relays in the order they were configured: browsers try earlier ones first.

    Whole seconds, rounded down: nobody is told of a credential that lives longer than it does.
    """
    servers = [Ice(tuple(stun))] if stun else []
    if not turn or not secret:
        return IceServers(tuple(servers), None)
    expires_at = datetime.fromtimestamp(int((now + ttl).timestamp()), UTC)
    name = username(identity, expires_at)
    servers.append(Ice(tuple(turn), name, credential(secret.encode(), name)))
    return IceServers(tuple(servers), expires_at)
