"""Looks now and then whether the process is needed, and ends it when it is not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from teleconsulta.idle import decision, record
from teleconsulta.idle.decision import Ahead, Here, Reason
from teleconsulta.idle.visits import Visits
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database

MOST_SECONDS_BETWEEN = 15.0

log = structlog.get_logger(__name__)


class Sleeper:
    """`people` and `arriving` count without waiting; `ahead` asks the record; `leave` closes the door in one step."""

    def __init__(
        self,
        *,
        visits: Visits,
        people: Callable[[], int],
        arriving: Callable[[], int],
        ahead: Callable[[], Awaitable[Ahead | None]],
        leave: Callable[[], None],
        clock: Callable[[], datetime],
        patience: timedelta,
    ) -> None:
        self._visits, self._people, self._arriving = visits, people, arriving
        self._ahead, self._leave, self._clock, self._patience = ahead, leave, clock, patience
        self._told: Reason | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set or the process was told to end."""
        pause = min(self._patience.total_seconds() / 4, MOST_SECONDS_BETWEEN)
        while not stop.is_set():
            reason = await self._carefully()
            if reason is None:
                log.info("idle_exit", after_seconds=round(self._patience.total_seconds()))
                return
            if reason != self._told and reason != "lately":
                log.info("idle_awake", because=reason)
            self._told = reason
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()

    async def _carefully(self) -> Reason | None:
        try:
            return await self.look()
        except Exception as error:  # a server that cannot tell whether it is needed is no reason to have none
            log.warning("idle_look_failed", error=type(error).__name__)
            return "unknown"

    async def look(self) -> Reason | None:
        """Why the process goes on; None: it has been told to end.

        First this process, then the record, then this process again. From the last look to the closed door nothing is
        awaited, so nobody can come in between: whoever knocks later is not accepted, and wakes the next process.
        """
        before = self._here()
        reason = decision.here(before, self._patience) or decision.ahead(await self._ahead(), self._clock())
        reason = reason or decision.last_look(before, self._here())
        if reason is None:
            self._leave()
        return reason

    def _here(self) -> Here:
        return Here(
            people=self._people(),
            requests=self._visits.open + self._arriving(),
            visits=self._visits.count,
            quiet_for=timedelta(seconds=self._visits.quiet_seconds),
        )


def sleeper_for(
    *,
    visits: Visits,
    figures: Callable[[], Mapping[str, int]],
    arriving: Callable[[], int],
    leave: Callable[[], None],
    database: Database,
    seconds: int,
) -> Sleeper:
    """For a server whose sockets, seats and calls are in `figures`, and that may go after so many quiet `seconds`."""
    return Sleeper(
        visits=visits,
        people=lambda: sum(figures().values()),
        arriving=arriving,
        ahead=lambda: record.ahead(database, now()),
        leave=leave,
        clock=now,
        patience=timedelta(seconds=seconds),
    )
