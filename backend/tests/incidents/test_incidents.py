"""The register of incidents: written once, continued, never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder


async def test_from_the_first_line_to_the_last(client: AsyncClient, build: Builder, database: Database) -> None:
    admin = await build.staff("admin", name="Adma Nunes")
    known = now() - timedelta(hours=5)
    wish = {"title": "Notebook furtado", "known_at": known.isoformat(), "text": "Levado do consultório 3."}
    opened = await client.post("/api/incidents", json=wish, headers=admin.headers)
    assert opened.status_code == 201, opened.text
    assert (opened.json()["state"], opened.json()["settled_at"]) == ("open", None)
    url = f"/api/incidents/{opened.json()['id']}/entries"
    for kind in ("measure", "authority_told", "closed", "reopened", "closed"):
        answer = await client.post(url, json={"kind": kind, "text": f"Feito: {kind}."}, headers=admin.headers)
        assert answer.status_code == 201
    (shown,) = (await client.get("/api/incidents", headers=admin.headers)).json()["items"]
    kinds = [entry["kind"] for entry in shown["entries"]]
    assert kinds == ["note", "measure", "authority_told", "closed", "reopened", "closed"]
    assert shown["state"] == "closed"
    assert shown["settled_at"] == shown["entries"][2]["at"]
    assert shown["entries"][0]["author"] == "Adma Nunes"
    taken = await client.get("/api/incidents.json", headers=admin.headers)
    assert taken.json()["items"] == [shown]
    assert "attachment" in taken.headers["content-disposition"]
    async with database.session() as session:
        logged = (await session.execute(text("SELECT action, details FROM audit_entries ORDER BY seq"))).all()
    assert [row.action for row in logged].count("incident:continued") == 5
    assert "furtado" not in str(logged)
    assert "Feito" not in str(logged)
    for statement in (
        "UPDATE incident_entries SET text = ''",
        "DELETE FROM incident_entries",
        "UPDATE incidents SET title = ''",
    ):
        with pytest.raises(DBAPIError, match="only grows"):
            async with database.session() as session:
                await session.execute(text(statement))


async def test_nobody_knows_of_it_tomorrow(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    wish = {"title": "Futuro", "known_at": (now() + timedelta(hours=1)).isoformat(), "text": "…"}
    answer = await client.post("/api/incidents", json=wish, headers=admin.headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "known_at")
