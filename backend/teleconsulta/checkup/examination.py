"""Looks at everything at once, each within its time; whatever breaks off is told and spoils nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from teleconsulta.checkup import basics, machine, relay, site, stores
from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Line, Report

SECONDS = 15.0
"""For each area; they run side by side, so this is also about as long as the whole takes at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Area:
    ids: tuple[str, ...]
    look: Callable[[Installation, Report], Awaitable[None]]


AREAS = (
    Area(site.IDS, site.look),
    Area(stores.DATABASE_IDS, stores.database),
    Area(stores.REDIS_IDS, stores.redis_server),
    Area(relay.IDS, relay.look),
    Area(relay.STUN_IDS, relay.stun),
    Area(machine.MAIL_IDS, machine.mail),
    Area(machine.BACKUP_IDS, machine.backup),
    Area(machine.DISK_IDS, machine.disk),
)


async def examine(about: Installation, seconds: float = SECONDS) -> list[Line]:
    """Every line, in the order in which they are shown; `seconds` is what each area gets."""
    report = Report()
    basics.look(about, report)
    await asyncio.gather(*(_within(area, about, report, seconds) for area in AREAS))
    return report.lines()


async def _within(area: Area, about: Installation, report: Report, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await area.look(about, report)
    except TimeoutError:
        report.unfinished(area.ids, "too_slow")
    except Exception as error:
        # A fault of the examination's own must not hide what the other areas found. Its text may quote an address.
        log.error("checkup_failed", area=area.ids[0], error=type(error).__name__)
        report.unfinished(area.ids, "broken_off")
