"""What the all-in-one image tells its coturn, by a coturn that only repeats what it was told."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import BACKEND

INFRA = BACKEND.parent / "infra"
SECRET = "relay-of-a-test-0123456789"
Relay = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def relay(tmp_path: Path) -> Relay:
    """Runs the relay's script beside its settings, as the image has them."""
    for source in ("all-in-one/relay", "coturn/turnserver.conf"):
        shutil.copy(INFRA / source, tmp_path)
    program = tmp_path / "turnserver"
    program.write_text('#!/bin/sh\necho "words: $*"\nls -l "$2"\ncat "$2"\n')
    program.chmod(0o755)

    def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        known = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(tmp_path), **env}
        return subprocess.run([tmp_path / "relay", *words], env=known, capture_output=True, text=True, check=False)

    return run


def test_it_has_the_servers_secret_where_nobody_else_reads_it(relay: Relay) -> None:
    said = relay("--cert=/c.pem", TURN_SECRET=SECRET, PUBLIC_URL="https://clinica.example:8443/x").stdout
    words, rights, *settings = said.splitlines()
    assert words.endswith("--cert=/c.pem")
    assert SECRET not in words
    assert rights.startswith("-rw-------")
    assert {f"static-auth-secret={SECRET}", "realm=clinica.example", "no-cli"} <= set(settings)


def test_a_secret_that_is_being_replaced_still_counts(relay: Relay) -> None:
    settings = relay(TURN_SECRET=SECRET, TURN_SECRET_PREVIOUS="the-old-one-0123456789").stdout.splitlines()
    assert [line for line in settings if line.startswith("static-auth-secret=")] == [
        f"static-auth-secret={SECRET}",
        "static-auth-secret=the-old-one-0123456789",
    ]


def test_two_people_meet_on_it_by_its_own_addresses(relay: Relay) -> None:
    addresses = {"TURN_EXTERNAL_IP": "198.51.100.7/10.0.0.5", "RELAY_LISTEN": "127.0.0.1"}
    settings = relay(TURN_SECRET=SECRET, RELAY_PORTS="49152-49199", **addresses).stdout.splitlines()
    assert "external-ip=198.51.100.7/10.0.0.5" in settings
    allowed = {line.partition("=")[2] for line in settings if line.startswith("allowed-peer-ip=")}
    assert allowed == {"198.51.100.7", "10.0.0.5", "127.0.0.1"}
    assert {"relay-ip=127.0.0.1", "min-port=49152", "max-port=49199"} <= set(settings)


def test_without_a_secret_it_ends_as_misconfigured(relay: Relay) -> None:
    done = relay()
    assert done.returncode == 78
    assert "TURN_SECRET" in done.stderr
