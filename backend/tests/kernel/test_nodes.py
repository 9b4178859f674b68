"""Redis is named by a proper address or not at all, and costs nothing where it is not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from teleconsulta.kernel.nodes import Nodes, node_of
from tests.support import BACKEND, settings_for


@pytest.mark.parametrize(
    "url", ["redis://localhost", "rediss://:secret@cache.example:6380/3", "redis://10.0.0.7:6379/0"]
)
def test_addresses_that_will_do(url: str, tmp_path: Path) -> None:
    assert settings_for("postgresql://localhost/x", tmp_path, redis_url=url).redis_url == url


@pytest.mark.parametrize(
    "url", ["localhost:6379", "http://localhost", "redis://", "redis://localhost/first", "unix:///run/r"]
)
def test_addresses_that_will_not(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as refused:
        settings_for("postgresql://localhost/x", tmp_path, redis_url=url)
    assert refused.value.errors()[0]["loc"] == ("redis_url",)


async def test_a_name_shows_whose_it_is() -> None:
    one, other = Nodes("redis://127.0.0.1:1/0"), Nodes("redis://127.0.0.1:1/0")
    assert node_of(one.name("a.b")) == one.id != other.id
    assert node_of("nobody") is node_of(None) is None
    assert one.key("room", 1) != Nodes("redis://127.0.0.1:1/1").key("room", 1)


def test_one_process_does_without_redis() -> None:
    """Socket.IO would import what it finds, and that is time in which somebody waits for a cold start."""
    program = "import sys, teleconsulta.main; sys.exit('redis' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=BACKEND, check=True, timeout=30)
