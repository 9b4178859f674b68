"""Deletes reports after their ninety days."""

from __future__ import annotations

from teleconsulta.jobs.worker import Sweep
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.readiness.repository import AT_ONCE, delete_expired


def sweep(clock: Clock) -> Sweep:
    async def tidy(database: Database) -> None:
        while True:
            async with database.session() as session:
                if await delete_expired(session, clock()) < AT_ONCE:
                    return

    return tidy
