"""The app at another place than the server: cookies that travel as far as needed, and a way in without any (S-25)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.settings import Settings
from teleconsulta.main import create_app
from tests.auth.test_login import sign_in
from tests.builders import Builder
from tests.invitations.test_links import opened
from tests.support import PUBLIC_URL, settings_for

FAR = "https://teleconsulta.pages.example"
SIBLING = "https://app.clinica.example"
COOKIE = "__Host-tc_refresh"


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    return settings_for(dsn, tmp_path, app_url=FAR, cors_origins=[SIBLING])


@pytest.fixture
async def far(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A page of another site in a browser that keeps no cookie of ours: each request comes without any."""
    headers = {"X-Teleconsulta": "1", "Origin": FAR, "Sec-Fetch-Site": "cross-site"}
    async with AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL, headers=headers) as made:
        yield made


def attributes(answer: Response) -> set[str]:
    return {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}


async def refresh(client: AsyncClient, token: str | None, **headers: str) -> Response:
    client.cookies.clear()
    return await client.post("/api/auth/refresh", json={"refresh_token": token}, headers=headers)


class TestCookies:
    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({"Origin": FAR, "Sec-Fetch-Site": "cross-site"}, {"samesite=none", "partitioned"}),
            ({"Origin": FAR}, {"samesite=none", "partitioned"}),  # a browser that does not say
            ({"Origin": SIBLING, "Sec-Fetch-Site": "same-site"}, {"samesite=lax"}),
            ({"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}, {"samesite=lax"}),
            ({}, {"samesite=lax"}),
        ],
    )
    async def test_each_goes_as_far_as_the_page_that_asks(
        self, client: AsyncClient, build: Builder, headers: dict[str, str], expected: set[str]
    ) -> None:
        client.headers.update(headers)
        answer = await sign_in(client, (await build.staff()).email)
        found = attributes(answer)
        assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
        assert found >= {"secure", "httponly", "path=/"} | expected
        assert not any(part.startswith("domain") for part in found)
        assert ("partitioned" in found) == ("partitioned" in expected)

    async def test_one_is_taken_away_as_it_was_given(self, far: AsyncClient, build: Builder) -> None:
        await sign_in(far, (await build.staff()).email)
        answer = await far.post("/api/auth/logout")
        assert answer.headers["set-cookie"].startswith(f'{COOKIE}="";')
        assert attributes(answer) >= {"max-age=0", "samesite=none", "partitioned", "secure"}

    async def test_strangers_get_none(self, app: FastAPI, build: Builder) -> None:
        headers = {"X-Teleconsulta": "1", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        async with AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL, headers=headers) as evil:
            answer = await sign_in(evil, (await build.staff()).email)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


class TestWithoutCookies:
    async def test_the_session_lives_in_the_page(self, far: AsyncClient, build: Builder) -> None:
        first = await sign_in(far, (await build.staff()).email)
        second = await refresh(far, first.json()["refresh_token"])
        third = await refresh(far, second.json()["refresh_token"])
        bearer = {"Authorization": f"Bearer {third.json()['access_token']}"}
        assert (await far.get("/api/auth/me", headers=bearer)).status_code == 200
        assert len({one.json()["refresh_token"] for one in (first, second, third)}) == 3

    async def test_a_cookie_that_comes_back_takes_the_token_out_of_the_page(
        self, far: AsyncClient, build: Builder
    ) -> None:
        first = await sign_in(far, (await build.staff()).email)
        cookie = {"Cookie": f"{COOKIE}={first.cookies[COOKIE]}"}
        second = await refresh(far, first.json()["refresh_token"], **cookie)
        assert (second.status_code, second.json()["refresh_token"]) == (200, None)

    async def test_a_page_of_this_site_never_sees_the_token(self, client: AsyncClient, build: Builder) -> None:
        answer = await sign_in(client, (await build.staff()).email)
        assert answer.json()["refresh_token"] is None
        again = await client.post("/api/auth/refresh")
        assert (again.status_code, again.json()["refresh_token"]) == (200, None)

    async def test_a_token_that_comes_twice_ends_the_session_for_both(
        self, app: FastAPI, far: AsyncClient, build: Builder
    ) -> None:
        stolen = (await sign_in(far, (await build.staff()).email)).json()["refresh_token"]
        owner = (await refresh(far, stolen)).json()
        app.state.clock = lambda: now() + timedelta(seconds=11)
        for token in (stolen, owner["refresh_token"]):
            answer = await refresh(far, token)
            assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")

    async def test_signing_out_ends_it(self, far: AsyncClient, build: Builder) -> None:
        token = (await sign_in(far, (await build.staff()).email)).json()["refresh_token"]
        far.cookies.clear()
        assert (await far.post("/api/auth/logout", json={"refresh_token": token})).status_code == 204
        assert (await refresh(far, token)).json()["code"] == "session_ended"


async def test_links_lead_to_the_app(client: AsyncClient, build: Builder) -> None:
    room, _token = await opened(client, await build.staff())
    assert room["invitations"][0]["link"].startswith(f"{FAR}/paciente/{room['id']}#")


async def test_pages_at_another_place_see_that_the_server_lives(far: AsyncClient) -> None:
    assert (await far.get("/healthz")).headers["access-control-allow-origin"] == FAR
    assert "access-control-allow-origin" not in (await far.get("/readyz")).headers


@pytest.mark.parametrize("address", ["http://app.example", "https://app.example/x", "https://*.example", "app.example"])
async def test_a_server_for_an_app_at_no_exact_place_does_not_start(dsn: str, tmp_path: Path, address: str) -> None:
    assert "APP_URL is not an exact https origin." in settings_for(dsn, tmp_path, app_url=address).complaints()


async def test_the_app_at_another_place_needs_no_second_setting(dsn: str, tmp_path: Path) -> None:
    app = create_app(settings_for(dsn, tmp_path, app_url=f"{FAR}/"))
    async with AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL) as client:
        answer = await client.get("/api/config", headers={"Origin": FAR})
    assert answer.headers["access-control-allow-origin"] == FAR
    await app.state.database.close()
