"""What is in the queue and how its work goes, in figures."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy import text

from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable

STATES = {"queued": "queued", "picked": "running", "exception": "failed", "failed": "failed"}
"""The queue's own words, and ours."""

# `attempts` is raised when a job is put back: it has been tried, and waits to be tried again.
COUNTS = text("""
SELECT CASE WHEN status = 'queued' AND attempts > 0 THEN 'retrying' ELSE CAST(status AS text) END AS state, count(*)
FROM pgqueuer GROUP BY 1
""")
OLDEST = text("""
SELECT coalesce(extract(epoch FROM now() - min(execute_after)), 0)
FROM pgqueuer WHERE status = 'queued' AND execute_after <= now()
""")


class JobFigures:
    """The queue is the database's, so every server that shares it says the same; runs are those of this process."""

    def __init__(self, registry: CollectorRegistry, database: Database) -> None:
        self._database = database
        self._up = Gauge("teleconsulta_database_up", "1 when the database answered just now.", registry=registry)
        self._jobs = Gauge("teleconsulta_jobs", "Jobs in the queue.", ("state",), registry=registry)
        self._oldest = Gauge(
            "teleconsulta_jobs_oldest_due_seconds", "How long the oldest job has been due.", registry=registry
        )
        self._runs = Counter(
            "teleconsulta_job_runs", "Runs of jobs in this process.", ("entrypoint", "result"), registry=registry
        )

    def ran(self, entrypoint: str, result: str) -> None:
        """Count one run: `done`, `again` or `failed`."""
        self._runs.labels(entrypoint, result).inc()

    async def refresh(self) -> None:
        """Ask the database. While it is away the last figures stand, and it is said to be away."""
        try:
            async with self._database.session() as session:
                found = {str(state): int(count) for state, count in (await session.execute(COUNTS)).all()}
                self._oldest.set(await session.scalar(OLDEST) or 0)
        except Unavailable:
            self._up.set(0)
            return
        self._up.set(1)
        counts = dict.fromkeys(("queued", "retrying", "running", "failed"), 0)
        for state, count in found.items():
            name = STATES.get(state, state)
            if name in counts:
                counts[name] += count
        for name, count in counts.items():
            self._jobs.labels(name).set(count)
