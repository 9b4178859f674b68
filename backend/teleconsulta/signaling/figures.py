"""What sockets, rooms and calls come to, in figures. No label ever holds an id, a name or an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from teleconsulta.calls.happenings import ClientEvent, MediaEnded, MediaStarted
from teleconsulta.kernel.clock import Clock
from teleconsulta.presence.events import Admitted, CallEnded, CallStarted, Outcome
from teleconsulta.presence.model import RoomState
from teleconsulta.signaling.reports import CallReport
from teleconsulta.signaling.sockets import Connection, Sockets

WAITING_BUCKETS = (5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
FRAME_BUCKETS = (0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 30)
LENGTH_BUCKETS = (30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200)

Rooms = Callable[[], Iterable[RoomState]]


class Record(Protocol):
    """What is still to be written of calls, and what never will be."""

    lost: int

    def __len__(self) -> int: ...


class Figures:
    """Counts what happens here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._joins = Counter(
            "teleconsulta_joins", "Sockets that asked to join.", ("place", "result"), registry=registry
        )
        self._waiting = Histogram(
            "teleconsulta_waiting_seconds",
            "From somebody's arrival to their admission.",
            buckets=WAITING_BUCKETS,
            registry=registry,
        )
        self._started = Counter("teleconsulta_calls_started", "Calls that began.", registry=registry)
        self._ended = Counter("teleconsulta_calls_ended", "Calls that ended, by why.", ("reason",), registry=registry)
        self._length = Histogram(
            "teleconsulta_call_duration_seconds",
            "Lengths of calls that ended.",
            buckets=LENGTH_BUCKETS,
            registry=registry,
        )
        self._reports = Counter(
            "teleconsulta_call_reports", "Reports of pages in a call, one in ten seconds each, by the way media takes.",
            ("path", "protocol"), registry=registry,
        )  # fmt: skip
        self._restarts = Counter("teleconsulta_ice_restarts", "ICE restarts that pages reported.", registry=registry)
        self._interruptions = Counter(
            "teleconsulta_interruptions", "Times without media that are over.", ("cause",), registry=registry
        )

        self._media_started = Counter(
            "teleconsulta_video_calls_started", "Client events, once per person and call.", ("role",), registry=registry
        )
        self._media_ended = Counter(
            "teleconsulta_video_calls_ended",
            "Client events, once per person and call.",
            ("quality", "path", "protocol"),
            registry=registry,
        )
        self._media_length = Histogram(
            "teleconsulta_video_call_duration_seconds",
            "How long people were in calls.",
            buckets=LENGTH_BUCKETS,
            registry=registry,
        )
        self._first_frame = Histogram(
            "teleconsulta_first_frame_seconds",
            "From being let in to the other's first frame, as pages tell it.",
            buckets=FRAME_BUCKETS,
            registry=registry,
        )

    def joined(self, connection: Connection, auth: object, code: str = "ok") -> None:
        """Somebody was let in, or was refused with a code. Staff who name no room ask for a dashboard."""
        named = isinstance(auth, Mapping) and auth.get("room_id") is not None
        place = "dashboard" if connection.user_id is not None and not named else "room"
        self._joins.labels(place, code).inc()

    def follow(self, before: RoomState, outcome: Outcome, now: datetime) -> None:
        """Something happened in a room."""
        for event in outcome.events:
            match event:
                case Admitted(_, seat):
                    known = before.seat_of(seat.id) or seat
                    self._waiting.observe(max(0.0, (now - known.since).total_seconds()))
                case CallStarted():
                    self._started.inc()
                case CallEnded(_, call, reason, at, _):
                    self._ended.labels(reason).inc()
                    self._length.observe(max(0.0, (at - call.started_at).total_seconds()))
                case _:
                    pass

    def reported(self, report: CallReport) -> None:
        """A page told how its call is."""
        path = report.path
        self._reports.labels(path.kind if path else "none", path.protocol if path else "none").inc()
        self._restarts.inc(report.quality.restarts or 0)
        for one in report.interruptions:
            if one.duration_ms is not None:
                self._interruptions.labels(one.cause).inc()

    def told(self, event: ClientEvent) -> None:
        """A client event is on record."""
        match event:
            case MediaStarted(role, first_frame_ms):
                self._media_started.labels(role).inc()
                if first_frame_ms is not None:
                    self._first_frame.observe(first_frame_ms / 1000)
            case MediaEnded(_, seconds, quality, path, protocol):
                self._media_ended.labels(quality or "unknown", path or "none", protocol or "none").inc()
                self._media_length.observe(seconds)


class Present(Collector):
    """Who is here at the moment of reading."""

    def __init__(
        self, registry: CollectorRegistry, sockets: Sockets, rooms: Rooms, record: Record, clock: Clock
    ) -> None:
        self._sockets, self._rooms, self._record, self._clock = sockets, rooms, record, clock
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        rooms, now = [room for room in self._rooms() if room.seats], self._clock()
        waits = [(now - seat.since).total_seconds() for room in rooms for seat in room.waiting if seat.online]
        places = {"room": 0, "dashboard": 0}
        for connection in self._sockets:
            places["dashboard" if connection.room_id is None else "room"] += 1
        sockets = GaugeMetricFamily("teleconsulta_sockets", "Joined sockets of this process.", labels=["place"])
        for place, count in places.items():
            sockets.add_metric([place], count)
        yield sockets
        yield GaugeMetricFamily("teleconsulta_rooms", "Rooms with anybody in them.", len(rooms))
        yield GaugeMetricFamily("teleconsulta_calls", "Calls that run.", sum(room.call is not None for room in rooms))
        yield GaugeMetricFamily("teleconsulta_waiting_people", "People in waiting rooms.", len(waits))
        yield GaugeMetricFamily(
            "teleconsulta_waiting_longest_seconds", "How long who waits longest has waited.", max(waits, default=0.0)
        )
        yield GaugeMetricFamily(
            "teleconsulta_record_notes", "Notes of calls that are still to be written.", len(self._record)
        )
        yield CounterMetricFamily(
            "teleconsulta_record_notes_lost", "Notes of calls that could not be kept.", self._record.lost
        )
