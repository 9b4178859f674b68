"""What an examination makes of things that no test can wait for: clocks, ages, certificates that end, silence."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from teleconsulta.checkup import examination, machine, site
from teleconsulta.checkup.examination import Area, examine
from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Line, Report, wrong
from teleconsulta.kernel.settings import Settings
from tests.support import settings_for

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def installation(folder: Path, **more: Any) -> Installation:
    return Installation(settings_for("postgresql://nobody@localhost/x", folder), lambda: NOON, **more)


def line(report: Report, wanted: str) -> Line:
    return next(one for one in report.lines() if one.id == wanted)


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "ok"), (30, "ok"), (31, "warning"), (72, "warning"), (73, "wrong"), (None, "warning")]
)
async def test_a_backup_gets_old(tmp_path: Path, hours: int | None, state: str) -> None:
    async def last(_settings: Settings) -> datetime | None:
        return None if hours is None else NOON - timedelta(hours=hours)

    report = Report()
    await machine.backup(installation(tmp_path, last_backup=last), report)
    assert line(report, "backup").state == state


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Sat, 28 Nov 2026 12:00:04 GMT", "ok"),
        ("Sat, 28 Nov 2026 11:59:50 GMT", "warning"),
        ("Sat, 28 Nov 2026 12:00:21 GMT", "wrong"),
        ("", "skipped"),
    ],
)
def test_two_clocks_may_differ_by_seconds(said: str, state: str) -> None:
    report = Report()
    site._clock(report, said, NOON)
    assert line(report, "clock").state == state


class Certificate:
    """Stands where httpx keeps its connection."""

    def get_extra_info(self, _name: str) -> Certificate:
        return self

    def getpeercert(self) -> dict[str, str]:
        return {"notAfter": "Dec  8 13:00:00 2026 GMT"}


def test_the_days_of_a_certificate_are_counted() -> None:
    answer = httpx.Response(200, extensions={"network_stream": Certificate()})
    assert site._days_left(answer, NOON) == 10
    assert site._days_left(httpx.Response(200), NOON) is None


@pytest.mark.parametrize(("limit", "state"), [(1024, "wrong"), (4096, "warning"), (65536, "ok")])
def test_few_files_are_told(limit: int, state: str) -> None:
    report = Report()
    site._files(report, limit)
    assert line(report, "files").state == state


async def test_what_hangs_or_breaks_spoils_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_about: Installation, report: Report) -> None:
        report.ok("https", days=1)
        await asyncio.Event().wait()

    async def breaks(_about: Installation, _report: Report) -> None:
        raise ZeroDivisionError

    async def works(_about: Installation, report: Report) -> None:
        report.ok("disk", gigabytes=1)

    areas = (Area(("https", "clock", "websocket"), hangs), Area(("redis",), breaks), Area(("disk",), works))
    monkeypatch.setattr(examination, "AREAS", areas)
    found = {one.id: one for one in await examine(installation(tmp_path), seconds=0.1)}
    assert [found[one].state for one in ("https", "clock", "websocket")] == ["ok", "wrong", "skipped"]
    assert (found["clock"].fault, found["redis"].fault) == ("too_slow", "broken_off")
    assert found["disk"].state == "ok"
    assert wrong(found.values()) == 2


def test_of_two_findings_the_worse_stays() -> None:
    report = Report()
    report.wrong("stun", "silent", host="a", port=1)
    report.ok("stun", count=2)
    assert line(report, "stun").state == "wrong"
