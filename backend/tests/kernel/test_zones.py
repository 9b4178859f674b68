"""The clinic's zone is one that there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.support import settings_for


@pytest.mark.parametrize("name", ["America/Sao_Paulo", "America/Noronha", "Europe/Lisbon", "UTC"])
def test_a_zone_of_the_database(name: str, tmp_path: Path) -> None:
    assert settings_for("postgresql://x/y", tmp_path, clinic_zone=name).clinic_zone == name


@pytest.mark.parametrize("name", ["Brasil/Brasilia", "America", "../zone", "/etc/localtime", "Factory", "", "A" * 100])
def test_anything_else_is_not_understood(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="clinic_zone"):
        settings_for("postgresql://x/y", tmp_path, clinic_zone=name)
