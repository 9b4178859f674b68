"""Sockets: every message as a model, presence behind them, effects after them."""

import sys

# Socket.IO imports every message broker's library that it finds, for managers that are not used here (0030). Redis' own
# is imported where REDIS_URL is set; everybody else starts sooner without it.
if "redis" not in sys.modules:
    sys.modules["redis"] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        import socketio as _socketio  # noqa: F401
    finally:
        del sys.modules["redis"]
