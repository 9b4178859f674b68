"""Storage that speaks S3 on this very machine: signatures are checked (SigV4), uploads in parts put together."""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote
from xml.sax.saxutils import escape

from aiohttp import web

ACCESS, SECRET, REGION = "AKIATEST", "a secret of the storage", "sa-east-1"
WHEN = "Mon, 04 May 2026 03:00:00 GMT"


@dataclass
class Storage:
    """What one bucket holds. `requests`: what was asked, as `method key`; `broken` answers 503 to writes of parts."""

    endpoint: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    requests: list[str] = field(default_factory=list)
    broken: bool = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not signed(request, body):
            return xml(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>")
        bucket, _, key = request.path.removeprefix("/").partition("/")
        self.requests.append(f"{request.method} {key}")
        if bucket != "bucket":
            return xml(404, "<Error><Code>NoSuchBucket</Code></Error>")
        return (self.asked if request.method in {"GET", "HEAD"} else self.told)(request, key, body)

    def asked(self, request: web.Request, key: str, _body: bytes) -> web.StreamResponse:
        if not key:
            return self.listed(request.query.get("prefix", ""))
        if key not in self.objects:
            return xml(404, "<Error><Code>NoSuchKey</Code></Error>")
        return web.Response(body=self.objects[key], headers=tag(self.objects[key]))

    def told(self, request: web.Request, key: str, body: bytes) -> web.StreamResponse:
        upload = request.query.get("uploadId")
        if request.method == "PUT" and upload is not None:
            if self.broken:
                return xml(403, "<Error><Code>AccessDenied</Code></Error>")
            self.uploads[upload][int(request.query["partNumber"])] = body
        elif request.method == "PUT":
            self.objects[key] = body
        elif "uploads" in request.query:
            made = f"<UploadId>u-{escape(key)}</UploadId>"
            return xml(200, f"<InitiateMultipartUploadResult>{made}</InitiateMultipartUploadResult>")
        elif "delete" in request.query:
            gone = re.findall(r"<Key>(.*?)</Key>", body.decode())
            for name in gone:
                self.objects.pop(name, None)
            told = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in gone)
            return xml(200, f"<DeleteResult>{told}</DeleteResult>")
        elif upload is not None:
            parts = self.uploads.pop(upload)
            self.objects[key] = b"".join(parts[number] for number in sorted(parts))
            return xml(200, "<CompleteMultipartUploadResult><ETag>done</ETag></CompleteMultipartUploadResult>")
        return web.Response(headers=tag(body))

    def listed(self, prefix: str) -> web.Response:
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>e</ETag>"
            "<LastModified>2026-05-04T03:00:00.000Z</LastModified></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return xml(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")


def tag(content: bytes) -> dict[str, str]:
    return {"ETag": f'"{sha256(content).hexdigest()}"', "Last-Modified": WHEN}


def xml(status: int, body: str) -> web.Response:
    return web.Response(status=status, text=f'<?xml version="1.0"?>{body}', content_type="application/xml")


def signed(request: web.Request, body: bytes) -> bool:
    """AWS Signature Version 4, computed again."""
    given = request.headers.get("Authorization", "")
    if not given.startswith("AWS4-HMAC-SHA256 "):
        return False
    fields = dict(part.strip().split("=", 1) for part in given.removeprefix("AWS4-HMAC-SHA256 ").split(","))
    access, day, region, service, end = fields["Credential"].split("/")
    hashed = request.headers["x-amz-content-sha256"]
    if hashed != "UNSIGNED-PAYLOAD" and hashed != sha256(body).hexdigest():
        return False
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(request.query.items())
    )
    names = fields["SignedHeaders"].split(";")
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    canonical = "\n".join(
        [request.method, quote(request.path, safe="/-_.~"), query, headers, fields["SignedHeaders"], hashed]
    )
    scope = f"{day}/{region}/{service}/{end}"
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical.encode()).hexdigest()]
    )
    key = b"AWS4" + SECRET.encode()
    for word in (day, region, service, end):
        key = hmac.digest(key, word.encode(), "sha256")
    right = hmac.new(key, to_sign.encode(), sha256).hexdigest()
    return access == ACCESS and region == REGION and hmac.compare_digest(right, fields["Signature"])


@asynccontextmanager
async def storage() -> AsyncIterator[Storage]:
    """A storage with one bucket, named `bucket`."""
    kept = Storage()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{path:.*}", kept.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    kept.endpoint = f"http://{host}:{port}"
    try:
        yield kept
    finally:
        await runner.cleanup()
