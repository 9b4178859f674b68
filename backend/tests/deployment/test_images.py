"""The Dockerfiles: linted, and everything they name is there. What they make is proven by `make proof`."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from teleconsulta.cli import main
from tests.deployment.test_bootstrap import load
from tests.support import BACKEND

ROOT = BACKEND.parent
DOCKERFILES = sorted((ROOT / "infra").rglob("*Dockerfile"))
IMAGE = ROOT / "infra" / "Dockerfile"
SHIPPED = ("server", "all-in-one")
BUILD_TOOLS = {"gcc", "g++", "make", "build-essential", "nodejs", "npm", "python3-pip", "python3-venv", "git", "curl"}

dockerfile = load("dockerfile", ROOT / "infra" / "proof")
digests = load("digests", ROOT / "infra")
STAGES = dockerfile.read(IMAGE.read_text())


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, *DOCKERFILES], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian\nRUN cd /tmp && sudo apt-get install python3\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), bad], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert {"DL3006", "DL3004"} <= set(re.findall(r"DL\d{4}", done.stdout))


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda path: path.name)
def test_every_base_has_a_version_and_a_digest(file: Path) -> None:
    stages = dockerfile.read(file.read_text())
    names = {stage.name for stage in stages}
    bases = {stage.parent for stage in stages} - names
    assert bases
    assert all(digests.REFERENCE.fullmatch(base) for base in bases)
    assert not any(base.split("@")[0].endswith(":latest") for base in bases)


def test_every_base_is_the_same_debian() -> None:
    bases = {stage.parent for file in DOCKERFILES for stage in dockerfile.read(file.read_text())}
    assert len({base for base in bases if "@" in base}) == 1


def test_what_is_copied_exists_and_is_let_in() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line]
    assert rules[0] == "*"
    let_in = tuple(rule.removeprefix("!") for rule in rules if rule.startswith("!"))
    for stage in STAGES:
        for step in stage.all("COPY"):
            *sources, _target = step.words
            for source in sources:
                if "from" not in step.flags:
                    assert (ROOT / source).exists(), source
                    assert source.startswith(let_in), f"{source} is left out by .dockerignore"


def test_what_is_taken_from_an_earlier_stage_is_made_there() -> None:
    for stage in STAGES:
        for step in stage.all("COPY"):
            if "from" in step.flags:
                made = dockerfile.lineage(STAGES, step.flags["from"])[-1]
                folder = next((found.rest for found in made.all("WORKDIR")), "/")
                (source, _target) = step.words
                said = " ".join(found.rest for found in made.all("RUN"))
                assert source.startswith(folder), source
                assert source in said or "npm run build" in said, source


@pytest.mark.parametrize("name", SHIPPED)
class TestShipped:
    def test_it_runs_as_nobody_special(self, name: str) -> None:
        assert dockerfile.last(STAGES, name, "USER").rest == "10001:10001"
        made = " ".join(step.rest for stage in dockerfile.lineage(STAGES, name) for step in stage.all("RUN"))
        assert "--uid 10001" in made
        assert "--shell /usr/sbin/nologin" in made

    def test_it_holds_no_tool_that_builds(self, name: str) -> None:
        for stage in dockerfile.lineage(STAGES, name):
            for step in stage.all("RUN"):
                words = shlex.split(step.rest)
                assert not BUILD_TOOLS & set(words), stage.name
                if "apt-get" in words:
                    assert "--no-install-recommends" in words
                    assert "/var/lib/apt/lists/*" in step.rest

    def test_it_says_how_it_is(self, name: str) -> None:
        check = dockerfile.last(STAGES, name, "HEALTHCHECK")
        program, flag, code = dockerfile.Step("CMD", check.rest.removeprefix("CMD "), {}).words
        assert (program, flag) == ("python", "-c")
        ast.parse(code)
        assert "/healthz" in code
        assert set(check.flags) == {"interval", "timeout", "start-period"}

    def test_no_secret_is_in_it(self, name: str) -> None:
        assert not [key for key in dockerfile.environment(STAGES, name) if re.search(r"SECRET|PASSWORD|KEY", key)]
        assert "ARG" not in IMAGE.read_text().split()


def test_its_commands_are_there() -> None:
    assert dockerfile.last(STAGES, "server", "CMD").words == ["teleconsulta", "serve"]
    made = " ".join(step.rest for stage in STAGES for step in stage.all("RUN"))
    module = re.search(r"-m (teleconsulta\.\w+)", made)
    assert module is not None
    assert importlib.util.find_spec(module[1]) is not None
    assert "serve" in main.commands


def test_the_all_in_one_starts_what_it_copied() -> None:
    (copied,) = STAGES[-2].all("COPY")
    names = {Path(source).name for source in copied.words[:-1]}
    command = dockerfile.last(STAGES, "all-in-one", "CMD").words
    assert command[0] == "python"
    programs = dict(word.split("=", 1) for word in command[2:])
    assert programs == {"server": "teleconsulta serve", "relay": "all-in-one/relay"}
    assert {command[1], programs["relay"]} == {f"all-in-one/{name}" for name in ("supervise.py", "relay")}
    assert {"supervise.py", "relay", "turnserver.conf"} == names
    assert (ROOT / "infra" / "all-in-one" / "relay").stat().st_mode & 0o111


def test_the_last_stage_is_the_server() -> None:
    assert STAGES[-1].parent == "server"
    assert not STAGES[-1].steps


def test_everything_installed_is_locked() -> None:
    said = " ".join(step.rest for stage in STAGES for step in stage.all("RUN"))
    installs = re.findall(r"pip [^&]*?install ([^&]+)", said)
    assert len(installs) == 2
    assert all("--require-hashes" in install and "--only-binary :all:" in install for install in installs)
    assert "npm ci --ignore-scripts" in said
    assert "npm install" not in said


class TestReading:
    def test_lines_go_on_and_comments_do_not(self) -> None:
        (stage,) = dockerfile.read('FROM a:1 AS one\nRUN first \\\n # aside\n && second\nCMD ["x", "y z"]\n')
        run, command = stage.steps
        assert (run.does, run.rest) == ("RUN", "first && second")
        assert command.words == ["x", "y z"]

    @pytest.mark.parametrize("line", ["ADD a b", "ONBUILD RUN x", "FROM a:1 AS b c"])
    def test_what_is_unknown_is_refused(self, line: str) -> None:
        with pytest.raises(dockerfile.NotUnderstood):
            dockerfile.read(f"FROM a:1\n{line}\n")
