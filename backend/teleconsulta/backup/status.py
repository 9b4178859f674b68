"""How old the last backup and the last good drill are. The place of the backups knows: they may be made elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, Gauge

from teleconsulta.backup.places import cards, drill_in, place_of
from teleconsulta.kernel.errors import DomainError
from teleconsulta.kernel.settings import Settings

EVERY_SECONDS = 900.0
NOTED = "backup_place"
"""Where `teleconsulta backup --to` last wrote, for a server without BACKUP_TO."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    last_backup: datetime | None
    last_drill: datetime | None


def known_place(settings: Settings) -> str | None:
    """BACKUP_TO, else where the last backup of this machine went; None: there has been none."""
    if settings.backup_to:
        return settings.backup_to
    try:
        return (settings.var_dir / NOTED).read_text("utf-8").strip() or None
    except OSError:
        return None


def note_place(settings: Settings, address: str) -> None:
    """Remember where a backup went; a disk that cannot be written to is no reason to have none."""
    with contextlib.suppress(OSError):
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        (settings.var_dir / NOTED).write_text(address + "\n", "utf-8")


async def status(settings: Settings) -> Status:
    """
    Raises:
        NoPlace, PlaceFailed: nobody can tell.
    """

    def look() -> Status:
        place = place_of(known_place(settings))
        known = cards(place)[-1:]
        drilled = drill_in(place)
        return Status(known[0].taken_at if known else None, drilled.at if drilled else None)

    return await _aside(look)


async def _aside(look: Callable[[], Status]) -> Status:
    """In a thread that nothing waits for at the end: storage that is silent must not hold up a server that stops."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Status] = loop.create_future()

    def tell(found: Status | Exception) -> None:
        if done.done():
            return
        if isinstance(found, Exception):
            done.set_exception(found)
        else:
            done.set_result(found)

    def run() -> None:
        found: Status | Exception
        try:
            found = look()
        except Exception as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=run, name="backup status", daemon=True).start()
    return await done


async def last_backup(settings: Settings) -> datetime | None:
    """When the newest whole backup was taken; None: there is none.

    Raises:
        NoPlace: no place is known. PlaceFailed: it cannot be reached.
    """
    return (await status(settings)).last_backup


async def last_drill(settings: Settings) -> datetime | None:
    """When a backup was last restored and found equal; None: never.

    Raises:
        NoPlace, PlaceFailed: as above.
    """
    return (await status(settings)).last_drill


class BackupWatch:
    """Two gauges, looked up now and then while the server runs; without a known place there are none."""

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._registry = registry

    def start(self) -> None:
        if known_place(self._settings) is None:
            return
        backup = Gauge(
            "teleconsulta_backup_last_timestamp_seconds",
            "When the newest whole backup was taken; 0: there is none.",
            registry=self._registry,
        )
        drill = Gauge(
            "teleconsulta_backup_last_drill_timestamp_seconds",
            "When a backup was last restored and found equal; 0: never.",
            registry=self._registry,
        )
        self._task = asyncio.create_task(self._run(backup, drill))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, backup: Gauge, drill: Gauge) -> None:
        while True:
            try:
                known = await status(self._settings)
                for gauge, moment in ((backup, known.last_backup), (drill, known.last_drill)):
                    gauge.set(moment.timestamp() if moment else 0)
            except DomainError as error:
                log.warning("backup_place_failed", code=error.code)
            await asyncio.sleep(EVERY_SECONDS)
