"""How the process itself is: its event loop, its connections to the database, its disk, its certificate."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool

from teleconsulta.kernel.db import Database

LAG_SECONDS = 0.5
LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
CERTIFICATE_FIRST_SECONDS, CERTIFICATE_SECONDS = 60.0, 6 * 3600.0
"""Not while a server starts, when the proxy in front may not know it yet; then a few times a day."""
CONNECT_SECONDS = 10.0


class LoopLag:
    """How late the event loop does what was due: everything that is said over sockets waits as long."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lag = Histogram(
            "teleconsulta_event_loop_lag_seconds",
            "By how much a timer of the event loop is late.",
            buckets=LAG_BUCKETS,
            registry=registry,
        )
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._wait(asyncio.get_running_loop())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time() + LAG_SECONDS
        self._timer = loop.call_at(due, self._look, loop, due)

    def _look(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self._lag.observe(max(0.0, loop.time() - due))
        self._wait(loop)


class Vitals(Collector):
    """What can be read at any moment without waiting."""

    def __init__(self, registry: CollectorRegistry, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        pool = self._database.engine.pool
        connections = GaugeMetricFamily(
            "teleconsulta_database_connections", "Connections of the requests' pool.", labels=["state"]
        )
        if isinstance(pool, QueuePool):
            connections.add_metric(["in_use"], pool.checkedout())
            connections.add_metric(["idle"], pool.checkedin())
        yield connections
        yield GaugeMetricFamily(
            "teleconsulta_database_connections_limit", "Most connections of that pool.", self._database.most
        )
        disk = GaugeMetricFamily("teleconsulta_disk_bytes", "The disk that VAR_DIR is on.", labels=["state"])
        with contextlib.suppress(OSError):
            usage = shutil.disk_usage(next(one for one in (self._folder, *self._folder.parents) if one.exists()))
            disk.add_metric(["free"], usage.free)
            disk.add_metric(["total"], usage.total)
        yield disk


class Certificate:
    """Until when the certificate is good that people see at PUBLIC_URL, whoever of us or before us shows it."""

    def __init__(self, registry: CollectorRegistry, origin: str) -> None:
        self._address = urlsplit(origin)
        self._expiry = Gauge(
            "teleconsulta_certificate_expiry_timestamp_seconds",
            "End of the certificate at PUBLIC_URL, Unix time; 0 when it is not good, NaN when it was not seen yet.",
            registry=registry,
        )
        self._expiry.set(float("nan"))
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._address.scheme == "https":
            self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self, context: ssl.SSLContext | None = None) -> None:
        """Look at it now. An address that does not answer leaves what is known."""
        host, port = self._address.hostname or "", self._address.port or 443
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _reader, writer = await asyncio.open_connection(host, port, ssl=context or ssl.create_default_context())
        except ssl.SSLCertVerificationError:
            self._expiry.set(0)
        except (OSError, TimeoutError):
            pass
        else:
            seen = writer.get_extra_info("peercert") or {}
            writer.transport.abort()
            if "notAfter" in seen:
                self._expiry.set(ssl.cert_time_to_seconds(seen["notAfter"]))

    async def _work(self) -> None:
        await asyncio.sleep(CERTIFICATE_FIRST_SECONDS)
        while True:
            await self.look()
            await asyncio.sleep(CERTIFICATE_SECONDS)
