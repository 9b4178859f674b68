"""The history as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

from teleconsulta.calls.schemas import CallSummary

COLUMNS = (
    "call_id",
    "room_id",
    "doctor",
    "patient",
    "started_at",
    "ended_at",
    "duration_seconds",
    "state",
    "end_reason",
    "outcome",
    "path",
    "quality",
)
# A cell that begins with one of these is a formula to a spreadsheet, and a patient chooses their own name.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


async def rows(calls: AsyncIterator[CallSummary]) -> AsyncIterator[str]:
    """Lines of the file, with a byte order mark so that spreadsheets read the accents."""
    yield "\ufeff" + _line(COLUMNS)
    async for call in calls:
        yield _line(
            (
                str(call.id),
                str(call.room_id),
                call.doctor.name,
                call.patient.name,
                call.started_at.isoformat(),
                call.ended_at.isoformat() if call.ended_at else "",
                "" if call.duration_seconds is None else f"{call.duration_seconds:.0f}",
                call.state,
                call.end_reason or "",
                call.outcome or "",
                call.path or "",
                call.quality_grade or "",
            )
        )


def _line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return buffer.getvalue()
