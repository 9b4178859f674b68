"""The log stands and falls with the caller's transaction, and nobody forks it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth.models import User
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from tests.builders import Builder

ROOM = Ref("room", new_id())


async def actions(database: Database) -> list[str]:
    async with database.session() as session:
        return list((await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))).all())


async def test_an_entry_says_who_did_what_to_what(database: Database, build: Builder) -> None:
    doctor = await build.staff()
    address = Address("192.0.2.9", b"h" * 32)
    async with database.session() as session:
        user = await session.get_one(User, doctor.id)
        await audit.record(
            session, Action.ROOM_OPENED, actor=user, target=ROOM, room_id=ROOM.id, details={"n": 1}, ip=address
        )
    async with database.session() as session:
        (entry,) = (await session.scalars(select(AuditEntry))).all()
    assert (entry.seq, entry.action) == (1, "room:opened")
    assert (entry.actor_type, entry.actor_id) == ("user", doctor.id)
    assert (entry.target_type, entry.target_id, entry.room_id) == ("room", ROOM.id, ROOM.id)
    assert (entry.details, entry.ip_hash) == ({"n": 1}, b"h" * 32)


async def test_what_is_rolled_back_did_not_happen(database: Database) -> None:
    with pytest.raises(LookupError):
        await _record_and_fail(database)
    async with database.session() as session:
        await audit.record(session, Action.ROOM_CLOSED, target=ROOM)
    assert await actions(database) == ["room:closed"]


async def _record_and_fail(database: Database) -> None:
    async with database.session() as session:
        await audit.record(session, Action.ROOM_OPENED, target=ROOM)
        raise LookupError


async def test_a_savepoint_takes_only_its_own_entries_with_it(database: Database) -> None:
    async with database.session() as session:
        await audit.record(session, Action.ROOM_OPENED, target=ROOM)
        kept = await session.begin_nested()
        await audit.record(session, Action.INVITATION_ISSUED, target=ROOM)
        await kept.commit()
        undone = await session.begin_nested()
        await audit.record(session, Action.ROOM_MOVED, target=ROOM)
        await undone.rollback()
        await audit.record(session, Action.ROOM_CLOSED, target=ROOM)
    assert await actions(database) == ["room:opened", "invitation:issued", "room:closed"]
    async with database.session() as session:
        assert (await audit.verify(session)).ok


async def test_fifty_writers_at_once_leave_one_chain(database: Database) -> None:
    # As many as the pool has connections: waiting for one of those has a time-out of its own.
    connected = asyncio.Semaphore(8)

    async def write(number: int) -> None:
        async with connected, database.session() as session:
            for _ in range(3):
                await audit.record(session, Action.CALL_READ, target=Ref("call", uuid4()), details={"n": number})

    await asyncio.gather(*(write(n) for n in range(50)))
    async with database.session() as session:
        verdict = await audit.verify(session)
    assert (verdict.ok, verdict.entries) == (True, 150)


async def test_two_writers_that_want_each_others_rows_do_not_block_in_the_log(
    database: Database, build: Builder
) -> None:
    """Recording first and writing rows later must not hold the chain against somebody who does it the other way."""
    doctor = await build.staff()
    recorded, renamed = asyncio.Event(), asyncio.Event()

    async def record_first() -> None:
        async with database.session() as session:
            await audit.record(session, Action.USER_CHANGED, actor=Ref("user", doctor.id))
            recorded.set()
            await renamed.wait()
            (await session.get_one(User, doctor.id)).council = "CRM/SP 1"

    async def row_first() -> None:
        await recorded.wait()
        async with database.session() as session:
            (await session.get_one(User, doctor.id)).name = "Dra. Íris"
            await session.flush()
            renamed.set()
            await audit.record(session, Action.USER_CHANGED, actor=Ref("user", doctor.id))

    await asyncio.wait_for(asyncio.gather(record_first(), row_first()), 5)
    assert len(await actions(database)) == 2


@pytest.mark.parametrize(
    "details",
    [
        {"text": "ção 🙂", "none": None, "yes": True, "big": 2**60, "share": 0.1, "list": [1, {"b": 2, "a": 1}]},
        {"nul": "a\x00b", "lone": "\ud800"},
        {"id": uuid4(), "z": 1, "a": 2},
    ],
    ids=["kinds", "crooked text", "ids and order"],
)
async def test_whatever_stands_in_the_details_still_verifies(database: Database, details: dict[str, object]) -> None:
    async with database.session() as session:
        await audit.record(session, Action.CALL_ENDED, details=details)
    async with database.session() as session:
        assert (await audit.verify(session)).ok


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
)
async def test_the_table_itself_refuses_changes(database: Database, statement: str) -> None:
    async with database.session() as session:
        await audit.record(session, Action.ROOM_OPENED, target=ROOM)
    with pytest.raises(DBAPIError):
        await _execute(database, statement)
    assert await actions(database) == ["room:opened"]


async def _execute(database: Database, statement: str) -> None:
    async with database.session() as session:
        await session.execute(text(statement))
