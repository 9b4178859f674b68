"""Who may join, and with which code everybody else is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from teleconsulta.consents.models import Consent
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.rooms.models import Room, RoomParticipant
from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Live, Refused

Case = Callable[[Live, Builder, Database, Tokens], Awaitable[Any]]


async def no_token(live: Live, *_: Any) -> None:
    await live.connect("")


async def nonsense(live: Live, *_: Any) -> None:
    await live.connect("nonsense")


async def link_token(live: Live, build: Builder, *_: Any) -> None:
    """The link itself opens no socket."""
    await live.connect((await build.room()).patient.link_token)


async def ran_out(live: Live, build: Builder, _: Database, tokens: Tokens) -> None:
    room = await build.room()
    old = tokens.issue(
        "participant",
        str(room.patient.participant_id),
        now() - timedelta(minutes=5),
        room=str(room.room_id),
        role="patient",
    )
    await live.connect(old)


async def other_room(live: Live, build: Builder, *_: Any) -> None:
    mine, other = await build.room(), await build.room()
    await live.connect(mine.patient.token, room_id=other.room_id)


async def other_doctor(live: Live, build: Builder, *_: Any) -> None:
    mine, other = await build.room(), await build.room()
    await live.connect(mine.doctor.token, room_id=other.room_id)


async def an_admin(live: Live, build: Builder, *_: Any) -> None:
    room, admin = await build.room(), await build.staff("admin")
    await live.connect(admin.token, room_id=room.room_id)


async def forged_room(live: Live, build: Builder, _: Database, tokens: Tokens) -> None:
    """A token that names a participant of another room does not exist in the database's eyes."""
    mine, other = await build.room(), await build.room()
    mixed = tokens.issue(
        "participant",
        str(mine.patient.participant_id),
        now() + timedelta(hours=1),
        room=str(other.room_id),
        role="doctor",
    )
    await live.connect(mixed)


async def old_page(live: Live, build: Builder, *_: Any) -> None:
    await live.connect((await build.room()).patient.token, protocol=0)


async def unknown_field(live: Live, build: Builder, *_: Any) -> None:
    await live.connect((await build.room()).patient.token, role="doctor")


async def revoked(live: Live, build: Builder, database: Database, _: Tokens) -> None:
    room = await build.room()
    async with database.session() as session:
        row = update(RoomParticipant).where(RoomParticipant.id == room.patient.participant_id)
        await session.execute(row.values(revoked_at=now()))
    await live.connect(room.patient.token)


async def closed(live: Live, build: Builder, database: Database, _: Tokens) -> None:
    room = await build.room()
    async with database.session() as session:
        await session.execute(update(Room).where(Room.id == room.room_id).values(state="closed", closed_at=now()))
    await live.connect(room.patient.token)


async def over(live: Live, build: Builder, *_: Any) -> None:
    await live.connect((await build.room(starts_at=now() - timedelta(hours=3))).patient.token)


async def early(live: Live, build: Builder, *_: Any) -> None:
    await live.connect((await build.room(starts_at=now() + timedelta(hours=1))).patient.token)


async def no_consent(live: Live, build: Builder, *_: Any) -> None:
    await live.connect((await build.room(consent=False)).patient.token)


async def consent_withdrawn(live: Live, build: Builder, database: Database, _: Tokens) -> None:
    room = await build.room()
    async with database.session() as session:
        await session.execute(update(Consent).where(Consent.room_id == room.room_id).values(withdrawn_at=now()))
    await live.connect(room.patient.token)


CASES: list[tuple[Case, str]] = [
    (no_token, "unauthorized"),
    (nonsense, "unauthorized"),
    (link_token, "unauthorized"),
    (ran_out, "expired"),
    (other_room, "unauthorized"),
    (other_doctor, "unauthorized"),
    (an_admin, "unauthorized"),
    (forged_room, "unauthorized"),
    (old_page, "protocol"),
    (unknown_field, "protocol"),
    (revoked, "revoked"),
    (closed, "room_closed"),
    (over, "room_closed"),
    (early, "too_early"),
    (no_consent, "consent_required"),
    (consent_withdrawn, "consent_required"),
]


async def test_everybody_else_is_refused_with_a_code(
    live: Live, build: Builder, database: Database, tokens: Tokens
) -> None:
    for case, code in CASES:
        with pytest.raises(Refused) as refused:
            await case(live, build, database, tokens)
        assert refused.value.code == code, case.__name__
        if code == "too_early":
            assert refused.value.data["opens_at"].endswith("Z")
    assert live.app.state.signaling.figures() == {"rooms": 0, "connections": 0, "calls": 0}


async def test_a_doctor_may_be_early(visit: Visit, build: Builder) -> None:
    room = await build.room(starts_at=now() + timedelta(hours=1))
    assert (await (await visit.doctor(room)).state())["self"]["role"] == "doctor"


async def test_an_extra_page_may_ask_before_it_takes_over(visit: Visit, build: Builder) -> None:
    room = await build.room()
    await visit.patient(room)
    with pytest.raises(Refused) as refused:
        await visit.patient(room, take_over=False)
    assert refused.value.code == "seat_taken"


async def test_a_fifth_person_finds_the_room_full(visit: Visit, build: Builder) -> None:
    room = await build.room(demo=True)
    guests = [room.patient] + [await build.guest(room.room_id, "companion") for _ in range(3)]
    await visit.doctor(room)
    for guest in guests[:3]:
        await visit.join(guest.token)
    with pytest.raises(Refused) as refused:
        await visit.join(guests[3].token)
    assert refused.value.code == "room_full"


async def test_fifty_joins_of_one_seat_at_once_seat_exactly_one(visit: Visit, build: Builder) -> None:
    room = await build.room()
    doctor = await visit.doctor(room)
    await doctor.state()
    people = await asyncio.gather(*(visit.patient(room, incarnation=f"page-{n:04}") for n in range(50)))
    seats = visit.live.app.state.presence.get(room.room_id).seats
    assert [seat.who.role for seat in seats] == ["doctor", "patient"]
    losers = [person for person in people if person.socket.get_sid() != seats[1].connection]
    assert len(losers) == 49
    await asyncio.gather(*(person.is_cut() for person in losers))
    assert all(("session_revoked", {"code": "replaced"}) in person.heard for person in losers)
    assert doctor.events().count("participant_joined") == 1


async def test_joining_over_and_over_is_slowed_down(
    visit: Visit, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleconsulta.signaling.limits.JOINS_BURST", 3.0)
    room = await build.room()
    for _ in range(3):
        await visit.patient(room)
    with pytest.raises(Refused) as refused:
        await visit.patient(room)
    assert refused.value.code == "rate_limited"
    assert refused.value.data["retry_after"] > 0
