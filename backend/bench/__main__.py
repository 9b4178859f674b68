"""`make bench`: prints one table and leaves everything that was measured in var/bench/.

    python -m bench [P1 P6 ...]      only what gives these figures

QUICK=1 takes few samples. The status is 0 when everything was measured, whether the targets were met or not.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bench import call_ours, call_rivals, crowd, rows, starting
from bench.processes import FRONTEND_BENCH, ROOT, BenchError, Server, baseline, install_baselines, ours
from bench.table import Row, missing, render
from bench.wire import Refused
from teleconsulta.kernel.embedded_postgres import EmbeddedPostgres

OUT = ROOT / "var" / "bench"
RIVALS = ("peerjs", "seed")
BROWSER_SECONDS = 420


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    runs: int
    calls: int
    rooms: int
    seconds: float
    starts: int


FULL = Amount(runs=15, calls=50, rooms=1000, seconds=10, starts=7)
QUICK = Amount(runs=4, calls=12, rooms=100, seconds=4, starts=2)


@dataclass(slots=True)
class Bench:
    """Everything a measurement needs."""

    amount: Amount
    work: Path
    database_url: str
    postgres_pid: int
    password: str

    def ours(self) -> Any:
        return ours(self.database_url, self.password, self.work)

    def rival(self, kind: str) -> Any:
        return baseline(kind)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures that are measured together."""

    figures: tuple[str, ...]
    title: str
    measure: Callable[[Bench], tuple[list[Row], Any]]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is a program for a terminal


def in_browser(name: str, to_rows: Callable[[dict[str, Any]], list[Row]]) -> Callable[[Bench], tuple[list[Row], Any]]:
    """A driver of frontend/bench, with all three servers running."""

    def measure(bench: Bench) -> tuple[list[Row], Any]:
        with ExitStack() as stack:
            systems: dict[str, Server] = {"ours": stack.enter_context(bench.ours())}
            for kind in RIVALS:
                systems[kind] = stack.enter_context(bench.rival(kind))
            drive(name, bench, systems)
        found = json.loads((OUT / "raw" / f"{name}.json").read_text())
        return to_rows(found), found

    return measure


def drive(name: str, bench: Bench, systems: dict[str, Server]) -> None:
    """
    Raises:
        BenchError: the driver failed.
    """
    brief = {
        "systems": {key: {"origin": server.origin, "pid": server.pid} for key, server in systems.items()},
        "password": bench.password,
        "runs": bench.amount.runs,
        "out": str(OUT / "raw"),
    }
    env = {**os.environ, "BENCH": json.dumps(brief), "BENCH_TRACES": str(OUT / "traces"), "NO_COLOR": "1"}
    playwright = str(FRONTEND_BENCH.parent / "node_modules" / ".bin" / "playwright")
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [playwright, "test", "-c", "bench/playwright.config.ts", f"bench/{name}.bench.ts"],
            cwd=FRONTEND_BENCH.parent,
            env=env,
            capture_output=True,
            text=True,
            timeout=BROWSER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"the browser did not finish within {BROWSER_SECONDS} s") from error
    if done.returncode:
        log = OUT / f"{name}.log"
        log.write_text(done.stdout + done.stderr)
        raise BenchError(f"the browser's driver failed, see {log.relative_to(ROOT)}")


def measure_synthetic(bench: Bench) -> tuple[list[Row], Any]:
    amount = bench.amount.calls
    with bench.ours() as server:
        bill = asyncio.run(call_ours.measure(server, bench.postgres_pid, bench.password, amount))
    others = {}
    for kind, play in (("peerjs", call_rivals.peerjs_call), ("seed", call_rivals.seed_call)):
        with bench.rival(kind) as server:
            others[kind] = asyncio.run(call_rivals.measure(server, play, amount))
    return rows.synthetic(bill, others), {"ours": dataclasses.asdict(bill), **others}


def measure_crowd(bench: Bench) -> tuple[list[Row], Any]:
    amount = bench.amount
    with bench.ours() as server:
        found = asyncio.run(crowd.measure(server, bench.password, amount.rooms, amount.seconds))
    others = {}
    sockets = min(1000, 2 * amount.rooms)
    for kind in RIVALS:
        with bench.rival(kind) as server:
            idle = server.memory()
            grown = asyncio.run(call_rivals.hold(server, kind, sockets))
            others[kind] = (idle, grown / sockets * 1000)
    plain = dataclasses.asdict(found)
    for relay in plain["relays"]:
        del relay["lag_ms"]
    return rows.crowd(found, others), {"ours": plain, **others}


def measure_starting(bench: Bench) -> tuple[list[Row], Any]:
    starts = {"ours": bench.ours} | {kind: (lambda kind=kind: bench.rival(kind)) for kind in RIVALS}
    found = starting.measure(starts, bench.amount.starts)
    return rows.starting(found), found


PARTS = (
    Part(("P1", "P7"), "real calls on the demo route", in_browser("demo", rows.demo)),
    Part(("P2", "P11"), "admission", in_browser("admission", rows.admission)),
    Part(("P3",), "reloads in a call", in_browser("reload", rows.reload)),
    Part(("P4", "P5"), "weight and messages", in_browser("wire", rows.wire)),
    Part(("P6",), "synthetic calls", measure_synthetic),
    Part(("P8", "P10"), "many rooms at once", measure_crowd),
    Part(("P9",), "starting", measure_starting),
    Part(("P12",), "a large picture", in_browser("picture", rows.picture)),
)


def run(bench: Bench, wanted: set[str]) -> tuple[list[Row], dict[str, Any], bool]:
    """All rows in the order of their numbers, everything measured, and whether nothing failed."""
    table: list[Row] = []
    raw: dict[str, Any] = {}
    whole = True
    for part in PARTS:
        if wanted and not wanted & set(part.figures):
            continue
        began = time.monotonic()
        say(f"{' and '.join(part.figures)}: {part.title} ...")
        try:
            found, raw[part.figures[0]] = part.measure(bench)
            table += found
        except (BenchError, OSError, ValueError, TimeoutError, call_ours.Refusal, Refused) as error:
            whole = False
            table.append(missing(part.figures[0], part.title, f"{type(error).__name__}: {error}"))
        say(f"  {time.monotonic() - began:.0f} s")
    return table, raw, whole


def in_order(table: list[Row]) -> list[Row]:
    """By number; lines without one stay behind the line they belong to."""
    number, keyed = 0, []
    for place, row in enumerate(table):
        number = int(row.number[1:]) if row.number else number
        keyed.append(((number, place), row))
    return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]


def machine() -> dict[str, Any]:
    return {
        "cores": psutil.cpu_count(),
        "load": [round(value, 1) for value in psutil.getloadavg()],
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "python": sys.version.split()[0],
    }


def main(wanted: set[str]) -> int:
    quick = bool(os.environ.get("QUICK"))
    began = time.monotonic()
    (OUT / "raw").mkdir(parents=True, exist_ok=True)
    before = machine()
    install_baselines()
    crowd.allow_many_files()
    with tempfile.TemporaryDirectory(prefix="teleconsulta-bench-") as folder:
        work = Path(folder)
        with EmbeddedPostgres(work / "postgres") as database_url:
            bench = Bench(
                QUICK if quick else FULL, work, database_url, postgres_pid(work), secrets.token_urlsafe(12) + "aA1-"
            )
            with bench.ours():
                say("The schema is there.")
            table, raw, whole = run(bench, wanted)
    table = in_order(table)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    result = {
        "at": stamp,
        "quick": quick,
        "machine": {"before": before, "after": machine()},
        "rows": [dataclasses.asdict(row) for row in table],
        "raw": raw,
    }
    for name in (stamp, "latest"):
        (OUT / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    say(f"\n{render(table)}\n")
    took = time.monotonic() - began
    say(
        f"{before['cores']} cores, load {before['load'][0]} before; {took:.0f} s; all samples in var/bench/{stamp}.json"
    )
    if before["load"][0] > before["cores"] / 2:
        say("The machine had other work: times are too long by an unknown factor, the ratios still say something.")
    return 0 if whole else 1


def postgres_pid(work: Path) -> int:
    """The process of the database that was just started here."""
    for child in psutil.Process().children(recursive=True):
        if "postgres" in child.name():
            return child.pid
    raise BenchError(f"no PostgreSQL of ours runs over {work}")


if __name__ == "__main__":
    try:
        sys.exit(main({figure.upper() for figure in sys.argv[1:]}))
    except BenchError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
