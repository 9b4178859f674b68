"""Files that an operator or a build reads: they agree with the program and with each other."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from teleconsulta.kernel.settings import Settings
from tests.support import BACKEND

ROOT = BACKEND.parent
LOCKS = sorted(BACKEND.glob("requirements*.lock"))
ONLY_COMPOSE = {"POSTGRES_PASSWORD", "PUBLIC_HOST", "TURN_EXTERNAL_IP", "REDIS_PASSWORD"}


class TestSettings:
    def test_the_example_names_only_settings_that_exist(self) -> None:
        named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
        known = {name.upper() for name in Settings.model_fields}
        assert named - ONLY_COMPOSE <= known

    def test_the_example_holds_no_secret(self) -> None:
        active = dict(
            line.split("=", 1)
            for line in (ROOT / ".env.example").read_text().splitlines()
            if "=" in line and not line.startswith("#")
        )
        assert {name for name, value in active.items() if value} == {"PUBLIC_URL"}

    def test_an_unchanged_example_does_not_start_a_production_server(self) -> None:
        complaints = Settings(_env_file=ROOT / ".env.example").complaints()
        assert any("SECRET_KEY" in complaint for complaint in complaints)


class TestLocks:
    @pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
    def test_every_package_is_pinned_with_hashes_and_no_address(self, lock: Path) -> None:
        text = lock.read_text()
        packages = re.findall(r"^[a-z0-9._\[\]-]+==[^ ]+.*\\$", text, re.MULTILINE)
        assert len(packages) == len(re.findall(r"^[a-z]", text, re.MULTILINE)) > 0
        assert text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text
        assert "--index-url" not in text

    def test_what_runs_is_what_was_tested(self) -> None:
        def pins(name: str) -> set[str]:
            return set(re.findall(r"^([a-z][^ ]+==[^ ]+)", (BACKEND / name).read_text(), re.MULTILINE))

        assert pins("requirements.lock") <= pins("requirements-dev.lock")

    def test_the_apps_lock_knows_hashes_and_no_address(self) -> None:
        packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
        installed = {name: entry for name, entry in packages.items() if name}
        assert not [name for name, entry in installed.items() if "resolved" in entry]
        # Optional builds for other systems are named so that `npm ci` accepts the lock everywhere.
        assert not [name for name, entry in installed.items() if "integrity" not in entry and "cpu" not in entry]


class TestMake:
    def test_help_lists_what_the_documents_promise(self) -> None:
        make = shutil.which("make")
        assert make is not None
        said = subprocess.run([make, "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        listed = set(re.findall(r"^  make ([a-z]+)", said, re.MULTILINE))
        assert {"help", "run", "test", "check", "bench", "build", "lock", "proof"} <= listed

    def test_every_target_is_phony(self) -> None:
        text = (ROOT / "Makefile").read_text()
        phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
        assert phony is not None
        assert set(re.findall(r"^([a-z-]+):", text, re.MULTILINE)) == set(phony[1].split())


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        *(f"docs/{n}.md" for n in ("architecture", "limits")),
        *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs" / "operations").glob("*.md")),
    ],
)
def test_links_between_documents_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists(), target
