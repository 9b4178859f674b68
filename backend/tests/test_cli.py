"""The command line, without a server: what it refuses and what it does to accounts."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from teleconsulta import serve
from teleconsulta.cli import main
from teleconsulta.kernel import logging
from tests.support import BACKEND, SECRET

SAFE = {
    "PUBLIC_URL": "https://clinica.example",
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://nobody@localhost/x",
}
GOOD_PASSWORD = "cavalo bateria grampo"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the checkout's `.env` and `var/`, and without the process-wide logging that commands set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "configure", lambda _format: None)


def run(*arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Result:
    cleared = dict.fromkeys(("DEMO", "PORT", "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "TURN_SECRET"))
    return CliRunner().invoke(main, arguments, env={**cleared, **(env or {})}, input=stdin)


def without(*names: str, **changes: str) -> dict[str, str]:
    return {name: value for name, value in {**SAFE, **changes}.items() if name not in names}


FAULTS = {
    "no key": (without("SECRET_KEY"), "SECRET_KEY"),
    "short key": (without(SECRET_KEY="short"), "SECRET_KEY"),
    "placeholder as key": (without(SECRET_KEY="change-me-please-change-me-please-now"), "SECRET_KEY"),
    "one letter as key": (without(SECRET_KEY="x" * 64), "SECRET_KEY"),
    "short previous key": (without(SECRET_KEY_PREVIOUS="short"), "SECRET_KEY_PREVIOUS"),
    "no address": (without("PUBLIC_URL"), "PUBLIC_URL"),
    "insecure address": (without(PUBLIC_URL="http://clinica.example"), "PUBLIC_URL"),
    "relay without secret": (without(TURN_URLS="turn:turn.example:3478"), "TURN_SECRET"),
    "short relay secret": (without(TURN_SECRET="short"), "TURN_SECRET"),
    "one secret for both": (without(TURN_SECRET=SECRET), "TURN_SECRET"),
    "every origin": (without(CORS_ORIGINS="*"), "CORS_ORIGINS"),
    "another database": (without(DATABASE_URL="sqlite:///x.db"), "DATABASE_URL"),
    "demo password without demo": (without(DEMO_PASSWORD=GOOD_PASSWORD), "DEMO_PASSWORD"),
    "port that is no number": (without(PORT="eighty"), "PORT"),
    "negative time": (without(SEAT_GRACE_SECONDS="-1.5"), "SEAT_GRACE_SECONDS"),
}


class TestRefusals:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_an_unsafe_server_does_not_start_and_names_the_variable(self, fault: str) -> None:
        env, variable = FAULTS[fault]
        result = run("serve", env=env)
        assert result.exit_code == 78
        assert variable in result.stderr
        for value in set(env.values()) - {"*"}:
            assert value not in result.stderr

    def test_several_faults_are_told_at_once(self) -> None:
        result = run("serve", env=without("SECRET_KEY", "PUBLIC_URL"))
        assert result.stderr.count("missing") == 2

    def test_an_unknown_command_is_told(self) -> None:
        assert run("dance").exit_code == 2


RELAY = {
    "TURN_SECRET": "Zx7Qw3Er9Ty1Ui5Op2As8Df4",
    "TURN_URLS": "turn:turn.clinica.example:3478,turns:turn.clinica.example:443",
}


class TestRelay:
    def test_its_configuration_follows_the_settings(self) -> None:
        result = run("coturn-config", "--external-ip", "203.0.113.9/10.0.0.5", env=without(**RELAY))
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        for line in ("realm=turn.clinica.example", "tls-listening-port=443", "allowed-peer-ip=10.0.0.5"):
            assert line in lines
        assert f"static-auth-secret={RELAY['TURN_SECRET']}" in lines
        assert "user-quota=30" in lines

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"TURN_SECRET": ""}, "TURN_SECRET is missing"),
            ({"TURN_SECRET": "short"}, "TURN_SECRET is weak"),
            ({"TURN_URLS": "https://turn.clinica.example"}, "TURN_URLS is not understood"),
        ],
    )
    def test_without_a_good_secret_nothing_is_written(self, changes: dict[str, str], said: str) -> None:
        result = run("coturn-config", env=without(**{**RELAY, **changes}))
        assert (result.exit_code, result.stdout) == (78, "")
        assert said in result.stderr


class TestDatabase:
    def test_other_peoples_tables_are_left_alone(self, empty: str) -> None:
        execute(empty, "CREATE TABLE recipes (id int)")
        result = run("migrate", env={"DATABASE_URL": empty})
        assert result.exit_code == 78
        assert "tables that are not Teleconsulta's" in result.stderr

    def test_a_newer_schema_is_left_alone(self, dsn: str) -> None:
        execute(dsn, "UPDATE alembic_version SET version_num = 'of_tomorrow'")
        result = run("migrate", env={"DATABASE_URL": dsn})
        assert result.exit_code == 78
        assert "newer Teleconsulta" in result.stderr

    def test_an_empty_database_gets_the_newest_schema(self, empty: str) -> None:
        result = run("migrate", env={"DATABASE_URL": empty})
        assert (result.exit_code, result.stdout) == (0, "The database has the newest schema.\n")
        assert fetch(empty, "SELECT count(*) FROM users") == 0

    def test_a_database_that_does_not_exist_is_told(self, postgres: str) -> None:
        result = run("migrate", env={"DATABASE_URL": postgres.replace("/postgres?", "/missing?")})
        assert result.exit_code == 78
        assert "refuses DATABASE_URL" in result.stderr

    def test_a_silent_database_is_given_up(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(serve, "DATABASE_PATIENCE_SECONDS", 0.6)
        result = run("migrate", env={"DATABASE_URL": f"postgresql://nobody@/x?host={tmp_path}"})
        assert result.exit_code == 1
        assert result.stderr == "The database of DATABASE_URL does not answer.\n"

    def test_an_address_that_is_none_is_told(self) -> None:
        result = run("migrate", env={"DATABASE_URL": "postgresql://nobody@localhost:port/x"})
        assert result.exit_code == 78
        assert "DATABASE_URL" in result.stderr


class TestUsers:
    def add(self, dsn: str, *, email: str = "ana@clinica.example", password: str = GOOD_PASSWORD) -> Result:
        options = ["--email", email, "--name", "Ana Reis", "--role", "doctor", "--password-stdin"]
        return run("user", "add", *options, env={"DATABASE_URL": dsn}, stdin=f"{password}\n")

    def test_an_account_is_made(self, dsn: str) -> None:
        result = self.add(dsn)
        assert (result.exit_code, result.stdout) == (0, "The account is made.\n")
        assert fetch(dsn, "SELECT role FROM users WHERE email = 'ana@clinica.example'") == "doctor"
        assert fetch(dsn, "SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$%'") == 1

    def test_the_password_is_asked_twice_and_not_shown(self, dsn: str) -> None:
        options = ["--email", "rui@clinica.example", "--name", "Rui", "--role", "admin"]
        answers = f"{GOOD_PASSWORD}\n{GOOD_PASSWORD}\n"
        result = run("user", "add", *options, env={"DATABASE_URL": dsn}, stdin=answers)
        assert result.exit_code == 0
        assert GOOD_PASSWORD not in result.output

    @pytest.mark.parametrize(
        ("email", "password", "said"),
        [
            ("ana@clinica.example", "12345678", "password"),
            ("not an address", GOOD_PASSWORD, "Not understood: email."),
        ],
    )
    def test_what_is_not_accepted_is_told(self, dsn: str, email: str, password: str, said: str) -> None:
        result = self.add(dsn, email=email, password=password)
        assert result.exit_code == 1
        assert said in result.stderr
        assert "Traceback" not in result.output

    def test_one_address_has_one_account(self, dsn: str) -> None:
        self.add(dsn)
        assert self.add(dsn).exit_code == 1

    def test_a_password_is_reset(self, dsn: str) -> None:
        self.add(dsn)
        before = fetch(dsn, "SELECT password_hash FROM users")
        env = {"DATABASE_URL": dsn, "SECRET_KEY": SECRET}
        command = ("user", "reset-password", "ana@clinica.example", "--password-stdin")
        assert run(*command, env=env, stdin=f"{GOOD_PASSWORD} nova\n").exit_code == 0
        assert fetch(dsn, "SELECT password_hash FROM users") != before

    def test_an_account_is_disabled(self, dsn: str) -> None:
        self.add(dsn)
        assert run("user", "disable", "ana@clinica.example", env={"DATABASE_URL": dsn}).exit_code == 0
        assert fetch(dsn, "SELECT disabled_at IS NOT NULL FROM users") is True

    def test_a_lost_second_factor_is_taken_away(self, dsn: str) -> None:
        self.add(dsn)
        command = ("user", "reset-second-factor", "Ana@clinica.example")
        without = run(*command, env={"DATABASE_URL": dsn})
        assert (without.exit_code, without.stderr) == (1, "There is no second factor to do this with.\n")
        execute(dsn, "UPDATE users SET totp_sealed = 'x', totp_confirmed_at = now()")
        assert run(*command, env={"DATABASE_URL": dsn}).exit_code == 0
        assert fetch(dsn, "SELECT totp_confirmed_at IS NULL AND totp_sealed IS NULL FROM users") is True

    def test_nobody_is_no_account(self, dsn: str) -> None:
        result = run("user", "disable", "eva@clinica.example", env={"DATABASE_URL": dsn})
        assert (result.exit_code, result.stderr) == (1, "There is no such user.\n")


@pytest.fixture
def empty(dsn: str) -> str:
    """A database with nothing in it."""
    execute(dsn, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return dsn


def execute(dsn: str, statement: str) -> None:
    async def one() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(one())


def fetch(dsn: str, question: str) -> object:
    async def one() -> object:
        connection = await asyncpg.connect(dsn)
        answer: object = await connection.fetchval(question)
        await connection.close()
        return answer

    return asyncio.run(one())


@pytest.mark.slow
def test_a_command_collects_its_garbage_once_it_is_loaded() -> None:
    """Imported without the collector, run with it: else a server would grow for ever."""
    program = """
import gc, runpy, sys
sys.argv = ["-m", "--version"]  # as Python has it while it looks for the module of `python -m`
try:
    runpy.run_module("teleconsulta.cli", run_name="__main__", alter_sys=False)
except SystemExit:
    print(gc.isenabled(), gc.get_freeze_count() > 10_000)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=BACKEND, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True"
