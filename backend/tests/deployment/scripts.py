"""The programs under scripts/ and infra/, which are no package, as modules."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from typing import Any

from tests.support import BACKEND


@cache
def script(name: str, folder: str = "scripts") -> Any:
    path = BACKEND.parent / folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"script_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module
