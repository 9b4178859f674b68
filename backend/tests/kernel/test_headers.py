"""The headers of every answer: of each route, of pages, files and refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from teleconsulta.main import create_app
from tests.kernel.test_door import routes
from tests.support import PUBLIC_URL, settings_for

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self' wss://clinica.example; worker-src 'self' blob:; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "require-trusted-types-for 'script'"
)


def check(answer: Response) -> None:
    headers = answer.headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "noindex" in headers["x-robots-tag"]
    assert len(headers["x-request-id"]) == 16
    assert "server" not in headers
    policy = dict(part.split("=") for part in headers["permissions-policy"].split(", "))
    page = headers.get("content-type", "").startswith("text/html")
    assert policy["camera"] == policy["microphone"] == policy["display-capture"] == ("(self)" if page else "()")
    assert policy["geolocation"] == policy["payment"] == policy["usb"] == "()"


async def test_of_every_route(app: FastAPI, client: AsyncClient) -> None:
    for method, path in routes(app):
        answer = await client.request(method, path)
        check(answer)
        assert answer.headers["cache-control"] == "no-store", path
        check(await client.options(path, headers={"Origin": PUBLIC_URL, "Access-Control-Request-Method": method}))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nothing", 404),
        ("/api", 404),
        ("/api/", 404),
        ("/assets/none.js", 404),
        ("/socket.io.js", 404),
        ("/favicon.ico", 404),
        ("/../pyproject.toml", 404),
        ("/%2e%2e/pyproject.toml", 404),
        ("/api/docs", 200),
        ("/api/docs.css", 200),
        ("/api/openapi.json", 200),
    ],
)
async def test_of_what_is_no_route_of_the_document(client: AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    check(answer)
    assert answer.status_code == status, answer.text
    if status == 404:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_of_a_failure(app: FastAPI) -> None:
    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("Benedita Quaresma")

    app.router.routes.insert(0, app.router.routes.pop())
    transport = ASGITransport(app)  # raises what escapes: nothing may
    async with AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        answer = await client.get("/api/broken")
    check(answer)
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "internal",
        "detail": "Something went wrong on our side.",
        "request_id": answer.headers["x-request-id"],
    }


async def test_plain_http_at_home_promises_no_https(dsn: str, tmp_path: Path) -> None:
    app = create_app(settings_for(dsn, tmp_path, demo=True, public_url="http://localhost:8080"))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8080") as client:
        headers = (await client.get("/api/config")).headers
        assert "strict-transport-security" not in headers
        assert "connect-src 'self' ws://localhost:8080;" in headers["content-security-policy"]
        cookie = await client.post("/api/auth/logout", headers={"X-Teleconsulta": "1"})
        assert cookie.headers["set-cookie"].startswith("tc_refresh=")
        assert "secure" not in cookie.headers["set-cookie"].lower()
    await app.state.database.close()


async def test_the_documentation_loads_nothing_from_elsewhere(client: AsyncClient) -> None:
    page = (await client.get("/api/docs")).text
    assert "/api/auth/login" in page
    assert 'id="TokenOut"' in page
    assert 'id="RoomState"' in page  # the socket messages are documented too
    assert "<script" not in page
    assert "style=" not in page
    assert "//" not in page.replace("https://clinica.example", "").replace("://", "") or "src=" not in page


async def test_the_document_is_whole(client: AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    names = document["components"]["schemas"].keys()
    assert {"Problem", "TokenOut", "UserOut", "Signal", "RoomState", "Handshake"} <= names
    text = (await client.get("/api/openapi.json")).text
    assert "HTTPValidationError" not in text
    for reference in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert reference in names
