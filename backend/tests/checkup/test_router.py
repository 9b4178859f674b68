"""The examination over REST: for administrators, one at a time, on the audit log; and what the server tells its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text

from teleconsulta.checkup import examination
from teleconsulta.checkup.examination import Area
from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import IDS, Report
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.tokens import Tokens
from tests.builders import Builder
from tests.support import SECRET, TURN_SECRET


class Gate:
    """An area that takes as long as a test likes."""

    def __init__(self) -> None:
        self.entered, self.open = asyncio.Event(), asyncio.Event()

    async def look(self, _about: Installation, report: Report) -> None:
        self.entered.set()
        await self.open.wait()
        report.wrong("smtp", "login", host="mail.clinica.example")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(examination, "AREAS", (Area(("smtp",), made.look),))
    return made


async def test_an_admin_sees_every_line_in_their_language(
    client: AsyncClient, build: Builder, database: Database, gate: Gate
) -> None:
    admin = await build.staff("admin")
    gate.open.set()
    answer = await client.post("/api/checkup", json={"language": "es"}, headers=admin.headers)
    found = answer.json()
    assert (answer.status_code, found["wrong"]) == (200, 1)
    assert [line["id"] for line in found["lines"]] == list(IDS)
    mail = next(line for line in found["lines"] if line["id"] == "smtp")
    assert mail["finding"] == "mail.clinica.example rechaza usuario o contraseña"
    assert mail["remedy"]
    assert SECRET not in answer.text
    assert TURN_SECRET not in answer.text
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM audit_entries WHERE action = 'checkup:run'")) == 1


async def test_only_one_goes_on_at_a_time(client: AsyncClient, build: Builder, gate: Gate) -> None:
    admin = await build.staff("admin")

    async def ask() -> Response:
        return await client.post("/api/checkup", json={"language": "en"}, headers=admin.headers)

    first = asyncio.create_task(ask())
    await gate.entered.wait()
    second = await ask()
    assert (second.status_code, second.json()["code"]) == (409, "checkup_busy")
    gate.open.set()
    assert (await first).status_code == 200
    assert (await ask()).status_code == 200


async def test_the_server_tells_how_it_sees_the_caller_only_to_who_has_its_key(
    app: FastAPI, client: AsyncClient, tokens: Tokens, build: Builder
) -> None:
    key = tokens.issue("checkup", "checkup", now() + timedelta(minutes=1))
    seen = await client.get(
        "/api/checkup/seen", headers={"Authorization": f"Bearer {key}", "X-Forwarded-For": "192.0.2.7"}
    )
    assert (seen.status_code, seen.json()["forwarded"]) == (200, True)
    admin = await build.staff("admin")
    foreign = Tokens("".join(reversed(SECRET))).issue("checkup", "checkup", now() + timedelta(minutes=1))
    for raw in (admin.token, foreign, ""):
        answer = await client.get("/api/checkup/seen", headers={"Authorization": f"Bearer {raw}"})
        assert answer.status_code == 401
