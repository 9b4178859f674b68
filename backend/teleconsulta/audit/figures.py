"""How long the audit log is, and how much of it is anchored outside the database."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge

from teleconsulta.audit.verification import current_head, read_head
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable


class AuditFigures:
    """Asked of the database before each reading."""

    def __init__(self, registry: CollectorRegistry, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._entries = Gauge("teleconsulta_audit_entries", "Entries of the audit log.", registry=registry)
        self._unkept = Gauge(
            "teleconsulta_audit_entries_unkept",
            "Entries after the head that is kept outside the database.",
            registry=registry,
        )

    async def refresh(self) -> None:
        """Look again. While the database is away the last figures stand."""
        try:
            async with self._database.session() as session:
                head = await current_head(session)
        except Unavailable:
            return
        kept = read_head(self._folder)
        entries = head.seq if head else 0
        self._entries.set(entries)
        self._unkept.set(max(0, entries - (kept.seq if kept else 0)))
