"""How much of a relay one person may take, and how much it must have: the one place where that is reckoned."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = 4
"""In the largest consultation."""
PEERS = PEOPLE - 1
CHANGES = 5
"""Changes of network that somebody may go through while what they left behind still counts: an allocation that nobody
gives back lives for ten minutes."""
WAYS = 3
"""UDP, TCP and TLS: a browser takes an allocation on each address it is given, for each peer."""
BYTES_PER_SECOND = 400_000
"""Through one allocation: 3.2 Mbit/s, a picture in high definition with its sound."""
CALLS = 10


@dataclass(frozen=True, slots=True)
class Quota:
    """`once`: what one person in the largest consultation takes at one time. `user` and `total` are coturn's quotas, in
    allocations; `allocation` and `capacity` its bandwidths, in bytes per second."""

    once: int
    user: int
    total: int
    allocation: int
    capacity: int


def quota(calls: int = CALLS, ways: int = WAYS) -> Quota:
    """For a relay with `ways` addresses that carries `calls` of the largest consultations at one time.

    coturn reserves `max-bps` of `bps-capacity` for every allocation: a capacity below their product would refuse people
    (486) long before the quota does. And nobody may take a quarter of all, so `total` has a least.
    """
    once = PEERS * ways
    user = once * CHANGES
    total = max(calls * PEOPLE * once, PEOPLE * user + once)
    return Quota(once, user, total, BYTES_PER_SECOND, total * BYTES_PER_SECOND)
