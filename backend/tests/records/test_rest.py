"""The record leaves over REST: to whom, as what, and that it is put on the audit log."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest
from fastapi import FastAPI
from fhir.resources.R4B.bundle import Bundle
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from teleconsulta.records.signer import Signer
from teleconsulta.records.verification import examine
from tests.builders import Builder
from tests.calls.records import ended_call
from tests.support import SECRET

pytestmark = pytest.mark.slow


def rows(content: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in content.splitlines()]


async def recorded(database: Database, action: str) -> list[AuditEntry]:
    async with database.session() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by("seq")))


async def test_a_dossier_of_a_call_is_whole_and_tells_its_story(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room(patient_name="João 👋")
    call_id = await ended_call(database, room)
    await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    answer = await client.get(f"/api/calls/{call_id}/dossier", headers=room.doctor.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert f'{call_id}.jsonl"' in answer.headers["content-disposition"]
    published = (await client.get("/api/dossier-keys")).json()["items"]
    assert examine(answer.content, {published[0]["key"]}).problems == ()
    told = rows(answer.content)
    by_kind = {row["kind"]: row["data"] for row in told}
    assert [row["data"]["name"] for row in told if row["kind"] == "identity"] == ["Dra. Íris Valadão", "João 👋"]
    assert [row["data"]["text"] for row in told if row["kind"] == "message"] == ["Bom dia", "Olá 👋"]
    assert by_kind["consultation"]["outcome"] == "completed"
    assert by_kind["consent_text"]["text"].startswith("# Autorização")
    assert by_kind["participation"]["path"] == "relay"
    assert by_kind["header"]["issued_to"] == str(room.doctor.id)
    assert by_kind["audit"]["entry"]["action"] == "call:read"  # who looked is a part of the record


async def test_the_words_of_a_note_leave_with_its_doctor_alone(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room()
    call_id = await ended_call(database, room)
    for base, words in enumerate(("Dor.", "Dor há dias.")):
        wish = {"text": words, "base_version": base}
        saved = await client.put(f"/api/calls/{call_id}/notes", json=wish, headers=room.doctor.headers)
        assert saved.status_code == 200, saved.text
    admin = await build.staff("admin")
    own = await client.get(f"/api/calls/{call_id}/dossier", headers=room.doctor.headers)
    other = await client.get(f"/api/calls/{call_id}/dossier", headers=admin.headers)
    notes = [row["data"] for row in rows(own.content) if row["kind"] == "note"]
    assert [(note["version"], note.get("text")) for note in notes] == [(1, None), (2, "Dor há dias.")]
    assert notes[1]["sha256"] == hashlib.sha256("Dor há dias.".encode()).hexdigest()
    assert [row["data"] for row in rows(other.content) if row["kind"] == "note"] == [
        {name: value for name, value in note.items() if name != "text"} for note in notes
    ]
    assert "há dias" not in other.text


async def test_what_leaves_is_recorded_with_its_hash(build: Builder, database: Database, client: AsyncClient) -> None:
    room = await build.room()
    call_id = await ended_call(database, room)
    dossier = await client.get(f"/api/calls/{call_id}/dossier", headers=room.doctor.headers)
    fhir = await client.get(f"/api/calls/{call_id}/fhir", headers=room.doctor.headers)
    first, second = await recorded(database, "call:exported")
    key = Signer(SECRET).public_hex
    sha = hashlib.sha256(dossier.content).hexdigest()
    assert first.details == {"format": "dossier", "sha256": sha, "key": key}
    assert second.details == {"format": "fhir", "sha256": hashlib.sha256(fhir.content).hexdigest()}
    for entry in (first, second):
        assert (entry.actor_id, entry.target_id, entry.room_id) == (room.doctor.id, call_id, room.room_id)
        assert entry.ip_hash
    assert len(await recorded(database, "dossier_key:published")) == 1


async def test_the_bundle_of_a_call_is_fhir(build: Builder, database: Database, client: AsyncClient) -> None:
    room = await build.room(patient_name="João 👋")
    await build.guest(room.room_id, "interpreter")
    call_id = await ended_call(database, room)
    answer = await client.get(f"/api/calls/{call_id}/fhir", headers=room.doctor.headers)
    assert answer.headers["content-type"] == "application/fhir+json"
    found = answer.json()
    Bundle.model_validate(found)
    kinds = {entry["resource"]["resourceType"] for entry in found["entry"]}
    assert kinds == {
        "Encounter", "Organization", "Patient", "Practitioner", "RelatedPerson", "Consent", "DocumentReference",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/api/calls/{}/dossier", "/api/calls/{}/fhir"])
async def test_another_doctors_record_does_not_leave(
    path: str, build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room()
    url = path.format(await ended_call(database, room))
    stranger, admin = await build.staff(), await build.staff("admin")
    assert (await client.get(url)).status_code == 401
    assert (await client.get(url, headers=room.patient.headers)).status_code == 403
    assert (await client.get(url, headers=stranger.headers)).json()["code"] == "not_found"
    assert (await client.get(url, headers=admin.headers)).status_code == 200
    assert [entry.actor_id for entry in await recorded(database, "call:exported")] == [admin.id]


async def test_the_dossier_tells_of_a_log_that_was_tampered_with(
    build: Builder, database: Database, client: AsyncClient, dsn: str
) -> None:
    room = await build.room()
    call_id = await ended_call(database, room)
    await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    await connection.execute("UPDATE audit_entries SET actor_id = NULL")
    await connection.close()
    answer = await client.get(f"/api/calls/{call_id}/dossier", headers=room.doctor.headers)
    (only,) = examine(answer.content).problems
    assert "entry 1 of the audit log was changed" in only


class TestKeys:
    async def test_a_new_secret_is_a_new_key_and_the_old_one_stays_published(
        self, app: FastAPI, client: AsyncClient
    ) -> None:
        first = (await client.get("/api/dossier-keys")).json()["items"]
        assert [(one["key"], one["current"]) for one in first] == [(Signer(SECRET).public_hex, True)]
        app.state.settings.secret_key = "another secret, long enough to be one"
        later = app.state.clock() + timedelta(days=1)
        app.state.clock = lambda: later
        both = (await client.get("/api/dossier-keys")).json()["items"]
        assert [(one["key"], one["current"]) for one in both] == [
            (Signer("another secret, long enough to be one").public_hex, True),
            (Signer(SECRET).public_hex, False),
        ]

    async def test_a_published_key_stays(self, client: AsyncClient, dsn: str) -> None:
        await client.get("/api/dossier-keys")
        connection = await asyncpg.connect(dsn)
        for statement in ("UPDATE dossier_keys SET key = 'x'", "DELETE FROM dossier_keys", "TRUNCATE dossier_keys"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.close()
