"""`teleconsulta verify` and `teleconsulta export`: exit status, words, files and what the log says."""

from __future__ import annotations

import asyncio
import json
import stat
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from click.testing import CliRunner, Result
from fhir.resources.R4B.bundle import Bundle

from teleconsulta.cli import main
from teleconsulta.kernel import logging
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.records.signer import Signer
from teleconsulta.records.verification import examine
from tests.builders import Builder
from tests.calls.records import ended_call
from tests.records.sample import SIGNER, written
from tests.support import PUBLIC_URL, SECRET

NIGHT = datetime(2026, 5, 4, 23, 30).astimezone()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the checkout's `.env`, and without the process-wide logging that commands set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "configure", lambda _format: None)


def run(*arguments: str | Path, **env: str) -> Result:
    cleared = dict.fromkeys(("DEMO", "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL"))
    return CliRunner().invoke(main, [str(one) for one in arguments], env={**cleared, **env})


class TestVerify:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "dossier.jsonl"
        path.write_bytes(written())
        return path

    def test_a_whole_dossier_is_told(self, file: Path) -> None:
        result = run("verify", file)
        assert result.exit_code == 0
        assert "The dossier is whole and as it was signed" in result.stdout
        assert f"Compare it with the ones at {PUBLIC_URL}/api/dossier-keys" in result.stdout

    def test_the_key_may_be_given(self, file: Path) -> None:
        assert run("verify", file, "--key", SIGNER.public_hex).exit_code == 0
        result = run("verify", file, "--key", "00" * 32)
        assert result.exit_code == 1
        assert "none of the keys to be trusted" in result.stderr

    def test_a_changed_one_is_refused_in_words(self, file: Path) -> None:
        file.write_bytes(file.read_bytes().replace("Olá".encode(), b"Oi", 1))
        result = run("verify", file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "(chat message) was changed." in result.stderr

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        result = run("verify", tmp_path / "none")
        assert result.exit_code == 1
        assert "cannot be read" in result.stderr


@pytest.mark.slow
class TestExport:
    @pytest.fixture
    def calls(self, dsn: str) -> list[UUID]:
        """Two calls of two doctors, a day apart; the first is late at night."""

        async def make() -> list[UUID]:
            database = Database(dsn, pool_size=1)
            build = Builder(database, Tokens(SECRET))
            made = [
                await ended_call(database, await build.room(), started_at=NIGHT + timedelta(days=day))
                for day in range(2)
            ]
            await database.close()
            return made

        return asyncio.run(make())

    def test_every_call_of_the_days_is_written(self, dsn: str, tmp_path: Path, calls: list[UUID]) -> None:
        folder = tmp_path / "out"
        env = {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PUBLIC_URL": PUBLIC_URL}
        result = run("export", folder, "--from", "2026-05-04", "--to", "2026-05-05", **env)
        assert (result.exit_code, result.stdout) == (0, f"2 call(s) written to {folder}.\n")
        assert {item["id"] for item in json.loads((folder / "calls.json").read_bytes())["items"]} == set(
            map(str, calls)
        )
        assert len((folder / "calls.csv").read_text().splitlines()) == 3
        for dossier in (folder / "dossiers").iterdir():
            assert examine(dossier.read_bytes(), {Signer(SECRET).public_hex}).ok
            assert stat.S_IMODE(dossier.stat().st_mode) == 0o600
        for bundle in (folder / "fhir").iterdir():
            Bundle.model_validate(json.loads(bundle.read_bytes()))
        assert len(list(folder.glob("*/*"))) == 4
        assert actions(dsn) == ["calls:exported", "dossier_key:published", "call:exported", "call:exported"]

    def test_a_period_and_a_format_may_be_chosen(self, dsn: str, tmp_path: Path, calls: list[UUID]) -> None:
        folder = tmp_path / "out"
        env = {"DATABASE_URL": dsn, "SECRET_KEY": SECRET}
        result = run("export", folder, "--to", "2026-05-04", "--format", "dossier", **env)
        assert result.exit_code == 0, result.output
        (only,) = [path.name for path in folder.rglob("*") if path.is_file()]
        assert str(calls[0]) in only

    def test_without_a_secret_nothing_is_written(self, dsn: str, tmp_path: Path, calls: list[UUID]) -> None:
        result = run("export", tmp_path / "out", DATABASE_URL=dsn)
        assert result.exit_code == 78
        assert "SECRET_KEY" in result.stderr
        assert not (tmp_path / "out").exists()
        assert actions(dsn) == []

    def test_a_folder_with_something_in_it_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mine").touch()
        result = run("export", tmp_path)
        assert result.exit_code == 1
        assert "new or empty" in result.stderr
        assert (tmp_path / "mine").exists()


def actions(dsn: str) -> list[str]:
    async def ask() -> list[str]:
        connection = await asyncpg.connect(dsn)
        found = await connection.fetch("SELECT action FROM audit_entries ORDER BY seq")
        await connection.close()
        return [row["action"] for row in found]

    return asyncio.run(ask())
