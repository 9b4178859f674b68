"""What only a demonstration has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from teleconsulta.auth.demo import ensure_demo_accounts
from teleconsulta.consultations.tasks import work
from teleconsulta.invitations.letters import ENTRYPOINT
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.presence.model import Facts, RoomState, Seat, Who
from tests.support import settings_for

ORIGIN = "http://localhost:8080"


@pytest.fixture
async def demo(dsn: str, tmp_path: Path, database: Database) -> AsyncIterator[FastAPI]:
    from teleconsulta.main import create_app

    settings = settings_for(dsn, tmp_path, demo=True, demo_password="girassol amarelo", public_url=ORIGIN)
    async with database.session() as session:
        await ensure_demo_accounts(session, settings)
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def visitor(demo: FastAPI) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(demo, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=ORIGIN, headers={"X-Teleconsulta": "1"}) as made:
        yield made


async def seat(visitor: AsyncClient, role: str) -> dict[str, str]:
    answer = await visitor.post("/api/demo/seats", json={"role": role})
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


def online(app: FastAPI, taken: dict[str, str]) -> None:
    """Somebody sits on this seat now."""
    moment, room_id = now(), UUID(taken["room_id"])
    facts = Facts(room_id, room_id, room_id, "Dra.", room_id, "Bia", "teleconsulta", *(moment,) * 3, False, True)
    who = Who(UUID(taken["participant_id"]), "nome", "doctor" if taken["role"] == "doctor" else "patient")
    state = RoomState(facts, seats=(Seat(who, "admitted", f"socket {who.id}", "page", moment),))
    known = app.state.presence.get(room_id)
    if known is None:
        app.state.presence.open(state)
    else:
        app.state.presence._rooms[room_id] = replace(known, seats=known.seats + state.seats)


async def test_without_demo_nothing_of_it_exists(client: AsyncClient) -> None:
    assert (await client.get("/api/demo")).status_code == 404
    assert (await client.get("/api/demo/outbox/x")).status_code == 404
    assert (await client.post("/api/demo/seats", json={"role": "doctor"})).status_code == 404


async def test_doctor_and_patient_meet(demo: FastAPI, visitor: AsyncClient) -> None:
    doctor, patient = await seat(visitor, "doctor"), await seat(visitor, "patient")
    assert doctor["room_id"] == patient["room_id"]
    assert doctor["participant_id"] != patient["participant_id"]
    claims = demo.state.tokens.read(patient["access_token"], "participant")
    assert (claims.subject, claims["role"]) == (patient["participant_id"], "patient")


async def test_whoever_comes_third_gets_another_room(demo: FastAPI, visitor: AsyncClient) -> None:
    doctor, patient = await seat(visitor, "doctor"), await seat(visitor, "patient")
    online(demo, doctor)
    online(demo, patient)
    third = await seat(visitor, "patient")
    assert third["room_id"] != doctor["room_id"]
    second_doctor = await seat(visitor, "doctor")
    assert second_doctor["room_id"] == third["room_id"]


async def test_whoever_was_here_may_come_back(demo: FastAPI, visitor: AsyncClient) -> None:
    doctor = await seat(visitor, "doctor")
    online(demo, doctor)
    first, again = await seat(visitor, "patient"), await seat(visitor, "patient")
    assert first["participant_id"] == again["participant_id"]


async def test_a_wrong_role_is_refused(visitor: AsyncClient) -> None:
    assert (await visitor.post("/api/demo/seats", json={"role": "admin"})).status_code == 422


async def test_letters_are_readable(demo: FastAPI, visitor: AsyncClient, database: Database) -> None:
    account = (await visitor.get("/api/demo")).json()
    assert (account["doctor_email"], account["password"]) == ("medica@demo.local", "girassol amarelo")
    assert account["outbox"] == []
    login = {"email": account["doctor_email"], "password": account["password"]}
    signed_in = (await visitor.post("/api/auth/login", json=login)).json()
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    wish = {"patient": {"name": "Bia Ñandú", "email": "bia@paciente.example"}}
    room = (await visitor.post("/api/rooms", json=wish, headers=headers)).json()
    await _deliver(demo, database)
    (letter,) = (await visitor.get("/api/demo")).json()["outbox"]
    assert letter["to"] == "Bia Ñandú <bia@paciente.example>"
    assert letter["link"].startswith(f"{ORIGIN}/paciente/{room['id']}#")
    token = letter["link"].split("#")[1]
    assert (await visitor.post("/api/invitations/redeem", json={"token": token})).status_code == 200
    whole = (await visitor.get(f"/api/demo/outbox/{letter['id']}")).json()
    assert letter["link"] in whole["text"]
    assert letter["link"] in whole["html"]
    assert (await visitor.get("/api/demo/outbox/nothing")).status_code == 404


async def _deliver(app: FastAPI, database: Database) -> None:
    """The worker's part, once."""
    from sqlalchemy import text

    async with database.session() as session:
        identifiers = (await session.scalars(text("SELECT id FROM deliveries WHERE state = 'queued'"))).all()
    send = work(app.state.settings).handlers[ENTRYPOINT]
    for identifier in identifiers:
        await send(database, {"delivery_id": str(identifier)})
