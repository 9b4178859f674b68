"""What is withdrawn elsewhere cuts live sockets within a second, and keeps them from coming back."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update

from teleconsulta.auth.models import StaffSession, User
from teleconsulta.consents.models import Consent
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.rooms.models import Room, RoomParticipant
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Refused


@pytest.fixture
async def visit(visit: Visit) -> Visit:
    """With a server that listens to the database already."""
    await asyncio.wait_for(visit.live.app.state.signaling.listening(), 5)
    return visit


async def test_a_revoked_person_is_cut_and_cannot_come_back(visit: Visit, build: Builder, database: Database) -> None:
    room, doctor, patient = await visit.call(build)
    async with database.session() as session:
        row = update(RoomParticipant).where(RoomParticipant.id == room.patient.participant_id)
        await session.execute(row.values(revoked_at=now()))
        await announce(session, "participant_revoked", participant_id=room.patient.participant_id, room_id=room.room_id)
    await patient.is_cut()
    assert ("session_revoked", {"code": "revoked"}) in patient.heard
    assert (await doctor.hears("participant_left"))["reason"] == "revoked"
    with pytest.raises(Refused) as refused:
        await visit.patient(room)
    assert refused.value.code == "revoked"


async def test_what_is_rolled_back_was_not_announced(visit: Visit, build: Builder, database: Database) -> None:
    room, _, patient = await visit.call(build)

    async def undone() -> None:
        async with database.session() as session:
            gone = {"participant_id": room.patient.participant_id, "room_id": room.room_id}
            await announce(session, "participant_revoked", **gone)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    async with database.session() as session:
        await announce(session, "something_new", room_id=room.room_id)
    assert (await patient.says("media_state", audio=True))["ok"]


async def test_a_room_closed_elsewhere_is_closed_here(visit: Visit, build: Builder, database: Database) -> None:
    room, doctor, patient = await visit.call(build)
    async with database.session() as session:
        await session.execute(update(Room).where(Room.id == room.room_id).values(state="closed", closed_at=now()))
        await announce(session, "room_closed", room_id=room.room_id)
    for person in (doctor, patient):
        ended = await person.hears("call_ended")
        assert (ended["reason"], ended["room_closed"]) == ("room_closed", True)
        await person.is_cut()


async def test_signing_out_cuts_every_socket_of_the_session(visit: Visit, build: Builder, database: Database) -> None:
    room, doctor, patient = await visit.call(build)
    feed = await visit.join(room.doctor.token)
    async with database.session() as session:
        ended = update(StaffSession).where(StaffSession.id == room.doctor.session_id)
        await session.execute(ended.values(ended_at=now()))
        await announce(session, "session_ended", session_id=room.doctor.session_id)
    for person in (doctor, feed):
        await person.hears("session_revoked", code="signed_out")
        await person.is_cut()
    away = await patient.hears("participant_updated")
    assert away["participant"]["connection"] == "away"
    # The access token still has minutes to live, and the seat is still held.
    for handshake in ({}, {"room_id": room.room_id}):
        with pytest.raises(Refused) as refused:
            await visit.join(room.doctor.token, **handshake)
        assert refused.value.code == "revoked"


async def test_a_disabled_user_is_cut(visit: Visit, build: Builder, database: Database) -> None:
    staff = await build.staff()
    feed = await visit.join(staff.token)
    async with database.session() as session:
        await session.execute(update(User).where(User.id == staff.id).values(disabled_at=now()))
        await announce(session, "user_ended", user_id=staff.id)
    await feed.is_cut()
    with pytest.raises(Refused) as refused:
        await visit.join(staff.token)
    assert refused.value.code == "revoked"


async def test_news_that_were_missed_are_caught_up_with(visit: Visit, build: Builder, database: Database) -> None:
    """The listener's connection is lost; meanwhile things are withdrawn, and nobody is told."""
    closed, _, in_closed = await visit.call(build)
    revoked, revoking_doctor, in_revoked = await visit.call(build)
    unwilling, _, in_unwilling = await visit.call(build)
    staff = await build.staff()
    feed = await visit.join(staff.token)
    async with database.session() as session:
        agreed = update(Consent).where(Consent.room_id == unwilling.room_id)
        await session.execute(agreed.values(withdrawn_at=now()))
        await session.execute(update(Room).where(Room.id == closed.room_id).values(state="closed"))
        row = update(RoomParticipant).where(RoomParticipant.id == revoked.patient.participant_id)
        await session.execute(row.values(revoked_at=now()))
        ended = update(StaffSession).where(StaffSession.id == staff.session_id)
        await session.execute(ended.values(ended_at=now()))
        listening = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'")
        await session.execute(listening)
    await asyncio.gather(in_closed.is_cut(), in_revoked.is_cut(), in_unwilling.is_cut(), feed.is_cut())
    assert (await revoking_doctor.says("media_state", audio=True))["ok"]
