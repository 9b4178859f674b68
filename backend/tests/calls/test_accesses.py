"""Every reading of a record is on the log of accesses: the report equals what was done."""

from __future__ import annotations

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.keeping.past import consultation


async def test_the_report_equals_what_was_done(client: AsyncClient, build: Builder, database: Database) -> None:
    admin = await build.staff("admin", name="Adma Nunes")
    room, call_id = await consultation(build, database, 1)
    other, _ = await consultation(build, database, 1, "Outra Pessoa")
    doctor, stranger = room.doctor, other.doctor
    done = [
        (doctor, "/api/calls", "list"),
        (doctor, "/api/calls.csv", "csv"),
        (doctor, "/api/calls.json", "json"),
        (doctor, f"/api/calls/{call_id}", "record"),
        (doctor, f"/api/calls/{call_id}/quality", "quality"),
        (doctor, f"/api/calls/{call_id}/notes", "note"),
        (doctor, f"/api/calls/{call_id}/dossier", "dossier"),
        (doctor, f"/api/calls/{call_id}/fhir", "fhir"),
        (doctor, f"/api/rooms/{room.room_id}/follow-up", "follow_up"),
        (admin, f"/api/calls/{call_id}", "record"),
    ]
    for who, path, _ in done:
        assert (await client.get(path, headers=who.headers)).status_code == 200, path
    assert (await client.get(f"/api/calls/{call_id}", headers=stranger.headers)).status_code == 404
    wanted = {"patient_id": str(room.patient.person_id)}
    seen = (await client.get("/api/accesses", params=wanted, headers=admin.headers)).json()["items"]
    assert [(one["user"]["id"], one["what"]) for one in seen] == [(str(who.id), what) for who, _, what in done[::-1]]
    assert {one["patient"]["name"] for one in seen} == {"Benedita Quaresma"}
    page = await client.get(
        "/api/accesses", params={"user_id": str(doctor.id), "what": "record"}, headers=admin.headers
    )
    assert [one["call_id"] for one in page.json()["items"]] == [str(call_id)]


async def test_it_is_read_page_by_page(client: AsyncClient, build: Builder, database: Database) -> None:
    admin = await build.staff("admin")
    room, call_id = await consultation(build, database, 1)
    for _ in range(3):
        await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    first = (await client.get("/api/accesses", params={"limit": 2}, headers=admin.headers)).json()
    params = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await client.get("/api/accesses", params=params, headers=admin.headers)).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)


async def test_the_log_only_grows(client: AsyncClient, build: Builder, database: Database) -> None:
    room, call_id = await consultation(build, database, 1)
    await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    for statement in ("UPDATE record_accesses SET what = 'list'", "DELETE FROM record_accesses"):
        with pytest.raises(DBAPIError, match="only grows"):
            async with database.session() as session:
                await session.execute(text(statement))
