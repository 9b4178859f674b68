"""Runs the product as if only requirements.lock were installed: `python -m bench.production serve`.

Libraries look for others of the developer's (aiohttp, rich, ...) and load them when they are there: 12 MB and some time
that no clinic's server spends. The parent names them in BENCH_ABSENT, separated by commas.
"""

from __future__ import annotations

import os
import runpy
import sys


def absent(locked: str, installed: dict[str, list[str]]) -> list[str]:
    """Top-level modules of installed packages that a lock file's text does not name.

    `installed` is what `importlib.metadata.packages_distributions()` gives.
    """
    names = {line.split("==")[0].strip().lower() for line in locked.splitlines() if "==" in line}
    kept = {name.replace("_", "-") for name in names}
    return sorted(
        module
        for module, packages in installed.items()
        if module.isidentifier() and not any(package.lower().replace("_", "-") in kept for package in packages)
    )


if __name__ == "__main__":
    for name in os.environ["BENCH_ABSENT"].split(","):
        sys.modules[name] = None  # type: ignore[assignment] # Python's own way to say that a module is not there
    runpy.run_module("teleconsulta.cli", run_name="__main__", alter_sys=True)
