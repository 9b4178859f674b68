"""Reads what `teleconsulta restore --list` prints; fails when the last good drill or the last backup is too old.

    teleconsulta restore --list | python3 scripts/drilled.py

Standard library only.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta

DRILL = timedelta(days=8)
SAID = re.compile(r"^Last good drill: (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC", re.MULTILINE)


def complaint(listing: str, now: datetime) -> str | None:
    """What is wrong, in a sentence; None when the drill is recent."""
    found = SAID.search(listing)
    if found is None:
        return "ALARM: no restore drill is on record. Nobody knows whether the backups can be read."
    at = datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    if now - at > DRILL:
        return f"ALARM: the last good restore drill was {(now - at).days} days ago; 8 are allowed."
    return None


if __name__ == "__main__":
    text = sys.stdin.read()
    sys.stdout.write(text)
    sys.exit(complaint(text, datetime.now(UTC)))
