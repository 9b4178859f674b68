"""What is past its time goes: after a preview, as much as was shown, on the audit log, and by no other way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from teleconsulta import audit
from teleconsulta.audit.models import AuditEntry
from teleconsulta.incidents.models import Incident, IncidentEntry
from teleconsulta.keeping import runs
from teleconsulta.keeping.models import RetentionRun
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from tests.builders import Builder, Staff
from tests.keeping.past import YEAR, consultation


async def work_off(database: Database, run_id: str) -> None:
    await runs.handler(now)(database, {"run_id": run_id})


async def asked(client: AsyncClient, path: str, admin: Staff, status: int = 202) -> dict[str, Any]:
    answer = await client.post(f"/api/retention{path}", headers=admin.headers)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def run_of(client: AsyncClient, admin: Staff, run_id: str) -> dict[str, Any]:
    shown = (await client.get("/api/retention", headers=admin.headers)).json()
    return next(run for run in shown["runs"] if run["id"] == run_id)


async def rows(database: Database, table: str) -> int:
    async with database.session() as session:
        return int((await session.scalar(text(f"SELECT count(*) FROM {table}"))) or 0)  # noqa: S608 - a constant


async def test_a_preview_then_the_deletion_of_just_that(
    client: AsyncClient, build: Builder, database: Database, tmp_path: Path
) -> None:
    admin = await build.staff("admin")
    old, _ = await consultation(build, database, 21)
    young, young_call = await consultation(build, database, 19)
    await build.guest(old.room_id, "companion", consented_at=now() - 21 * YEAR)
    async with database.session() as session:
        await session.execute(text("UPDATE people SET created_at = created_at - interval '21 years'"))

    preview = await asked(client, "/previews", admin)
    assert (await asked(client, f"/previews/{preview['id']}/run", admin, 409))["code"] == "retention_preview_stale"
    await work_off(database, preview["id"])
    shown = await run_of(client, admin, preview["id"])
    counted = shown["counts"]["clinical_record"]
    assert shown["usable"]
    assert (counted["people"], counted["rooms"], counted["calls"]) == (2, 1, 1)
    assert (counted["call_notes"], counted["issued_documents"], counted["chat_messages"]) == (1, 1, 2)
    assert await rows(database, "people") == 3

    run = await asked(client, f"/previews/{preview['id']}/run", admin)
    await work_off(database, run["id"])
    await work_off(database, run["id"])  # a job that comes twice finds nothing more
    done = await run_of(client, admin, run["id"])
    assert (done["state"], done["counts"]["clinical_record"]) == ("done", counted)
    async with database.session() as session:
        assert (await session.scalars(text("SELECT id FROM calls"))).all() == [young_call]
        assert (await session.scalars(text("SELECT patient_id FROM rooms"))).all() == [young.patient.person_id]
        gone = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "retention:deleted"))).all()
        told = [entry.details for entry in gone if entry.details["class"] == "clinical_record"]
        assert told == [{"class": "clinical_record", "rows": counted}]
        assert (await audit.verify(session)).ok
    assert (await asked(client, f"/previews/{preview['id']}/run", admin, 409))["code"] == "retention_preview_stale"


async def attempt(database: Database, run: UUID, statement: str) -> None:
    """What a program would do that goes round the retention."""
    async with database.session() as session:
        await session.execute(runs.ORDERED_BY, {"run": str(run)})
        await session.execute(text(statement))


class TestTheGuard:
    async def ordered(self, database: Database, **changes: Any) -> UUID:
        values = {"dry_run": False, "state": "running", **changes}
        run = RetentionRun(
            id=new_id(), previewed_by=None, asked_by=None, as_of=now(), rules={}, counts={}, created_at=now(),
            finished_at=None, **values,
        )  # fmt: skip
        async with database.session() as session:
            session.add(run)
        return run.id

    @pytest.mark.parametrize(
        ("years", "changes"), [(21, {"dry_run": True}), (21, {"state": "done"}), (21, None), (19, {})]
    )
    async def test_lets_nothing_go_without_a_run_or_too_young(
        self, build: Builder, database: Database, years: int, changes: dict[str, Any] | None
    ) -> None:
        await consultation(build, database, years)
        run = await self.ordered(database, **changes) if changes is not None else new_id()
        for table in ("call_notes", "issued_documents"):
            with pytest.raises(DBAPIError, match="only grows"):
                await attempt(database, run, f"DELETE FROM {table}")  # noqa: S608 - a constant

    async def test_nothing_is_changed_even_by_a_run(self, build: Builder, database: Database) -> None:
        await consultation(build, database, 21)
        run = await self.ordered(database)
        for statement in ("UPDATE call_notes SET text = ''", "TRUNCATE call_notes"):
            with pytest.raises(DBAPIError, match="only grows"):
                await attempt(database, run, statement)


async def test_a_note_of_yesterday_keeps_the_record_of_long_ago(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    admin = await build.staff("admin")
    _, call_id = await consultation(build, database, 21)
    async with database.session() as session:
        await session.execute(
            text(
                "INSERT INTO call_notes (call_id, version, author_id, text, sha256, saved_at) "
                "SELECT id, 2, doctor_id, 'x', '0', now() FROM calls WHERE id = :id"
            ),
            {"id": call_id},
        )
    preview = await asked(client, "/previews", admin)
    await work_off(database, preview["id"])
    assert (await run_of(client, admin, preview["id"]))["counts"]["clinical_record"] == {}


class TestRules:
    @pytest.mark.parametrize(
        ("kind", "days", "status"),
        [("clinical_record", 7304, 422), ("clinical_record", 9000, 200), ("telemetry", 366, 422), ("incident", 1, 422)],
    )
    async def test_the_law_has_the_last_word(
        self, client: AsyncClient, build: Builder, kind: str, days: int, status: int
    ) -> None:
        admin = await build.staff("admin")
        answer = await client.put(f"/api/retention/{kind}", json={"days": days}, headers=admin.headers)
        assert answer.status_code == status

    async def test_other_rules_make_a_preview_stale(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        admin = await build.staff("admin")
        preview = await asked(client, "/previews", admin)
        await work_off(database, preview["id"])
        await client.put("/api/retention/telemetry", json={"days": 7}, headers=admin.headers)
        assert (await asked(client, f"/previews/{preview['id']}/run", admin, 409))["code"] == "retention_preview_stale"


async def test_every_day_the_technical_goes_by_itself(build: Builder, database: Database) -> None:
    await consultation(build, database, 1)
    await consultation(build, database, 21)
    async with database.session() as session:
        await session.execute(text("UPDATE staff_sessions SET expires_at = now() - interval '200 days'"))
        assert await session.scalar(text("SELECT count(*) FROM quality_samples")) == 2
    await runs.sweep(now)(database)
    await runs.sweep(now)(database)
    async with database.session() as session:
        (run,) = (await session.scalars(select(RetentionRun))).all()
    assert set(run.rules) == {"access_log", "telemetry", "outbox", "jobs"}
    await work_off(database, str(run.id))
    assert await rows(database, "quality_samples") == 0
    assert await rows(database, "staff_sessions") == 0
    assert await rows(database, "people") == 2


async def test_a_closed_incident_goes_after_five_years_an_open_one_stays(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    admin = await build.staff("admin")
    then = now() - 6 * YEAR
    async with database.session() as session:
        for kind in ("closed", "note"):
            incident = Incident(id=new_id(), title=kind, known_at=then, due_at=then, opened_at=then, opened_by=admin.id)
            session.add(incident)
            await session.flush()
            session.add(
                IncidentEntry(id=new_id(), incident_id=incident.id, kind=kind, text="…", author_id=admin.id, at=then)
            )
    preview = await asked(client, "/previews", admin)
    await work_off(database, preview["id"])
    run = await asked(client, f"/previews/{preview['id']}/run", admin)
    await work_off(database, run["id"])
    async with database.session() as session:
        assert (await session.scalars(text("SELECT title FROM incidents"))).all() == ["note"]
    assert then < now() - timedelta(days=1826)
