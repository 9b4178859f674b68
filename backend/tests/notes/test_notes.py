"""Notes over REST: whose they are, that nothing is lost, that nothing is overwritten."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from teleconsulta.notes.repository import note_hashes
from teleconsulta.notes.service import LARGEST_BYTES
from tests.builders import Builder, Staff
from tests.calls.records import ended_call

pytestmark = pytest.mark.slow

TEXT = "Paciente refere melhora.\nManter “losartana” 50 mg. 👍"


class Desk:
    """A doctor's page with the note of one call."""

    def __init__(self, client: AsyncClient, doctor: Staff, call_id: UUID) -> None:
        self.client, self.doctor, self.call_id = client, doctor, call_id
        self.url = f"/api/calls/{call_id}/notes"

    async def read(self, **query: Any) -> dict[str, Any]:
        answer = await self.client.get(self.url, params=query, headers=self.doctor.headers)
        assert answer.status_code == 200
        note: dict[str, Any] = answer.json()
        return note

    async def save(self, text: str, base: int) -> Response:
        wish = {"text": text, "base_version": base}
        return await self.client.put(self.url, json=wish, headers=self.doctor.headers)


@pytest.fixture
async def desk(client: AsyncClient, build: Builder, database: Database) -> Desk:
    room = await build.room()
    return Desk(client, room.doctor, await ended_call(database, room))


async def test_a_note_is_read_as_it_was_written(desk: Desk) -> None:
    assert await desk.read() == {
        "call_id": str(desk.call_id),
        "version": 0,
        "text": "",
        "sha256": None,
        "saved_at": None,
    }
    saved = (await desk.save(TEXT, 0)).json()
    assert (saved["version"], saved["sha256"]) == (1, hashlib.sha256(TEXT.encode()).hexdigest())
    assert await desk.read() == saved


async def test_every_saved_version_stays(desk: Desk, database: Database) -> None:
    for base, text in enumerate(("a", "a b", "")):
        assert (await desk.save(text, base)).status_code == 200
    assert [(await desk.read(version=number))["text"] for number in (1, 2, 3)] == ["a", "a b", ""]
    listed = (await desk.client.get(f"{desk.url}/versions", headers=desk.doctor.headers)).json()["items"]
    assert [(one["version"], one["bytes"]) for one in listed] == [(1, 1), (2, 3), (3, 0)]
    async with database.session() as session:
        hashes = await note_hashes(session, desk.call_id)
    assert [one.sha256 for one in hashes] == [one["sha256"] for one in listed]


async def test_a_stale_page_is_shown_both_texts_and_overwrites_nothing(desk: Desk) -> None:
    await desk.save("escrito no computador", 0)
    refused = await desk.save("escrito no celular", 0)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "note_conflict")
    assert (problem["current"]["text"], problem["current"]["version"]) == ("escrito no computador", 1)
    assert problem["yours"] == {"text": "escrito no celular", "base_version": 0}
    assert (await desk.read())["text"] == "escrito no computador"
    assert (await desk.save("escrito nos dois", problem["current"]["version"])).json()["version"] == 2


async def test_a_version_that_does_not_exist_yet_is_no_base(desk: Desk) -> None:
    assert (await desk.save("adiantado", 7)).json()["code"] == "note_conflict"


async def test_of_two_pages_that_save_at_once_one_is_told(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.save(text, 0) for text in ("um", "dois")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    kept = next(answer for answer in answers if answer.status_code == 200).json()["text"]
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert (refused["current"]["text"], (await desk.read())["text"]) == (kept, kept)


async def test_saving_again_after_a_lost_answer_makes_no_second_version(desk: Desk) -> None:
    await desk.save(TEXT, 0)
    again = await desk.save(TEXT, 0)
    assert (again.status_code, again.json()["version"]) == (200, 1)


@pytest.mark.parametrize("size", [LARGEST_BYTES + 1, 10_000_000])
async def test_a_note_that_is_too_long_is_refused_whole(desk: Desk, size: int) -> None:
    await desk.save("antes", 0)
    refused = await desk.save("x" * size, 1)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert (await desk.read())["text"] == "antes"


async def test_the_longest_note_is_kept(desk: Desk) -> None:
    assert (await desk.save("é" * (LARGEST_BYTES // 2), 0)).status_code == 200


async def test_what_no_database_stores_is_refused(desk: Desk) -> None:
    assert (await desk.save("a\x00b", 0)).status_code == 422


async def test_nobody_but_the_doctor_of_the_call_reads_or_writes(desk: Desk, build: Builder) -> None:
    await desk.save(TEXT, 0)
    stranger, admin, guest = await build.staff(), await build.staff("admin"), (await build.room()).patient
    for method, path in (("GET", ""), ("PUT", ""), ("GET", "/versions")):
        body: dict[str, Any] = {"json": {"text": "x", "base_version": 1}} if method == "PUT" else {}
        for person, status in ((stranger, 404), (admin, 403), (guest, 403)):
            answer = await desk.client.request(method, desk.url + path, headers=person.headers, **body)
            assert (answer.status_code, "losartana" in answer.text) == (status, False)
    record = await desk.client.get(f"/api/calls/{desk.call_id}", headers=admin.headers)
    assert "losartana" not in record.text


async def test_the_audit_log_has_versions_and_no_words(desk: Desk, database: Database) -> None:
    await desk.save(TEXT, 0)
    await desk.read()
    async with database.session() as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.seq))).all()
    assert [(entry.action, entry.details["version"]) for entry in entries] == [("note:saved", 1), ("note:read", 1)]
    assert all(entry.target_id == desk.call_id for entry in entries)
    assert "losartana" not in str([entry.details for entry in entries])


async def test_no_statement_changes_or_removes_a_version(desk: Desk, dsn: str) -> None:
    await desk.save(TEXT, 0)
    connection = await asyncpg.connect(dsn)
    for statement in ("UPDATE call_notes SET text = ''", "DELETE FROM call_notes", "TRUNCATE call_notes"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
