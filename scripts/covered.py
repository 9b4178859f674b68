"""Runs the server's tests under coverage and holds every package to its share.

    python3 scripts/covered.py

Standard library only. Not a part of `make test`: watching every line takes the tests twice as long.
"""

from __future__ import annotations

import sys

from tests import PYTHON, ROOT, WORKERS, stream

# Packages that must be covered more closely than the rest, in percent of lines and branches. Of `auth` all but a few
# branches that only a race of two requests takes: whether one of them runs differs from run to run. So it is with what
# several processes share of `presence`; its pure rules are watched closely all the same.
CLOSELY_COVERED = {"presence": 95, "turn": 100, "auth": 98}


def main() -> int:
    backend = ROOT / "backend"
    run = [PYTHON, "-m", "pytest", "-q", "--cov", "--cov-report=term", "-n", str(WORKERS), "--dist", "worksteal"]
    statuses = [stream(run, backend)[0]]
    for name, percent in CLOSELY_COVERED.items():
        report = [PYTHON, "-m", "coverage", "report", f"--include=teleconsulta/{name}/*"]
        statuses.append(stream([*report, f"--fail-under={percent}", "--precision=2"], backend)[0])
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
