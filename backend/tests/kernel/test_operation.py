"""Alive, ready, counted; what happens while the database is away, and which settings are refused."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from teleconsulta.kernel.db import Database
from teleconsulta.main import RefusedToStart, create_app
from tests.auth.test_login import sign_in
from tests.builders import Builder
from tests.kernel.clients import client_from
from tests.support import PUBLIC_URL, SECRET, settings_for


async def test_alive_and_ready(client: AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200, {"status": "ok", "checks": {"database": "ok", "schema": "ok"}},
    )  # fmt: skip


async def test_an_old_schema_is_not_ready(client: AsyncClient, database: Database) -> None:
    from sqlalchemy import text

    async with database.session() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (503, {"database": "ok", "schema": "failed"})


class TestWithoutADatabase:
    """The address is refused, or answers nothing at all."""

    @pytest.fixture(params=["refused", "silent"])
    async def address(self, request: pytest.FixtureRequest) -> Any:
        async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)

        writers: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        if request.param == "refused":
            server.close()
        yield f"postgresql://teleconsulta@127.0.0.1:{port}/none"
        for writer in writers:
            writer.close()
        server.close()

    async def test_the_process_lives_and_says_so_within_five_seconds(self, address: str, tmp_path: Path) -> None:
        app = create_app(settings_for(address, tmp_path))
        async with AsyncClient(
            transport=ASGITransport(app), base_url=PUBLIC_URL, headers={"X-Teleconsulta": "1"}
        ) as client:
            started = time.monotonic()
            answers = await asyncio.gather(*(sign_in(client, f"a{n}@clinica.example") for n in range(20)))
            assert time.monotonic() - started < 5.5
            for answer in answers:
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
                assert int(answer.headers["retry-after"]) >= 1
                assert answer.json()["retry_after"] >= 1
            assert (await client.get("/healthz")).status_code == 200
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "failed")
            refresh = await client.post("/api/auth/refresh", headers={"Cookie": "__Host-tc_refresh=x"})
            assert refresh.json()["code"] == "unavailable"
        await app.state.database.close()

    async def test_the_server_starts_and_stops_all_the_same(self, address: str, tmp_path: Path) -> None:
        app = create_app(settings_for(address, tmp_path))
        client = AsyncClient(transport=ASGITransport(app), base_url=PUBLIC_URL)
        async with asyncio.timeout(20), app.router.lifespan_context(app), client:
            assert (await client.get("/healthz")).status_code == 200


class TestMetrics:
    async def test_this_machine_reads_them(self, app: FastAPI, build: Builder) -> None:
        async with client_from(app, "127.0.0.1") as local:
            await sign_in(local, "nobody@clinica.example")
            await local.get("/api/Benedita")
            text = (await local.get("/metrics")).text
        assert 'teleconsulta_http_requests_total{method="POST",route="/api/auth/login",status="401"} 1.0' in text
        assert "Benedita" not in text
        assert "clinica" not in text

    async def test_nobody_else_does(self, app: FastAPI) -> None:
        async with client_from(app, "198.51.100.9") as stranger:
            for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
                assert (await stranger.get("/metrics", headers=headers)).status_code == 403
        async with client_from(app, "127.0.0.1", **{"X-Forwarded-For": "127.0.0.1"}) as proxied:
            assert (await proxied.get("/metrics")).status_code == 403

    async def test_but_with_the_token(self, dsn: str, tmp_path: Path) -> None:
        app = create_app(settings_for(dsn, tmp_path, metrics_token="a token for prometheus"))
        async with client_from(app, "198.51.100.9") as scraper:
            good = {"Authorization": "Bearer a token for prometheus"}
            assert (await scraper.get("/metrics", headers=good)).status_code == 200
            assert (await scraper.get("/metrics", headers={"Authorization": "Bearer other"})).status_code == 403
        await app.state.database.close()


async def test_public_facts(client: AsyncClient) -> None:
    facts = (await client.get("/api/config")).json()
    assert facts.pop("version")
    assert facts.pop("ice_urls") == settings_for("", Path()).turn_urls
    assert facts == {
        "demo": False, "clinic_name": "Clínica Horizonte", "languages": ["pt-BR", "en", "es"], "data_region": None,
        "clinic_zone": "America/Sao_Paulo",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": SECRET[:31]}, "SECRET_KEY"),
        ({"secret_key": "x" * 64}, "SECRET_KEY"),
        ({"secret_key": "change-me-" * 8}, "SECRET_KEY"),
        ({"secret_key_previous": "short"}, "SECRET_KEY_PREVIOUS"),
        ({"turn_secret": None}, "TURN_SECRET"),
        ({"turn_secret": "north"}, "TURN_SECRET"),
        ({"turn_secret": SECRET}, "TURN_SECRET"),
        ({"public_url": ""}, "PUBLIC_URL"),
        ({"public_url": "http://clinica.example"}, "PUBLIC_URL"),
        ({"database_url": "sqlite:///x.db"}, "DATABASE_URL"),
        ({"database_url": None}, "DATABASE_URL"),
        ({"cors_origins": ["*"]}, "CORS_ORIGINS"),
        ({"cors_origins": ["http://app.clinica.example"]}, "CORS_ORIGINS"),
        ({"cors_origins": ["https://app.clinica.example/"]}, "CORS_ORIGINS"),
        ({"cors_origins": ["https://*.clinica.example"]}, "CORS_ORIGINS"),
        ({"demo_password": "uma senha bem comprida"}, "DEMO_PASSWORD"),
        ({"trusted_proxies": ["everybody"]}, "TRUSTED_PROXIES"),
        ({"events_forward_url": "http://statistics.example/events"}, "EVENTS_FORWARD_URL"),
    ],
    ids=str,
)
def test_an_unsafe_server_is_refused_by_name_and_without_the_value(
    change: dict[str, Any], named: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedToStart) as refusal:
        create_app(settings_for("postgresql://x@/y", tmp_path, **change))
    assert str(refusal.value).startswith(f"{named} ")
    value = next(iter(change.values()))
    for secret in value if isinstance(value, list) else [value]:
        assert not secret or str(secret) not in str(refusal.value)


async def test_a_demonstration_makes_its_own_secret_and_keeps_it(dsn: str, tmp_path: Path) -> None:
    secrets = []
    for _ in range(2):
        app = create_app(settings_for(dsn, tmp_path, demo=True, secret_key="", public_url=""))
        secrets.append(app.state.settings.secret_key)
        await app.state.database.close()
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) >= 43
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
