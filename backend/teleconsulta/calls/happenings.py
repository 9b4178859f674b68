"""The two client events, `video_call_started` and `video_call_ended`: each once per person and call, about nobody.

A page says when it has media, and how the call is; the record decides that it is the first time, or over. So neither a
reload nor another server nor a browser that died makes one too many or one too few (docs/operations/events.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from teleconsulta.calls.schemas import Grade

Name = Literal["video_call_started", "video_call_ended"]


@dataclass(frozen=True, slots=True)
class MediaStarted:
    """Somebody sees or hears the other for the first time in a call, `first_frame_ms` after they were let in."""

    role: str
    first_frame_ms: int | None
    name: Name = "video_call_started"


@dataclass(frozen=True, slots=True)
class MediaEnded:
    """A call is over for somebody who had media in it. `seconds` is the time they were in it, by the server's clock."""

    role: str
    seconds: float
    quality: Grade | None
    path: str | None
    protocol: str | None
    name: Name = "video_call_ended"


ClientEvent = MediaStarted | MediaEnded
Tell = Callable[[ClientEvent], None]


def tell_nobody(_event: ClientEvent) -> None:
    """Where nobody counts."""
