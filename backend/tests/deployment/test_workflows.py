"""GitHub's workflows: pinned, of little power, with an end, and without a known weakness (zizmor)."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.scripts import script
from tests.support import BACKEND

ROOT = BACKEND.parent
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ZIZMOR = Path(sys.executable).with_name("zizmor")
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")
LOCAL = re.compile(r"\./\.github/workflows/[a-z]+\.yml")
DANGEROUS = {"pull_request_target", "workflow_run", "issue_comment", "issues"}


def read(path: Path) -> dict[str, Any]:
    # To YAML 1.1 the word `on` is a yes.
    return {"on" if key is True else str(key): value for key, value in yaml.safe_load(path.read_text()).items()}


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{path.stem}:{name}", job) for path in WORKFLOWS for name, job in read(path)["jobs"].items()]


def test_those_that_the_documents_name_are_there() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"ci", "deploy", "backup", "wake"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_may_only_read_and_runs_once_at_a_time(path: Path) -> None:
    content = read(path)
    assert content["permissions"] == {"contents": "read"}
    assert content["concurrency"]["group"].startswith(path.stem)
    assert not DANGEROUS & set(content["on"])


@pytest.mark.parametrize(("name", "job"), jobs(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_job_has_an_end_and_pinned_parts(name: str, job: dict[str, Any]) -> None:
    assert "permissions" not in job
    if "uses" in job:
        assert LOCAL.fullmatch(job["uses"])
        assert (ROOT / job["uses"]).is_file()
        assert job.get("secrets") != "inherit"
        return
    assert job["timeout-minutes"] <= 40
    assert re.fullmatch(r"ubuntu-\d\d\.\d\d", job["runs-on"])
    for step in job["steps"]:
        if "uses" in step:
            assert PINNED.fullmatch(step["uses"]), step["uses"]
            if step["uses"].startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
        else:
            # Whatever GitHub fills in goes through the environment: in a script it would be code.
            assert "${{" not in step["run"], step["run"]
            for program in re.findall(r"python3 (scripts/\S+)", step["run"]):
                assert (ROOT / program).is_file()


def test_what_starts_by_the_clock_avoids_the_full_hour() -> None:
    for path in WORKFLOWS:
        for entry in read(path)["on"].get("schedule", []):
            assert 5 <= int(entry["cron"].split()[0]) <= 55, entry
    backup = (FOLDER / "backup.yml").read_text()
    for entry in read(FOLDER / "backup.yml")["on"]["schedule"]:
        assert f"github.event.schedule == '{entry['cron']}'" in backup


def test_only_a_green_main_is_deployed() -> None:
    ci = read(FOLDER / "ci.yml")
    deploy = ci["jobs"]["deploy"]
    assert set(deploy["needs"]) == set(ci["jobs"]) - {"deploy"}, "deploying waits for every other job"
    assert deploy["if"] == "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert set(read(FOLDER / "deploy.yml")["on"]) == {"workflow_call", "workflow_dispatch"}


@pytest.mark.parametrize("job", ["backup", "drill"])
def test_backups_are_made_by_our_own_command_and_stay_encrypted(job: str) -> None:
    steps = read(FOLDER / "backup.yml")["jobs"][job]["steps"]
    command = next(step for step in steps if "teleconsulta.cli" in step.get("run", ""))
    assert "--no-encryption" not in command["run"]
    assert ("DATABASE_URL" in command["env"]) == (job == "backup"), "a drill never sees the real database"
    assert ("BACKUP_IDENTITY" in command["env"]) == (job == "drill"), "a backup cannot be read by who makes it"
    assert not any("upload-artifact" in step.get("uses", "") for step in steps)


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [ZIZMOR, "--offline", "--no-progress", "--color", "never", FOLDER], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_would_find_what_is_unsafe(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "bad.yml").write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    done = subprocess.run(
        [ZIZMOR, "--offline", "--no-progress", "--color", "never", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    for finding in ("dangerous-triggers", "template-injection", "unpinned-uses"):
        assert finding in done.stdout


@pytest.mark.parametrize(
    ("listing", "alarm"),
    [
        ("3 backup(s) in s3://x.\nLast good drill: 2026-11-22 06:48 UTC, of b.\n", None),
        ("3 backup(s) in s3://x.\nLast good drill: 2026-11-19 06:00 UTC, of b.\n", "9 days ago"),
        ("0 backup(s) in s3://x.\nNo drill is on record.\n", "no restore drill"),
        ("", "no restore drill"),
    ],
)
def test_an_old_drill_is_an_alarm(listing: str, alarm: str | None) -> None:
    said = script("drilled").complaint(listing, datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert (said is None) if alarm is None else (alarm in said)
