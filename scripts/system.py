"""Makes sure that the programs the tests drive are on the machine, or names the command that brings them.

    python3 scripts/system.py [PROGRAM of a package of the same name ...]

Standard library only. As root on Debian or Ubuntu the packages are installed; anybody else is told what to type.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

# What is looked for (any of these programs will do), and the Debian package that brings it.
NEEDED = {
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "coturn": ("turnserver",),
    "haproxy": ("haproxy",),
    "openssl": ("openssl",),
    "redis-server": ("redis-server",),
}


# What the network laboratory adds; it needs root on Linux, so nobody else is asked for these.
LABORATORY = {
    "conntrack": ("conntrack",),
    "firefox-esr": ("firefox-esr", "firefox"),
    "iproute2": ("ip",),
    "libnss3-tools": ("certutil",),
    "nftables": ("nft",),
    "openssl": ("openssl",),
    "procps": ("sysctl",),
}


def needed() -> dict[str, tuple[str, ...]]:
    """What this run can make use of."""
    return NEEDED | LABORATORY if sys.platform == "linux" and os.geteuid() == 0 else NEEDED


def missing(more: Sequence[str] = ()) -> list[str]:
    """Debian packages whose programs are not on this machine."""
    wanted = needed() | {name: (name,) for name in more}
    return [package for package, programs in wanted.items() if not any(map(shutil.which, programs))]


def install(packages: list[str]) -> int:
    print(f"Installing {', '.join(packages)} ...", flush=True)  # noqa: T201
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # level 1: start no service
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(  # noqa: S603 - fixed program, packages from the table above
            ["/usr/bin/apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            return done.returncode
    return 0


def main(more: Sequence[str] = ()) -> int | str:
    packages = missing(more)
    if not packages:
        return 0
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return f"\nThe tests drive programs that are not installed: run `{command}` as root once, then try again."
    if install(packages):
        return f"\n`{command}` failed; the lines above say why."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
