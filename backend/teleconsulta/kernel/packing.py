"""Compresses the answers that are known to hold no secret; every other leaves as it is.

How long a compressed answer is tells what repeats in it (BREACH): where a secret stands beside text that somebody else
may choose, watching lengths betrays the secret. Here links and tokens do stand beside names that patients give, so the
rule is a list of what may be compressed, and a test reads the interface's own description for what may be on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from teleconsulta.kernel.pages import accepted_encodings

WORTH_BYTES = 1024
LEVEL = 6
"""Levels above take much longer and save a percent."""

COMPRESSIBLE = (
    "/api/audit",
    "/api/audit/actions",
    "/api/calls",
    "/api/calls.csv",
    "/api/calls.json",
    "/api/calls/{call_id}",
    "/api/calls/{call_id}/fhir",
    "/api/calls/{call_id}/quality",
    "/api/config",
    "/api/consents/text",
    "/api/docs",
    "/api/openapi.json",
    "/api/webrtc/stats",
    "/metrics",
)
"""Routes as they are declared; only what is read (GET) from them."""


class Packing:
    """gzip for long answers of the routes on the list, to whoever takes it."""

    def __init__(self, app: ASGIApp, routes: Iterable[str] = COMPRESSIBLE) -> None:
        self._app = app
        self._packed = GZipMiddleware(app, minimum_size=WORTH_BYTES, compresslevel=LEVEL)
        patterns = (re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route)) for route in routes)
        self._routes = re.compile("|".join(patterns))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listed = (
            scope["type"] == "http" and scope["method"] == "GET" and self._routes.fullmatch(scope["path"]) is not None
        )
        if listed and "gzip" not in accepted_encodings(Headers(scope=scope).get("accept-encoding", "")):
            # Starlette looks for the word alone, and would not see that it is refused.
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        await (self._packed if listed else self._app)(scope, receive, send)
