"""Counters for Prometheus, one set per application. What each one means stands in docs/operations/metrics.md."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
REFRESH_SECONDS = 3.0
"""What reading may take: Prometheus itself gives up after ten seconds."""

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})

log = structlog.get_logger(__name__)

Refresh = Callable[[], Awaitable[None]]


class Metrics:
    """Others add theirs to `registry`. Labels are templates and codes, never ids, or memory would grow with the use.

    `refreshers` are asked before each reading: for what somebody else has to be asked about, such as the database.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.refreshers: list[Refresh] = []
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "teleconsulta_http_requests",
            "Answered requests.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "teleconsulta_http_request_duration_seconds",
            "Time to answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `seconds` is the time it took."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    async def refresh(self) -> None:
        """Ask for whatever is not counted here. Whoever does not answer keeps nobody from reading the rest."""
        try:
            async with asyncio.timeout(REFRESH_SECONDS):
                for refresher in self.refreshers:
                    await refresher()
        except Exception as error:
            log.warning("metrics_incomplete", error=type(error).__name__)

    def text(self) -> bytes:
        return generate_latest(self.registry)
