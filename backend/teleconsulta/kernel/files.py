"""How many files, and that means sockets, this process may have open."""

from __future__ import annotations

import resource

MANY_FILES = 65536


def file_limit() -> int:
    """What the system lets this process have at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MANY_FILES if hard == resource.RLIM_INFINITY else hard


def allow_many_files() -> None:
    """Take as many as are let: every socket is a file to the system, and shells often begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(MANY_FILES, file_limit())
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
