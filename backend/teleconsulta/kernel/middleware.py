"""What every request passes before an endpoint sees it: an id, a log line, headers, and the rules of the door."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Sequence

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleconsulta.kernel.headers import FOR_PAGES, permissions_policy, security_headers
from teleconsulta.kernel.http import problem, problem_of
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.uploads import Upload

MAX_BODY = 64 * 1024
JSON = "application/json"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
GUARD_HEADER = "x-teleconsulta"
_HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

log = structlog.get_logger(__name__)

Observe = Callable[[str, str, int, float], None]


class Outermost:
    """Gives each request its id, its headers and its log line, and turns what escaped into a problem.

    The log line holds the route's template: a path may carry an id, a query anything.
    """

    def __init__(self, app: ASGIApp, settings: Settings, observe: Observe) -> None:
        self._app, self._observe = app, observe
        self._headers = security_headers(settings)
        self._page = permissions_policy(FOR_PAGES)
        self._data = permissions_policy(frozenset())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except Exception as error:
            response = problem_of(request_id, error)
            if status:
                raise  # half an answer cannot be taken back; the server closes the connection
            await response(scope, receive, dressed)
        finally:
            seconds = time.perf_counter() - started
            template = template_of(scope)
            self._observe(scope["method"], template, status, seconds)
            log.info("request", method=scope["method"], route=template, status=status, ms=round(seconds * 1000, 1))
            structlog.contextvars.unbind_contextvars("request_id")

    def _dress(self, headers: MutableHeaders, request_id: str) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        page = headers.get("content-type", "").startswith("text/html")
        headers.setdefault("permissions-policy", self._page if page else self._data)
        headers.setdefault("cache-control", "no-store")
        headers["x-request-id"] = request_id


def template_of(scope: Scope) -> str:
    """The route as it was declared, `/api/rooms/{room_id}`; never what was asked for."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    return path if isinstance(path, str) else "-"


class Door:
    """Refuses what no honest client sends: crooked hosts, large or foreign bodies, calls forged by other sites."""

    def __init__(self, app: ASGIApp, settings: Settings, uploads: Sequence[Upload] = ()) -> None:
        self._app = app
        self._uploads = tuple(uploads)
        self._origins = frozenset(settings.allowed_origins)
        self._scheme = "https" if settings.secure else "http"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _host_is_plain(headers):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self._refuse(scope, receive, send, 400, "bad_host", "The Host header is not right.")
            return
        if scope["type"] == "websocket" or not scope["path"].startswith("/api"):
            await self._app(scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS and not self._is_ours(headers):
            await self._refuse(scope, receive, send, 403, "csrf", "This call must come from a page of ours.")
            return
        upload, kind = self._upload(scope), _media_type(headers)
        wanted, most = (upload.media_type, upload.most) if upload else (JSON, MAX_BODY)
        body = await _read(headers, receive, most if kind == wanted else MAX_BODY)
        if body is None:
            await self._refuse(scope, receive, send, 413, "too_large", "The message is too large.")
        elif body and kind != wanted:
            await self._refuse(scope, receive, send, 415, "unsupported_media_type", f"Send {wanted}.")
        else:
            await self._app(scope, _again(body, receive), send)

    def _upload(self, scope: Scope) -> Upload | None:
        if scope["method"] != "POST":
            return None
        return next((one for one in self._uploads if one.path.fullmatch(scope["path"])), None)

    def _is_ours(self, headers: Headers) -> bool:
        """A form or a foreign script can send neither the header nor, in a browser, a false origin."""
        if headers.get(GUARD_HEADER) != "1":
            return False
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is None:
            return site in {None, "same-origin", "none"}
        # A page that was opened by another name of this host: only a browser can send that site header.
        own = site == "same-origin" and origin == f"{self._scheme}://{headers['host']}"
        return origin in self._origins or own

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, code: str, detail: str) -> None:
        await problem(scope.get("request_id", "-"), status, code, detail)(scope, receive, send)


class ApiCors:
    """CORS for /api, and for the sign of life that pages look for: exact origins, with credentials. Socket.IO and the
    page's files have rules of their own."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", GUARD_HEADER],
            allow_credentials=True,
            expose_headers=["date", "retry-after", "x-request-id"],
            max_age=600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = scope["type"] == "http" and (scope["path"].startswith("/api") or scope["path"] == "/healthz")
        await (self._cors if read else self._app)(scope, receive, send)


def _host_is_plain(headers: Headers) -> bool:
    hosts = headers.getlist("host")
    return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").split(";")[0].strip().lower()


async def _read(headers: Headers, receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when it is larger than `most` bytes, whatever its length header says."""
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        return None
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body that was read, for the next reader; after it the connection's own news."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
