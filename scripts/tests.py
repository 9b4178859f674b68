"""Runs every suite, or the part named on the command line; prints how many tests of each kind ran, and which failed.

    python3 scripts/tests.py [tests/... | src/... | e2e/... | lab/...] [options of pytest, vitest or Playwright]

Standard library only. All suites run even when one fails; the exit status is 0 only when all passed, none was empty,
and nothing was skipped.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
# Each has a PostgreSQL of its own, and tests that flood or freeze one: more would only disturb each other.
WORKERS = min(4, os.cpu_count() or 1)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Suite:
    name: str
    owns: str  # the first folder of a path that belongs to this suite
    folder: Path
    command: tuple[str, ...]
    whole: tuple[str, ...]  # what is added when everything of it runs
    counts: re.Pattern[str]
    failures: re.Pattern[str]  # the name of a test that failed, then what it said in a line or two
    env: dict[str, str] = field(default_factory=dict)
    why_not: Callable[[], str | None] = lambda: None  # what keeps it from running here, None when nothing does


PLAYWRIGHT_COUNTS = re.compile(r"^ +(\d+ (?:failed|flaky|skipped|did not run|passed))\b", re.MULTILINE)
PLAYWRIGHT_FAILURES = re.compile(
    r"^ +\d+\) (.+?) ─+\n\s*(.+)(?:(?:\n(?! +\d+\) ).*)*?\n\s*> +(\d+ \|.*))?", re.MULTILINE
)


def no_laboratory() -> str | None:
    """Why hostile networks cannot be made on this machine, None when they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "it needs root on Linux"
    if not Path("/dev/net/tun").exists():
        return "this machine has no /dev/net/tun"
    name = f"tcl-try-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:  # noqa: S603, S607
        return "this machine allows no network namespaces"
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)  # noqa: S603, S607
    return None


SUITES = (
    Suite(
        "server",
        "tests",
        ROOT / "backend",
        (PYTHON, "-m", "pytest", "-q"),
        ("-n", str(WORKERS), "--dist", "worksteal"),
        re.compile(r"^(?:=+ )?((?:\d+ \w+, )*\d+ passed\b.*?) in [\d.]+s", re.MULTILINE),
        re.compile(r"^(?:FAILED|ERROR) (\S+)(?: - (.+))?", re.MULTILINE),
    ),
    Suite(
        "app",
        "src",
        ROOT / "frontend",
        ("npx", "vitest", "run"),
        (),
        re.compile(r"^\s*Tests\s+(.*?passed.*?)\s*(?:\(\d+\))?$", re.MULTILINE),
        re.compile(r"^ FAIL +(.+)\n(.+)", re.MULTILINE),
    ),
    Suite(
        "browser",
        "e2e",
        ROOT / "frontend",
        ("npx", "playwright", "test"),
        (),
        PLAYWRIGHT_COUNTS,
        PLAYWRIGHT_FAILURES,
    ),
    Suite(
        "network",
        "lab",
        ROOT / "frontend",
        ("npx", "playwright", "test", "--config", "lab/playwright.config.ts"),
        (),
        PLAYWRIGHT_COUNTS,
        PLAYWRIGHT_FAILURES,
        # A few minutes of `make lab`: each row once, none of the rival's.
        {"LAB_SHORT": "1", "LAB_OUT": str(ROOT / "var" / "lab-short")},
        no_laboratory,
    ),
)


def stream(command: list[str], folder: Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Runs a command with its output on the terminal as it comes; the status and everything that was printed."""
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        env=os.environ | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        for line in running.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            said.append(line)
    return running.returncode, COLOURS.sub("", "".join(said))


def prepare(suite: Suite) -> int:
    if suite.name not in ("browser", "network"):
        return 0
    return stream([sys.executable, str(ROOT / "scripts" / "bootstrap.py"), "app"], ROOT)[0]


def run(suite: Suite, part: list[str]) -> tuple[bool, str]:
    """Whether the suite passed, and its lines for the summary: the counts, then each test that failed, with why."""
    print(f"\n--- {suite.name} ---", flush=True)  # noqa: T201
    why_not = suite.why_not()
    if why_not is not None:
        return True, f"{suite.name:8} not run here: {why_not} (rows of `make lab`)"
    started = time.monotonic()
    status, said = (prepare(suite), "")
    if status == 0:
        status, said = stream([*suite.command, *(part or suite.whole)], suite.folder, suite.env)
    counts = ", ".join(suite.counts.findall(said))
    passed = status == 0 and "passed" in counts and "skipped" not in counts
    verdict = "passed" if passed else "FAILED"
    lines = [f"{suite.name:8} {verdict}: {counts or 'no test ran'} ({time.monotonic() - started:.0f} s)"]
    # Where only the end of a long run is kept, the names must be there.
    lines += [f"         {' | '.join(filter(None, told)):.300}" for told in suite.failures.findall(said)]
    return passed, "\n".join(lines)


def chosen(part: list[str]) -> list[tuple[Suite, list[str]]]:
    if not part:
        return [(suite, []) for suite in SUITES]
    path = re.sub(r"^(\./)?(backend/|frontend/)?", "", part[0])
    for suite in SUITES:
        if path.split("/")[0] == suite.owns:
            return [(suite, [path, *part[1:]])]
    sys.exit(f"T={part[0]} names no tests: begin with tests/ (server), src/ (app) or e2e/ (browser), lab/ (network).")


def main(part: list[str]) -> int:
    results = [run(suite, rest) for suite, rest in chosen(part)]
    print("\n" + "\n".join(line for _, line in results), flush=True)  # noqa: T201
    return 0 if all(passed for passed, _ in results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
