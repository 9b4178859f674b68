"""How often somebody may ask: token buckets in memory, one per rule and key."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from teleconsulta.kernel.addresses import ClientAddress, neighbourhood
from teleconsulta.kernel.errors import RateLimited

MAX_KEYS = 10_000
# In a demonstration everybody sits at one machine, with many tabs.
DEMO_FACTOR = 30


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` at once, filled up again evenly over `seconds`."""

    name: str
    times: int
    seconds: float


class Limits:
    """The buckets of one server. The least recently used keys are forgotten first, so memory stays bounded."""

    def __init__(
        self, *, factor: float = 1, clock: Callable[[], float] = time.monotonic, max_keys: int = MAX_KEYS
    ) -> None:
        self._factor, self._clock, self._max_keys = factor, clock, max_keys
        self._buckets: dict[str, OrderedDict[str, tuple[float, float]]] = {}

    def spend(self, rate: Rate, key: str) -> None:
        """Take one from the key's bucket.

        Raises:
            RateLimited: it is empty; `retry_after` says for how many seconds.
        """
        capacity = rate.times * self._factor
        per_second = capacity / rate.seconds
        moment = self._clock()
        buckets = self._buckets.setdefault(rate.name, OrderedDict())
        level, since = buckets.pop(key, (capacity, moment))
        level = min(capacity, level + (moment - since) * per_second)
        enough = level >= 1
        buckets[key] = (level - 1 if enough else level, moment)
        if len(buckets) > self._max_keys:
            buckets.popitem(last=False)
        if not enough:
            raise RateLimited(retry_after=math.ceil((1 - level) / per_second))


def limits_of(request: Request) -> Limits:
    """The server's buckets."""
    limits: Limits = request.app.state.limits
    return limits


def by_address(rate: Rate) -> Any:
    """For `dependencies=[by_address(RATE)]`: counts each call against the caller's address."""

    async def spend(request: Request, address: ClientAddress) -> None:
        limits_of(request).spend(rate, neighbourhood(address.text))

    return Depends(spend)
