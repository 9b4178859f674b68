"""Everything that is kept of one person, and nothing that is another's."""

from __future__ import annotations

import io
import zipfile

import orjson
from httpx import AsyncClient
from sqlalchemy import select, text

from teleconsulta.audit.models import AuditEntry
from teleconsulta.keeping import graph
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.keeping.past import consultation


async def export(client: AsyncClient, build: Builder, person_id: object, *, notes: bool = False) -> zipfile.ZipFile:
    admin = await build.staff("admin", name="Adma Nunes")
    answer = await client.post(f"/api/people/{person_id}/export", json={"notes": notes}, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def test_all_of_ones_own_and_nothing_of_others(client: AsyncClient, build: Builder, database: Database) -> None:
    room, call_id = await consultation(build, database, 1, "Benedita <b>Quaresma</b>")
    other, _ = await consultation(build, database, 1, "Outra Pessoa")
    await build.guest(room.room_id, "companion", name="Acompanhante Sigiloso")
    read = await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    assert read.status_code == 200
    made = await export(client, build, room.patient.person_id)
    kept = orjson.loads(made.read("dados.json"))["kept"]
    assert [row["id"] for row in kept["calls"]] == [str(call_id)]
    assert {row["text"] for row in kept["chat_messages"]} == {"Bom dia", "Olá 👋"}
    assert len(kept["consents"]) == 2
    assert [row["what"] for row in kept["record_accesses"]] == ["record", "subject_export"]
    whole = b"".join(made.read(name) for name in made.namelist())
    for foreign in (b"Outra Pessoa", b"Acompanhante Sigiloso", b"Segredo", str(other.room_id).encode()):
        assert foreign not in whole
    pages = made.read("leia-me.html").decode()
    assert "Benedita &lt;b&gt;Quaresma&lt;/b&gt;" in pages
    assert "Dra. Íris Valadão" in pages
    assert made.read(f"documentos/{kept['issued_documents'][0]['id']}.pdf") == b"%PDF-1.7"


async def test_it_holds_every_table_that_hangs_on_a_person(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    room, _ = await consultation(build, database, 1)
    async with database.session() as session:
        parts = await graph.collect(session, "people", [room.patient.person_id])
        filled = {part.table for part in parts if await graph.count(session, part)}
    made = await export(client, build, room.patient.person_id)
    assert set(orjson.loads(made.read("dados.json"))["kept"]) == filled | {"record_accesses"}
    assert {"people", "rooms", "calls", "call_notes", "issued_documents", "consents", "room_events"} <= filled


async def test_notes_only_when_asked_for_and_then_it_is_on_the_log(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    room, _ = await consultation(build, database, 1)
    made = await export(client, build, room.patient.person_id, notes=True)
    assert "Segredo médico" in made.read("leia-me.html").decode()
    async with database.session() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "subject:exported"))
        assert entry is not None
        assert entry.details["notes"] is True
        assert entry.target_id == room.patient.person_id
        assert "Benedita" not in str((await session.execute(text("SELECT details FROM audit_entries"))).all())


async def test_a_person_is_found_by_name_or_address(client: AsyncClient, build: Builder, database: Database) -> None:
    await consultation(build, database, 1, "José Araújo")
    admin = await build.staff("admin")
    for words in ("jose ara", "BIA@paciente"):
        answer = await client.post("/api/people/search", json={"query": words}, headers=admin.headers)
        (found,) = answer.json()["items"]
        assert (found["name"], found["consultations"]) == ("José Araújo", 1)
        assert found["kept_until"] > found["last_entry_on"]
    nobody = await client.post("/api/people/search", json={"query": "%%"}, headers=admin.headers)
    assert nobody.json()["items"] == []
