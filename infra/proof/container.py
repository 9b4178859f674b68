"""Runs a command in a root of layers, as a container engine would: own mounts and processes, PID 1, no rights to spare.

Linux, root, standard library only. Nothing is mounted outside: the mounts live in a namespace that goes with it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

NEW_MOUNTS, NEW_NAMES, NEW_IPC, NEW_PROCESSES = 0x00020000, 0x04000000, 0x08000000, 0x20000000
DIE_WITH_PARENT = 1
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
# How this machine reaches its package servers is lent to a build, as `docker build` lends proxies; nothing of it stays.
LENT = ("PIP_INDEX_URL", "NPM_CONFIG_REGISTRY")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Container:
    """`layers` from the oldest to the newest; the newest takes what is written unless the root is read-only."""

    layers: list[Path]
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    # What of root's rights is left, as in `cap_add`; a build has them all.
    rights: tuple[str, ...] = ()
    read_only: bool = False
    building: bool = False
    # Folders of this machine that are writable inside, by their place there.
    volumes: dict[str, Path] = field(default_factory=dict)
    # Files of this machine that are readable inside.
    files: dict[str, Path] = field(default_factory=dict)

    def run(self) -> int:
        """The command's exit status. SIGTERM and SIGINT go to it, since it is the first process in there."""
        unshare(NEW_NAMES | NEW_IPC | NEW_PROCESSES)
        home = Path(tempfile.mkdtemp(prefix="proof-"))
        first = os.fork()
        if first == 0:
            try:
                self._become(home)
            except BaseException as error:  # noqa: BLE001, RUF100 - nothing may return into the parent's code
                print(f"container: {error}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(125)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: os.kill(first, number))
        _, status = os.waitpid(first, 0)
        home.rmdir()
        return os.waitstatus_to_exitcode(status)

    def _become(self, home: Path) -> None:
        _libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
        unshare(NEW_MOUNTS)
        mount("--make-rprivate", "/")
        mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(home))
        root = self._put_together(home)
        self._furnish(root)
        for inside, outside in self.volumes.items():
            mount("--bind", str(outside), str(root / inside.lstrip("/")))
        for inside, outside in self.files.items():
            place(root / inside.lstrip("/"), outside)
        if self.read_only:
            mount("-o", "remount,bind,ro", str(root))
        os.chroot(root)
        os.chdir(self.folder)
        program, *words = ["/usr/bin/env"] if self.building else ["/usr/bin/setpriv", *self._rights()]
        os.execve(program, [program, *words, *self.command], self._environment())  # noqa: S606 - no shell is meant

    def _put_together(self, home: Path) -> Path:
        """The layers as one root, the newest on top; only a build leaves anything in it."""
        root, top, work = home / "root", home / "top", home / "work"
        below = self.layers
        if self.building:
            below, top, work = self.layers[:-1], self.layers[-1], self.layers[-1].with_name("work")
            shutil.rmtree(work, ignore_errors=True)
        for folder in (root, top, work):
            folder.mkdir(exist_ok=True)
        lower = ":".join(str(layer) for layer in reversed(below))
        mount("-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={top},workdir={work}", str(root))
        return root

    def _furnish(self, root: Path) -> None:
        mount("-t", "proc", "proc", str(root / "proc"))
        if not self.building:
            mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / "tmp"))
        mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(root / "dev"))
        for device in DEVICES:
            place(root / "dev" / device, Path("/dev", device))
        (root / "dev" / "shm").mkdir(mode=0o1777)
        (root / "dev" / "shm").chmod(0o1777)
        for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
                             ("stderr", "/proc/self/fd/2")):  # fmt: skip
            (root / "dev" / name).symlink_to(target)
        place(root / "etc" / "hosts", Path("/etc/hosts"))
        if self.building:
            place(root / "etc" / "resolv.conf", Path("/etc/resolv.conf"))
            mount("-t", "tmpfs", "tmpfs", str(root / "run"))
            place(root / "run" / AUTHORITIES.name, AUTHORITIES)

    def _rights(self) -> list[str]:
        """Those of `cap_drop: [ALL]` and `no-new-privileges`."""
        user, _, group = self.user.partition(":")
        who = ["--reuid", user, "--regid", group or user, "--init-groups"] if user != "root" else []
        left = ",".join(["-all", *(f"+{right}" for right in self.rights)])
        # A change of account forgets the wish to die with the parent.
        return [*who, "--pdeathsig=KILL", "--inh-caps=-all", f"--bounding-set={left}", "--no-new-privs", "--"]

    def _home(self) -> str:
        """That of the account by name or number, as the root's own list has it."""
        who = self.user.partition(":")[0]
        accounts = (line.split(":") for line in Path("/etc/passwd").read_text().splitlines())
        return next((account[5] for account in accounts if who in (account[0], account[2])), "/")

    def _environment(self) -> dict[str, str]:
        usual = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": self._home()}
        if self.building:
            known = {name for name in os.environ if name.lower().endswith("_proxy") or name in LENT}
            usual |= {name: os.environ[name] for name in known}
            usual |= dict.fromkeys(("PIP_CERT", "NODE_EXTRA_CA_CERTS"), f"/run/{AUTHORITIES.name}")
            usual |= {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        return usual | self.env


def unshare(what: int) -> None:
    if _libc.unshare(what):
        raise OSError(ctypes.get_errno(), "unshare")


def mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise OSError(f"mount {' '.join(words)}: {done.stderr.strip()}")


def place(inside: Path, outside: Path) -> None:
    """Binds one file or device; the mount point is made when it is missing."""
    if inside.is_symlink():
        inside.unlink()
    if not inside.exists():
        inside.touch()
    mount("--bind", str(outside.resolve()), str(inside))
