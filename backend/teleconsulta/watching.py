"""Everything that is counted beside what packages count of themselves, put together for one process."""

from __future__ import annotations

from dataclasses import replace

from prometheus_client import Gauge

from teleconsulta import __version__
from teleconsulta.audit.figures import AuditFigures
from teleconsulta.calls.forwarding import Forwarder
from teleconsulta.jobs.figures import JobFigures
from teleconsulta.jobs.worker import Work
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.metrics import Metrics
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.vitals import Certificate, LoopLag, Vitals
from teleconsulta.mail.counting import LetterFigures
from teleconsulta.readiness.figures import TroubleFigures
from teleconsulta.webhooks.guard import Guard


class Watching:
    """`start` and `stop` belong into the application's lifespan; who serves adds what the worker does."""

    def __init__(self, settings: Settings, database: Database, metrics: Metrics) -> None:
        registry = metrics.registry
        Gauge("teleconsulta_build_info", "1, with the version.", ("version",), registry=registry).labels(
            __version__
        ).set(1)
        Gauge("teleconsulta_relays_configured", "Addresses in TURN_URLS.", registry=registry).set(
            len(settings.turn_urls)
        )
        self.troubles = TroubleFigures(registry)
        self.letters = LetterFigures(registry)
        self.forwarder = Forwarder(
            settings.events_forward_url, Guard(loopback=settings.webhooks_allow_loopback), registry, now
        )
        self._jobs = JobFigures(registry, database)
        self._lag = LoopLag(registry)
        self._certificate = Certificate(registry, settings.origin)
        Vitals(registry, database, settings.var_dir)
        audit = AuditFigures(registry, database, settings.var_dir)
        metrics.refreshers += [self._jobs.refresh, audit.refresh]

    def counted(self, work: Work) -> Work:
        """The same work, its runs counted."""
        return replace(work, ran=self._jobs.ran)

    def start(self) -> None:
        self._lag.start()
        self._certificate.start()
        self.forwarder.start()

    async def stop(self) -> None:
        self._lag.stop()
        await self._certificate.stop()
        await self.forwarder.stop()
