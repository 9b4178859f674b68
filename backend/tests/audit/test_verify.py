"""A superuser may do anything to the table; the chain tells what they did."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from httpx import AsyncClient
from sqlalchemy import insert, text

from teleconsulta import audit
from teleconsulta.audit import Head
from teleconsulta.audit.chain import GENESIS, Link
from teleconsulta.audit.keeper import HeadKeeper
from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from tests.builders import Builder

# Three batches of the verification, and more cost time, not truth.
ENTRIES = 2_500


async def fill(database: Database, entries: int) -> Head:
    """A chain of so many entries, made in one go; its head."""
    room, previous, start, rows = new_id(), GENESIS, now(), []
    for seq in range(1, entries + 1):
        link = Link(
            seq, start + timedelta(microseconds=seq), "call:read", "user", new_id(), "call", new_id(), room,
            {"n": seq}, None, previous,
        )  # fmt: skip
        previous = link.digest()
        rows.append({**{name: getattr(link, name) for name in Link.__slots__}, "hash": previous})
    async with database.session() as session:
        for first in range(0, entries, 1000):
            await session.execute(insert(AuditEntry), rows[first : first + 1000])
    return Head(entries, previous)


async def tamper(dsn: str, *statements: str) -> None:
    """What only the owner of the table can do: switch the triggers off, change, switch them on again."""
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("ALTER TABLE audit_entries ENABLE TRIGGER USER")
    await connection.close()


SWAP = """UPDATE audit_entries a SET at = b.at, actor_id = b.actor_id, details = b.details, hash = b.hash,
previous_hash = b.previous_hash FROM audit_entries b WHERE (a.seq, b.seq) IN ((1001, 1002), (1002, 1001))"""


@pytest.mark.parametrize(
    ("statements", "broken_at", "problem"),
    [
        ((), None, None),
        (("UPDATE audit_entries SET details = '{\"n\": 1}' WHERE seq = 1777",), 1777, "entry_changed"),
        (("UPDATE audit_entries SET action = 'call:ended' WHERE seq = 1",), 1, "entry_changed"),
        (("UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE seq = 2000",), 2000, "entry_changed"),
        (("UPDATE audit_entries SET actor_id = NULL WHERE seq = 2500",), 2500, "entry_changed"),
        (("UPDATE audit_entries SET ip_hash = '\\x00' WHERE seq = 12",), 12, "entry_changed"),
        (("DELETE FROM audit_entries WHERE seq = 1250",), 1250, "entry_missing"),
        (("DELETE FROM audit_entries WHERE seq <= 3",), 1, "entry_missing"),
        (
            (
                "DELETE FROM audit_entries WHERE seq = 1250",
                "UPDATE audit_entries SET seq = seq - 1 WHERE seq > 1250",
            ),
            1250,
            "chain_broken",
        ),
        ((SWAP,), 1001, "chain_broken"),
        (("DELETE FROM audit_entries WHERE seq > 2490",), 2491, "tail_cut"),
        (("DELETE FROM audit_entries",), 1, "tail_cut"),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, tuple) else " ".join(value)[:60] or "untouched",
)
async def test_the_first_entry_that_is_not_as_written_is_named(
    database: Database, dsn: str, statements: tuple[str, ...], broken_at: int | None, problem: str | None
) -> None:
    head = await fill(database, ENTRIES)
    # Without its key, so that rows can be renumbered.
    await tamper(dsn, "ALTER TABLE audit_entries DROP CONSTRAINT pk_audit_entries", *statements)
    async with database.session() as session:
        verdict = await audit.verify(session, head)
    assert (verdict.broken_at, verdict.problem, verdict.ok) == (broken_at, problem, problem is None)


async def test_a_chain_that_was_written_anew_does_not_have_the_head_that_was_kept(database: Database, dsn: str) -> None:
    head = await fill(database, 20)
    await tamper(dsn, "DELETE FROM audit_entries")
    await fill(database, 30)
    async with database.session() as session:
        assert (await audit.verify(session)).ok
        verdict = await audit.verify(session, head)
    assert (verdict.broken_at, verdict.problem) == (20, "head_differs")


class TestTheHeadFile:
    async def test_is_written_and_never_goes_back(self, database: Database, tmp_path: Path) -> None:
        keeper = HeadKeeper(database, tmp_path)
        await keeper.keep()
        assert audit.read_head(tmp_path) is None
        head = await fill(database, 5)
        await keeper.keep()
        assert audit.read_head(tmp_path) == head
        audit.write_head(tmp_path, Head(3, b"\x01"))
        assert audit.read_head(tmp_path) == head

    async def test_that_is_damaged_counts_as_none(self, tmp_path: Path) -> None:
        for damage in (b"", b"{", b"[]", b'{"seq": "x", "hash": ""}', b'{"seq": 1}'):
            (tmp_path / "audit_head").write_bytes(damage)
            assert audit.read_head(tmp_path) is None

    async def test_is_left_alone_by_a_database_that_is_away(self, tmp_path: Path) -> None:
        database = Database("postgresql://nobody@127.0.0.1:1/none")
        await HeadKeeper(database, tmp_path).keep()
        assert audit.read_head(tmp_path) is None
        await database.close()


class TestRest:
    async def test_an_admin_reads_and_verifies_and_that_is_recorded(self, client: AsyncClient, build: Builder) -> None:
        admin, room = await build.staff("admin"), await build.room()
        for _ in range(3):
            await client.patch(f"/api/users/{room.doctor.id}", json={"council": "CRM/SP 1"}, headers=admin.headers)
        first = (await client.get("/api/audit?limit=2", headers=admin.headers)).json()
        assert [entry["seq"] for entry in first["items"]] == [3, 2]
        rest = (await client.get(f"/api/audit?cursor={first['next_cursor']}", headers=admin.headers)).json()
        assert [entry["seq"] for entry in rest["items"]] == [1]
        assert rest["next_cursor"] is None
        verdict = (await client.get("/api/audit/verify", headers=admin.headers)).json()
        assert (verdict["ok"], verdict["entries"], verdict["broken_at"]) == (True, 5, None)
        newest = (await client.get("/api/audit?limit=3", headers=admin.headers)).json()["items"]
        assert [entry["action"] for entry in newest] == ["audit:verified", "audit:read", "audit:read"]
        assert newest[0]["actor"] == {"type": "user", "id": str(admin.id)}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("action=user:changed", 1),
            ("action=room:opened", 0),
            ("from=2000-01-01T00:00:00Z", 1),
            ("to=2000-01-01T00:00:00Z", 0),
            ("actor_id=00000000-0000-7000-8000-000000000000", 0),
        ],
    )
    async def test_it_can_be_narrowed(self, client: AsyncClient, build: Builder, query: str, found: int) -> None:
        admin, doctor = await build.staff("admin"), await build.staff()
        await client.patch(f"/api/users/{doctor.id}", json={"council": None}, headers=admin.headers)
        answer = await client.get(f"/api/audit?{query}", headers=admin.headers)
        assert len(answer.json()["items"]) == found

    @pytest.mark.parametrize("path", ["/api/audit", "/api/audit/verify"])
    async def test_nobody_else_reads_it(self, client: AsyncClient, build: Builder, path: str) -> None:
        room = await build.room()
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers=room.doctor.headers)).status_code == 403
        assert (await client.get(path, headers=room.patient.headers)).status_code == 403

    @pytest.mark.parametrize("query", ["cursor=eA", "cursor=LTE", "limit=0", "action=nothing", "from=yesterday"])
    async def test_a_crooked_question_is_refused(self, client: AsyncClient, build: Builder, query: str) -> None:
        admin = await build.staff("admin")
        answer = await client.get(f"/api/audit?{query}", headers=admin.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")

    async def test_it_notices_a_tail_that_was_cut(
        self, client: AsyncClient, build: Builder, database: Database, dsn: str, settings: Settings
    ) -> None:
        admin = await build.staff("admin")
        for _ in range(4):
            await client.get("/api/audit", headers=admin.headers)
        directory = settings.var_dir
        await HeadKeeper(database, directory).keep()
        await tamper(dsn, "DELETE FROM audit_entries WHERE seq > 2")
        verdict = (await client.get("/api/audit/verify", headers=admin.headers)).json()
        assert (verdict["ok"], verdict["problem"], verdict["broken_at"]) == (False, "tail_cut", 3)


async def test_the_guards_stand_in_the_schema(database: Database) -> None:
    async with database.session() as session:
        found = await session.scalar(
            text("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_entries'::regclass AND NOT tgisinternal")
        )
    assert found
