"""Counts who is being served. What only asks whether the server lives is nobody: a probe must not keep it awake."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class Visits:
    """An ASGI application around the whole of it. `clock` gives seconds that never go back."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        self._app, self._clock = app, clock
        self.open, self.count, self._last = 0, 0, clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] in PROBES):
            await self._app(scope, receive, send)
            return
        self.begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self.end()

    def begin(self) -> None:
        """Somebody is here."""
        self.open += 1
        self.count += 1

    def end(self) -> None:
        """They are served, or gone."""
        self.open -= 1
        self._last = self._clock()

    @property
    def quiet_seconds(self) -> float:
        """Since somebody was last served, or since the start."""
        return self._clock() - self._last
