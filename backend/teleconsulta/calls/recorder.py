"""The only writer of call records.

Notes are taken at once and written in their order a moment later, by one task. While the database is away they wait,
and nobody in a consultation notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import structlog

from teleconsulta.calls import ledger, statements
from teleconsulta.calls.happenings import ClientEvent, Tell, tell_nobody
from teleconsulta.calls.notes import Happened, Interruption, Measured, Note, RoomEnded, Said, StraySignal, notes
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.presence.events import Outcome
from teleconsulta.presence.model import RoomState, Seat

MAX_NOTES = 10_000
MAX_MEASUREMENTS = 9_000
"""From here on figures give way to facts."""
BATCH = 100
LINGER_SECONDS = 0.25
"""How long a note may wait for others to be written with."""
HEARTBEAT_SECONDS = 10.0
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 0.2, 2.0
FLUSH_SECONDS = 2.0
SHARED_LOCK = 0x7E1EC045

log = structlog.get_logger(__name__)


class Recorder:
    """Takes notes from presence. `rooms` are the states of the rooms that are in use; where several processes share
    them, `mine` are those that this one puts on record. `tell` hears the client events that are on record now."""

    def __init__(
        self,
        database: Database,
        rooms: Callable[[], Iterable[RoomState]],
        clock: Clock,
        tell: Tell = tell_nobody,
        *,
        mine: Callable[[], Iterable[RoomState]] | None = None,
    ) -> None:
        self._database, self._rooms, self._clock, self._tell = database, rooms, clock, tell
        self._mine = mine or rooms
        self._notes: deque[Note] = deque()
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._task: asyncio.Task[None] | None = None
        self._sweeps: deque[tuple[timedelta, asyncio.Future[int]]] = deque()
        # A write that seemed lost may still be on its way: it and its repeat take turns under this lock.
        # So do several processes that may write the same.
        self._lock = random.getrandbits(62) if mine is None else SHARED_LOCK
        self._urgent = asyncio.Event()
        self.lost = 0

    def __len__(self) -> int:
        """How many notes wait to be written."""
        return len(self._notes)

    # -- taking notes: never waits -----------------------------------------------------------------

    def follow(self, before: RoomState, outcome: Outcome, now: datetime) -> None:
        """Note what happened in a room."""
        self._take(notes(before, outcome, now))

    def say(self, room_id: UUID, seat: Seat, message_id: UUID, text: str, at: datetime) -> None:
        """Note a chat message."""
        self._take([Said(room_id, message_id, seat.id, seat.who.role, text, at)])

    def measure(
        self,
        room_id: UUID,
        call_id: UUID,
        seat: Seat,
        at: datetime,
        *,
        path: tuple[str, str] | None,
        quality: dict[str, Any],
        interruptions: Iterable[Interruption] = (),
        has_media: bool = False,
        first_frame_ms: int | None = None,
    ) -> None:
        """Note one quality report; `path` is (kind, protocol)."""
        told = (path, quality, tuple(interruptions), has_media, first_frame_ms)
        self._take([Measured(call_id, room_id, seat.id, seat.who.role, at, *told)])

    def close_room(self, state: RoomState, outcome: str, reason: str | None, at: datetime) -> None:
        """Note that the doctor closed the consultation with an outcome."""
        self._take([RoomEnded(state.id, outcome, reason, at, state.facts.doctor_id)])

    def note_trouble(self, state: RoomState, seat: Seat, cause: str | None, at: datetime, *, wants_phone: bool) -> None:
        """Note what was in somebody's way, that nothing is any more, or that they would rather be called."""
        call_id = state.call.id if state.call else None
        happened = "phone_wished" if wants_phone else "trouble" if cause else "trouble_over"
        self._take([Happened(state.id, call_id, at, happened, seat.id, cause)])

    def refuse_signal(self, room_id: UUID, participant_id: UUID) -> None:
        """Note that somebody addressed a person they have nothing to do with."""
        self._take([StraySignal(room_id, participant_id)])

    async def sweep(self, unseen_for: timedelta) -> int:
        """Close the calls in which nobody was seen for so long, behind everything noted so far. How many."""
        swept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._sweeps.append((unseen_for, swept))
        self._wake.set()
        return await swept

    def _take(self, taken: Iterable[Note]) -> None:
        for note in taken:
            limit = MAX_MEASUREMENTS if isinstance(note, Measured) else MAX_NOTES
            if len(self._notes) >= limit:
                self.lost += 1
                log.error("record_lost", note=type(note).__name__, lost=self.lost)
                continue
            self._notes.append(note)
            self._settled.clear()
            if isinstance(note, RoomEnded):
                self._urgent.set()
        self._wake.set()

    # -- writing -----------------------------------------------------------------------------------

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def settled(self) -> None:
        """Until everything noted so far, and since, is on record."""
        await self._settled.wait()

    async def stop(self) -> None:
        """Write what is left, for a few seconds at most."""
        if self._task is None:
            return
        self._urgent.set()
        with contextlib.suppress(TimeoutError, Unavailable):
            async with asyncio.timeout(FLUSH_SECONDS):
                await self.settled()
                await self._beat()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        if self._notes:
            log.error("record_unwritten", notes=len(self._notes))

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + HEARTBEAT_SECONDS
        retry = FIRST_RETRY_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(beat_at):  # `wait_for` of Python 3.11 can swallow a cancellation
                    await self._wake.wait()
                    await self._linger()
            self._wake.clear()
            self._urgent.clear()
            try:
                await self._write_all()
                if loop.time() >= beat_at:
                    beat_at = loop.time() + HEARTBEAT_SECONDS
                    await self._beat()
                await self._sweep()
                retry = FIRST_RETRY_SECONDS
            except Unavailable:
                log.warning("record_waits", notes=len(self._notes))
                await asyncio.sleep(retry)
                retry = min(retry * 2, LAST_RETRY_SECONDS)
                self._wake.set()

    async def _linger(self) -> None:
        """What belongs together tends to come together: one transaction for it costs much less than ten."""
        if self._notes and not self._sweeps:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    await self._urgent.wait()

    async def _write_all(self) -> None:
        while self._notes:
            batch = list(islice(self._notes, BATCH))
            try:
                await self._write(batch)
            except Unavailable:
                raise
            except Exception as error:
                # One of them cannot be written: find out which, and keep the rest.
                log.error("record_batch_failed", error=type(error).__name__)
                await self._write_singly(batch)
            for _ in batch:
                self._notes.popleft()
        self._settled.set()

    async def _write_singly(self, batch: Sequence[Note]) -> None:
        for note in batch:
            try:
                await self._write([note])
            except Unavailable:
                raise
            except Exception as error:
                self.lost += 1
                log.error("record_lost", note=type(note).__name__, error=type(error).__name__)

    async def _write(self, batch: Sequence[Note]) -> None:
        async with self._database.session() as session:
            await session.execute(statements.LOCK, {"key": self._lock})
            told = await ledger.write(session, batch)
        self._tell_all(told)

    def _tell_all(self, told: Iterable[ClientEvent]) -> None:
        for event in told:
            self._tell(event)

    async def _beat(self) -> None:
        living = [room.call.id for room in self._mine() if room.call and any(seat.online for seat in room.admitted)]
        if living:
            async with self._database.session() as session:
                await ledger.beat(session, living, self._clock())

    async def _sweep(self) -> None:
        while self._sweeps:
            unseen_for, swept = self._sweeps[0]
            living = {room.call.id for room in self._rooms() if room.call}
            async with self._database.session() as session:
                found, told = await ledger.close_orphans(session, self._clock() - unseen_for, living)
            self._tell_all(told)
            self._sweeps.popleft()
            if not swept.done():
                swept.set_result(found)
