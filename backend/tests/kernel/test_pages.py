"""The app's files: what is sent for which address, in which form, and how long it may be kept."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from teleconsulta.main import create_app
from tests.support import PUBLIC_URL, settings_for

SCRIPT = b"console.log('hello');" * 50
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
PACKED = gzip.compress(SCRIPT, mtime=0)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>Teleconsulta</title>")
    script = dist / "assets" / "index-Xy12_-Ab.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".br").write_bytes(b"brotli")
    script.with_name(script.name + ".gz").write_bytes(PACKED)
    script.with_name(script.name + ".zst").write_bytes(b"zstd")
    (dist / "manifest.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    app = create_app(settings_for(NO_DATABASE, tmp_path, static_dir=dist))
    async with AsyncClient(
        transport=ASGITransport(app), base_url=PUBLIC_URL, headers={"Accept-Encoding": "identity"}
    ) as made:
        yield made
    await app.state.database.close()


ASSET = "/assets/index-Xy12_-Ab.js"


@pytest.mark.parametrize(
    "path", ["/", "/entrar", "/medico/123", "/paciente/x", "/c", "/index.html", "/teste-video", "/apis"]
)
async def test_every_address_of_the_app_is_its_one_page(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "<title>Teleconsulta" in answer.text
    assert "camera=(self)" in answer.headers["permissions-policy"]
    head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/api/x", "/api", "/assets/other.js", "/assets", "/app.js.map", "/.env", "/../secret.txt", "/%2e%2e/secret.txt",
     "/assets/..%2f..%2fsecret.txt", "//etc/passwd.x", "/index.html/x.y", f"{ASSET}.br"],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/", 405), ("DELETE", "/x", 405), ("PUT", "/api/x", 403)]
)
async def test_pages_are_only_read(client: AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_hashed_file_is_kept_for_ever(client: AsyncClient) -> None:
    answer = await client.get(ASSET)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.content == SCRIPT
    manifest = await client.get("/manifest.webmanifest")
    assert manifest.headers["cache-control"] == "no-cache"
    assert manifest.headers["content-type"] == "application/manifest+json"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, zstd;q=0.5", "zstd"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"),
     ("identity", None), ("", None)],
)  # fmt: skip
async def test_the_smallest_form_that_is_understood(client: AsyncClient, accepted: str, encoding: str | None) -> None:
    async with client.stream("GET", ASSET, headers={"Accept-Encoding": accepted}) as answer:
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert raw == {"br": b"brotli", "zstd": b"zstd", "gzip": PACKED, None: SCRIPT}[encoding][: len(raw)]


async def test_what_the_browser_has_is_not_sent_again(client: AsyncClient) -> None:
    first = await client.get(ASSET)
    again = await client.get(ASSET, headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    packed = await client.get(ASSET, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert packed.status_code == 200


async def test_without_a_built_app_the_interface_still_works(tmp_path: Path) -> None:
    app = create_app(settings_for(NO_DATABASE, tmp_path, static_dir=tmp_path / "none"))
    async with AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL) as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/api/config")).status_code == 200
    await app.state.database.close()
