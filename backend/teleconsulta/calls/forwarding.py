"""Hands the client events on, for a clinic that asks for it (`EVENTS_FORWARD_URL`): off unless it is set.

What leaves is the fields of `body`, and no other: nobody's id, and no finer time than the hour. It is meant for
statistics, so an event may be lost and nothing ever waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from prometheus_client import CollectorRegistry, Counter

from teleconsulta.calls.happenings import ClientEvent, MediaStarted
from teleconsulta.kernel.clock import Clock
from teleconsulta.webhooks import sender
from teleconsulta.webhooks.guard import Guard

MOST_KEPT = 1000
BATCH = 100
GATHER_SECONDS = 30.0
"""How long events are gathered before they are sent together."""
AGAIN_SECONDS = 300.0
FIELDS = ("event", "hour", "role", "first_frame_ms", "duration_s", "quality", "path", "protocol")

log = structlog.get_logger(__name__)


def fields(event: ClientEvent, at: datetime) -> dict[str, Any]:
    """Everything that is said about one event; `hour` is the beginning of its hour, RFC 3339 UTC."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    said: dict[str, Any] = {"event": event.name, "hour": hour.isoformat().replace("+00:00", "Z"), "role": event.role}
    if isinstance(event, MediaStarted):
        return said | {"first_frame_ms": event.first_frame_ms}
    duration = round(event.seconds)
    return said | {"duration_s": duration, "quality": event.quality, "path": event.path, "protocol": event.protocol}


class Forwarder:
    """Takes events without waiting; one task sends them. Without an address it takes none."""

    def __init__(
        self, url: str | None, guard: Guard, registry: CollectorRegistry, clock: Clock, gather: float = GATHER_SECONDS
    ) -> None:
        self._url, self._guard, self._clock, self._gather = url, guard, clock, gather
        self._kept: deque[dict[str, Any]] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forwarded = Counter(
            "teleconsulta_events_forwarded", "Client events that were to be handed on.", ("result",), registry=registry
        )

    def tell(self, event: ClientEvent) -> None:
        """Keep an event to be sent; when there are too many, the oldest is dropped."""
        if self._url is None:
            return
        if len(self._kept) >= MOST_KEPT:
            self._kept.popleft()
            self._forwarded.labels("dropped").inc()
        self._kept.append(fields(event, self._clock()))
        self._wake.set()

    def start(self) -> None:
        if self._url is not None:
            self._task = asyncio.create_task(self._work(self._url))

    async def stop(self) -> None:
        """What was not sent by now is not sent."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self, url: str) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(self._gather)
            self._wake.clear()
            while self._kept:
                if not await self._send(url):
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _send(self, url: str) -> bool:
        batch = [self._kept.popleft() for _ in range(min(BATCH, len(self._kept)))]
        headers = {"Content-Type": "application/json", "User-Agent": "Teleconsulta"}
        attempt = await sender.post(self._guard, url, headers, orjson.dumps({"events": batch}))
        if attempt.code is None:
            self._forwarded.labels("sent").inc(len(batch))
            return True
        log.warning("events_not_forwarded", code=attempt.code, events=len(batch))
        room = max(0, MOST_KEPT - len(self._kept))
        self._forwarded.labels("dropped").inc(max(0, len(batch) - room))
        self._kept.extendleft(reversed(batch[-room:] if room else []))
        return False
