"""How a call is, as a browser tells it for the record: figures, the way taken, and what was interrupted."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from teleconsulta.signaling.message import Message

MAX_INTERRUPTIONS = 20
DAY_MS = 24 * 60 * 60 * 1000

InterruptionCause = Literal["network_changed", "silence", "disconnected", "failed"]


class Path(Message):
    kind: Literal["direct", "relay"]
    protocol: Literal["udp", "tcp", "tls"]


Count = Annotated[float, Field(ge=0, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]


class Quality(Message):
    """Figures since the last report: shares are 0..1, times are milliseconds, bitrates are bit/s."""

    rtt_ms: Count | None = None
    jitter_ms: Count | None = None
    loss_in: Share | None = None
    loss_out: Share | None = None
    concealed: Share | None = None
    freezes: Count | None = None
    freeze_ms: Count | None = None
    fps: Count | None = None
    width: Count | None = None
    height: Count | None = None
    bitrate_in: Count | None = None
    bitrate_out: Count | None = None
    limitation: Literal["none", "cpu", "bandwidth", "other"] | None = None
    restarts: Count | None = None


class Interruption(Message):
    """A time in which media did not flow, as the reporting browser saw it; the same `id` is the same interruption.

    It began `ago_ms` before this report. `duration_ms` is null while it lasts: it is told again when it is over.
    """

    id: UUID
    cause: InterruptionCause
    ago_ms: int = Field(ge=0, le=DAY_MS)
    duration_ms: int | None = Field(default=None, ge=0, le=DAY_MS)
    restarts: int = Field(default=0, ge=0, le=1000)


class CallReport(Message):
    """`event`: the first report of a page that sees or hears the other in this call, and its last one; both with
    `first_frame_ms`, the time since they were let in, if the page knows it."""

    connection: Literal["new", "connecting", "connected", "disconnected", "failed", "closed"]
    path: Path | None = None
    quality: Quality = Quality()
    interruptions: list[Interruption] = Field(default=[], max_length=MAX_INTERRUPTIONS)
    event: Literal["video_call_started", "video_call_ended"] | None = None
    first_frame_ms: int | None = Field(default=None, ge=0, le=DAY_MS)
