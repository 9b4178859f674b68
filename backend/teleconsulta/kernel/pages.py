"""The built app's files: found once at start, so that no path ever reaches the disk that was not found there."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

INDEX = "/index.html"
ENCODINGS = {".br": "br", ".zst": "zstd", ".gz": "gzip"}  # in the order of our preference
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# What never is a page of the app: an unknown one gets 404 and not the app in its place.
OURS = ("/api", "/socket.io", "/assets", "/healthz", "/readyz", "/metrics")
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json",
          ".wasm": "application/wasm", ".woff2": "font/woff2", ".svg": "image/svg+xml"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """One file of the app and its precompressed forms, by encoding."""

    path: Path
    media_type: str
    etag: str
    cache_control: str
    encoded: dict[str, Path] = field(default_factory=dict)


class Pages:
    """An ASGI application over the folder of the built app; paths of the app's own routes get its one page."""

    def __init__(self, folder: Path) -> None:
        self._files = collect(folder)

    @property
    def built(self) -> bool:
        return INDEX in self._files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404 if scope["path"].startswith("/api") else 405)
        found = self.find(scope["path"])
        if found is None:
            raise HTTPException(404)
        await _answer(found, Headers(scope=scope))(scope, receive, send)

    def find(self, path: str) -> File | None:
        """The file of this path; the app's page for an address inside the app; None for anything else."""
        known = self._files.get(path)
        if known is not None:
            return known
        if any(path == own or path.startswith(f"{own}/") for own in OURS) or "." in path.rsplit("/", 1)[-1]:
            return None
        return self._files.get(INDEX)


def collect(folder: Path) -> dict[str, File]:
    """Every file under the folder by its address, without the compressed forms, which hang on the plain ones."""
    found: dict[str, File] = {}
    if not folder.is_dir():
        return found
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in ENCODINGS:
            address = "/" + path.relative_to(folder).as_posix()
            encoded = {
                name: twin
                for suffix, name in ENCODINGS.items()
                if (twin := path.with_name(path.name + suffix)).is_file()
            }
            found[address] = File(path, _media_type(path), _etag(path), _cache_control(address), encoded)
    return found


def _answer(file: File, headers: Headers) -> Response:
    accepted = accepted_encodings(headers.get("accept-encoding", ""))
    encoding = next((name for name in ENCODINGS.values() if name in file.encoded and name in accepted), None)
    sent = {"Cache-Control": file.cache_control, "Vary": "Accept-Encoding", "ETag": _tag(file, encoding)}
    if encoding is not None:
        sent["Content-Encoding"] = encoding
    if _tag(file, encoding) in {tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")}:
        sent.pop("Content-Encoding", None)
        return Response(status_code=304, headers=sent)
    path = file.encoded[encoding] if encoding else file.path
    sent["Last-Modified"] = formatdate(path.stat().st_mtime, usegmt=True)
    return FileResponse(path, headers=sent, media_type=file.media_type)


def accepted_encodings(header: str) -> set[str]:
    """The names in an `Accept-Encoding` that are not refused by it."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return accepted


def _tag(file: File, encoding: str | None) -> str:
    return f'"{file.etag}{"-" + encoding if encoding else ""}"'


def _etag(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]


def _cache_control(address: str) -> str:
    """Hashed names never change; a page is never kept; a file with a plain name is asked for again."""
    if address.endswith(".html"):
        return "no-store"
    return IMMUTABLE if address.startswith("/assets/") and _HASHED.search(address) else REVALIDATE


def _media_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
