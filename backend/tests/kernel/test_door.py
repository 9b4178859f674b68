"""Every route of the interface, and what no honest client sends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from teleconsulta.kernel.middleware import MAX_BODY
from teleconsulta.main import create_app, openapi_document
from tests.builders import Builder
from tests.support import PUBLIC_URL, settings_for

APP_ORIGIN = "https://app.clinica.example"
FOREIGN = (
    "https://evil.example",
    "null",
    "https://clinica.example.evil.example",
    "https://evilclinica.example",
    "http://clinica.example",
    "https://clinica.example:444",
    "https://clinica.example/",
    "HTTPS://CLINICA.EXAMPLE",
    "*",
    "",
)
ID = "01930000-0000-7000-8000-000000000000"


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every operation of the OpenAPI document as (method, path)."""
    paths = openapi_document(app)["paths"]
    return [(method.upper(), re.sub(r"\{[^}]+\}", ID, path)) for path, item in paths.items() for method in item]


def changing(app: FastAPI) -> list[tuple[str, str]]:
    return [(method, path) for method, path in routes(app) if method != "GET"]


@pytest.fixture
async def bare(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client that sends nothing by itself."""
    async with AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url=PUBLIC_URL) as made:
        yield made


class TestForgery:
    async def test_no_change_without_the_header_that_forms_cannot_send(self, app: FastAPI, bare: AsyncClient) -> None:
        assert len(changing(app)) >= 6
        for method, path in changing(app):
            for headers in (
                {"Content-Type": "application/json"},
                {"Content-Type": "application/x-www-form-urlencoded"},
                {"Content-Type": "text/plain", "X-Teleconsulta": "0"},
                {"Content-Type": "multipart/form-data; boundary=x", "Sec-Fetch-Site": "same-origin"},
            ):
                answer = await bare.request(method, path, headers=headers, content=b"{}")
                assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path)

    async def test_no_change_from_another_site(self, app: FastAPI, client: AsyncClient) -> None:
        for method, path in changing(app):
            for headers in (
                *({"Origin": origin} for origin in FOREIGN),
                *({"Origin": origin, "Sec-Fetch-Site": "same-origin"} for origin in FOREIGN),
                {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"},
            ):
                answer = await client.request(method, path, headers=headers, json={})
                assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path, headers)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": PUBLIC_URL},
            {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "same-origin"},
        ],
        ids=["no browser", "origin", "both", "site"],
    )
    async def test_our_own_page_passes(self, client: AsyncClient, headers: dict[str, str]) -> None:
        assert (await client.post("/api/auth/logout", headers=headers)).status_code == 204

    async def test_a_page_that_came_by_another_name_of_this_host_passes(self, client: AsyncClient) -> None:
        headers = {"Host": "192.0.2.1:8080", "Origin": "https://192.0.2.1:8080", "Sec-Fetch-Site": "same-origin"}
        assert (await client.post("/api/auth/logout", headers=headers)).status_code == 204


class TestBodies:
    @pytest.mark.parametrize(
        "kind",
        ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/xml", ""],
    )
    async def test_only_json_is_read(self, app: FastAPI, client: AsyncClient, kind: str) -> None:
        for method, path in changing(app):
            answer = await client.request(method, path, headers={"Content-Type": kind}, content=b"email=a&password=b")
            assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type"), (method, path)

    @pytest.mark.parametrize("chunked", [False, True])
    async def test_and_not_much_of_it(self, app: FastAPI, client: AsyncClient, chunked: bool) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(MAX_BODY // 1024):
                yield b" " * 1024
            yield b"{}"

        for method, path in changing(app):
            headers = {"Content-Type": "application/json"}
            body = pieces() if chunked else b" " * MAX_BODY + b"{}"
            answer = await client.request(method, path, headers=headers, content=body)
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), (method, path)

    async def test_a_body_of_just_that_size_is_read(self, client: AsyncClient) -> None:
        body = b'{"email": "a@b.example", "password": "x"}'.ljust(MAX_BODY)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = await client.post("/api/auth/login", headers=headers, content=body)
        assert answer.json()["code"] == "invalid_credentials"

    @pytest.mark.parametrize(
        "body", [b"{", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 9_000, b"NaN", b'"\\ud800"', b"null", b'{"a": 1e999}']
    )
    async def test_what_is_not_json_is_refused_without_harm(self, client: AsyncClient, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = await client.post("/api/auth/login", headers=headers, content=body)
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"


class TestHost:
    @pytest.mark.parametrize(
        "host", ["a/b?c=", "a b", "clinica.example/api/users?", "@evil", "a#b", "[::1", "x:99999999"]
    )
    async def test_a_crooked_one_is_refused(self, client: AsyncClient, host: str) -> None:
        for path in ("/api/users", "/api/config", "/healthz", "/"):
            answer = await client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")

    async def test_two_of_them_are_refused(self, bare: AsyncClient) -> None:
        answer = await bare.get("/api/config", headers=[("Host", "clinica.example"), ("Host", "evil.example")])
        assert answer.status_code == 400

    @pytest.mark.parametrize("host", ["clinica.example", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "my_box"])
    async def test_a_plain_one_is_fine(self, client: AsyncClient, host: str) -> None:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


class TestCors:
    async def test_no_stranger_reads_an_answer(self, app: FastAPI, client: AsyncClient) -> None:
        for method, path in routes(app):
            for origin in FOREIGN:
                answer = await client.request(method, path, headers={"Origin": origin})
                assert "access-control-allow-origin" not in answer.headers, (method, path, origin)
                asked = {"Origin": origin, "Access-Control-Request-Method": method}
                preflight = await client.options(path, headers=asked)
                assert "access-control-allow-origin" not in preflight.headers, (method, path, origin)

    async def test_the_apps_own_origin_reads_with_its_cookies(self, dsn: str, tmp_path: Path) -> None:
        app = create_app(settings_for(dsn, tmp_path, cors_origins=[APP_ORIGIN]))
        async with AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL) as client:
            answer = await client.get("/api/config", headers={"Origin": APP_ORIGIN})
            assert answer.headers["access-control-allow-origin"] == APP_ORIGIN
            assert answer.headers["access-control-allow-credentials"] == "true"
            assert "Origin" in answer.headers["vary"]
            asked = {
                "Origin": APP_ORIGIN,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type, x-teleconsulta",
            }
            preflight = await client.options("/api/auth/login", headers=asked)
            assert preflight.status_code == 200
            assert preflight.headers["access-control-allow-origin"] == APP_ORIGIN
            changed = {"Origin": APP_ORIGIN, "Sec-Fetch-Site": "same-site", "X-Teleconsulta": "1"}
            assert (await client.post("/api/auth/logout", headers=changed)).status_code == 204
            for origin in (*FOREIGN, APP_ORIGIN + ".evil.example", APP_ORIGIN + ":8443"):
                answer = await client.get("/api/config", headers={"Origin": origin})
                assert "access-control-allow-origin" not in answer.headers
        await app.state.database.close()


async def test_a_cookie_alone_changes_nothing_and_reads_nothing(
    bare: AsyncClient, client: AsyncClient, build: Builder
) -> None:
    from tests.auth.test_login import sign_in

    doctor = await build.staff()
    cookie = (await sign_in(client, doctor.email)).cookies["__Host-tc_refresh"]
    headers = {"Cookie": f"__Host-tc_refresh={cookie}"}
    assert (await bare.get("/api/auth/me", headers=headers)).status_code == 401
    assert (await bare.post("/api/auth/refresh", headers=headers)).status_code == 403
    assert (await bare.get("/api/auth/refresh", headers=headers)).status_code in {404, 405}
