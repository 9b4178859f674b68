"""The history over REST: what is told, to whom, page by page."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.consents.catalogue import CURRENT
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.calls.records import ended_call

pytestmark = pytest.mark.slow


async def test_one_record_says_who_when_how_long_and_over_which_path(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room()
    call_id = await ended_call(database, room, seconds=600)
    answer = await client.get(f"/api/calls/{call_id}", headers=room.doctor.headers)
    assert answer.status_code == 200
    record = answer.json()
    assert (record["duration_seconds"], record["path"], record["outcome"]) == (600, "relay", "completed")
    assert record["quality_grade"] == "good"
    doctor, patient = record["participants"]
    assert (doctor["role"], doctor["seconds"]) == ("doctor", 600)
    assert (patient["role"], patient["seconds"], len(patient["stays"])) == ("patient", 540, 2)
    assert [message["text"] for message in record["messages"]] == ["Bom dia", "Olá 👋"]
    assert record["consents"][0]["version"] == CURRENT
    assert [entry["event"] for entry in record["timeline"]] == ["admitted", "consented"]
    quality = await client.get(f"/api/calls/{call_id}/quality", headers=room.doctor.headers)
    assert [point["quality"] for point in quality.json()["items"]] == [{"rtt_ms": 35}]


@pytest.mark.parametrize("path", ["/api/calls/{}", "/api/calls/{}/quality"])
async def test_another_doctors_record_does_not_exist(
    path: str, build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room()
    call_id = await ended_call(database, room)
    url = path.format(call_id)
    stranger, admin = await build.staff(), await build.staff("admin")
    assert (await client.get(url)).status_code == 401
    assert (await client.get(url, headers=room.patient.headers)).status_code == 403
    assert (await client.get(url, headers=stranger.headers)).json()["code"] == "not_found"
    assert (await client.get(url, headers=admin.headers)).status_code == 200
    assert (await client.get("/api/calls", headers=stranger.headers)).json()["items"] == []
    assert len((await client.get("/api/calls", headers=admin.headers)).json()["items"]) == 1


async def test_the_pages_hold_every_call_once_from_the_newest_on(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    doctor = await build.staff()
    same = datetime(2026, 5, 4, 12, tzinfo=UTC)
    made = []
    for day in (0, 0, 0, 1, 2):  # three begin in the same instant: the id decides
        room = await build.room(doctor=doctor)
        made.append(await ended_call(database, room, started_at=same + timedelta(days=day)))
    seen, cursor = [], None
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/calls", params=query, headers=doctor.headers)).json()
        seen += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert sorted(item["id"] for item in seen) == sorted(str(call) for call in made)
    assert [item["started_at"] for item in seen] == sorted((item["started_at"] for item in seen), reverse=True)


async def test_filters(build: Builder, database: Database, client: AsyncClient) -> None:
    doctor = await build.staff()
    old, new = now() - timedelta(days=40), now() - timedelta(days=1)
    await ended_call(database, await build.room(doctor=doctor, patient_name="Ana Prado"), started_at=old)
    await ended_call(database, await build.room(doctor=doctor, patient_name="Bento Reis"), started_at=new)

    async def names(**query: str) -> list[str]:
        answer = await client.get("/api/calls", params=query, headers=doctor.headers)
        assert answer.status_code == 200, answer.text
        return [item["patient"]["name"] for item in answer.json()["items"]]

    assert await names() == ["Bento Reis", "Ana Prado"]
    assert await names(patient="ana p") == ["Ana Prado"]
    assert await names(patient="%") == []
    assert await names(**{"from": (now() - timedelta(days=2)).isoformat()}) == ["Bento Reis"]
    assert await names(to=(now() - timedelta(days=2)).isoformat()) == ["Ana Prado"]
    assert await names(outcome="no_show") == []
    assert await names(state="ended", doctor_id=str(doctor.id)) == ["Bento Reis", "Ana Prado"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("João Antônio", "joao"),
        ("João Antônio", "JOÃO ANTONIO"),
        ("Joao", "joão"),
        ("ÁGATA Muñoz", "agata munoz"),
        ("Zoe\u0308", "zoé"),
        ("Ελένη", "ελενη"),
        ("100% Ção", "% c"),
    ],
)
async def test_a_name_is_found_without_its_accents(
    name: str, asked: str, build: Builder, database: Database, client: AsyncClient
) -> None:
    doctor = await build.staff()
    for patient in (name, "Bento Reis"):
        await ended_call(database, await build.room(doctor=doctor, patient_name=patient))
    answer = await client.get("/api/calls", params={"patient": asked}, headers=doctor.headers)
    assert [item["patient"]["name"] for item in answer.json()["items"]] == [name]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "cursor=%25", "cursor=YWJj", "from=2026-01-01T00:00:00", "state=lost"]
)
async def test_a_question_that_makes_no_sense_is_refused(query: str, build: Builder, client: AsyncClient) -> None:
    doctor = await build.staff()
    answer = await client.get(f"/api/calls?{query}", headers=doctor.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


async def test_the_csv_holds_the_same_calls_and_no_formula(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    doctor = await build.staff()
    await ended_call(database, await build.room(doctor=doctor, patient_name='=HYPERLINK("http://x";"y")'))
    await ended_call(database, await build.room(doctor=doctor, patient_name="Zoé, da Silva"))
    answer = await client.get("/api/calls.csv", headers=doctor.headers)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["patient"] for row in rows} == {'\'=HYPERLINK("http://x";"y")', "Zoé, da Silva"}
    assert {row["duration_seconds"] for row in rows} == {"600"}


async def test_the_json_file_holds_what_the_list_says(build: Builder, database: Database, client: AsyncClient) -> None:
    doctor = await build.staff()
    for patient in ("Ana", "Zoé"):
        await ended_call(database, await build.room(doctor=doctor, patient_name=patient))
    listed = (await client.get("/api/calls", headers=doctor.headers)).json()["items"]
    answer = await client.get("/api/calls.json", headers=doctor.headers)
    assert answer.json() == {"items": listed}
    assert answer.headers["content-disposition"].endswith('.json"')
    narrowed = await client.get("/api/calls.json?patient=zoe", headers=doctor.headers)
    assert [item["patient"]["name"] for item in narrowed.json()["items"]] == ["Zoé"]


async def test_every_reading_leaves_one_line_in_the_audit_log(
    build: Builder, database: Database, client: AsyncClient
) -> None:
    room = await build.room()
    call_id = await ended_call(database, room)
    lists = ("/api/calls", "/api/calls.csv", "/api/calls.json")
    for url in (f"/api/calls/{call_id}", f"/api/calls/{call_id}/quality", *lists):
        assert (await client.get(url, headers=room.doctor.headers)).status_code == 200
    async with database.session() as session:
        found = await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))
        assert [action for action in found if action.startswith("call")] == [
            "call:read",
            "call:read",
            "calls:listed",
            "calls:exported",
            "calls:exported",
        ]
