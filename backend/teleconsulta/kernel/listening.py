"""The listening socket: our own, or one that whoever starts us has opened and keeps while we sleep."""

from __future__ import annotations

import os
import select
import socket

FIRST_HANDED = 3


def handed_over() -> socket.socket | None:
    """The socket that systemd hands to what it starts on the first connection (sd_listen_fds); None: there is none.

    What knocked while nobody ran waits in it, in its order.
    """
    if os.environ.pop("LISTEN_PID", None) != str(os.getpid()) or int(os.environ.pop("LISTEN_FDS", "0")) < 1:
        return None
    listening = socket.socket(fileno=FIRST_HANDED)
    listening.setblocking(False)
    listening.set_inheritable(False)
    return listening


def somebody_knocks(listening: socket.socket) -> bool:
    """Whether a connection waits to be accepted at this very moment."""
    if listening.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(listening.fileno(), select.POLLIN)
    return bool(poll.poll(0))
