"""When a standing room receives people. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

OPEN_FOR = timedelta(hours=12)
"""A switch that somebody forgot must not collect people overnight."""
MOST_WAITING = 15


def closes_at(opened_at: datetime | None, now: datetime) -> datetime | None:
    """Until when it is open; None when it is not."""
    if opened_at is None or now >= opened_at + OPEN_FOR:
        return None
    return opened_at + OPEN_FOR
