"""The doctor's standing room: a switch, a public address that gives nothing away, and ordinary consultations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text

from teleconsulta.consultations.abandoned import close_abandoned
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.standing.rules import closes_at
from tests.builders import Builder, Staff
from tests.functional.conftest import Visit
from tests.functional.live import Live, serving

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened_at", "at", "until"),
    [
        (None, NOON, None),
        (NOON, NOON, NOON + timedelta(hours=12)),
        (NOON, NOON + timedelta(hours=12), None),
    ],
)
def test_it_goes_off_by_itself(opened_at: datetime | None, at: datetime, until: datetime | None) -> None:
    assert closes_at(opened_at, at) == until


async def switch(client: AsyncClient, doctor: Staff, wanted: bool) -> dict[str, Any]:
    answer = await client.put("/api/users/me/standing-room", json={"open": wanted}, headers=doctor.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def knock(client: AsyncClient, slug: str, name: str = "Benedita Quaresma", **changes: Any) -> Response:
    consent = (await client.get("/api/consents/text")).json()
    wish = {key: consent[key] for key in ("version", "sha256", "language")} | {"given_by": "self"}
    return await client.post(f"/api/standing-rooms/{slug}/visits", json={"name": name, "consent": wish, **changes})


def slug_of(own: dict[str, Any]) -> str:
    return str(own["link"]).rsplit("/", 1)[-1]


async def test_a_closed_room_and_one_that_never_was_look_the_same(client: AsyncClient, build: Builder) -> None:
    doctor = await build.staff()
    own = (await client.get("/api/users/me/standing-room", headers=doctor.headers)).json()
    assert own["open"] is False
    answers = [(await client.get(f"/api/standing-rooms/{slug}")).json() for slug in (slug_of(own), "nobody-at-all")]
    assert answers[0] == answers[1]
    assert (answers[0]["open"], answers[0]["doctor"]) == (False, None)
    refusals = [await knock(client, slug) for slug in (slug_of(own), "nobody-at-all")]
    assert [answer.status_code for answer in refusals] == [409, 409]
    assert {answer.json()["code"] for answer in refusals} == {"standing_room_closed"}


async def test_who_comes_gets_an_ordinary_consultation_and_waits(
    settings: Settings, build: Builder, database: Database
) -> None:
    from teleconsulta.main import create_app

    doctor = await build.staff()
    async with serving(create_app(settings)) as live, AsyncClient(base_url=live.url) as client:
        client.headers.update({"X-Teleconsulta": "1", "Origin": settings.origin})
        own = await switch(client, doctor, True)
        public = (await client.get(f"/api/standing-rooms/{slug_of(own)}")).json()
        assert (public["open"], public["doctor"]["name"]) == (True, "Dra. Íris Valadão")
        answer = await knock(client, slug_of(own))
        assert answer.status_code == 201, answer.text
        seat = answer.json()
        assert seat["consent"]["given"]
        assert any(name.startswith("__Host-tc_seat_") for name in answer.headers.get("set-cookie", "").split("="))
        await _waits_and_is_let_in(live, doctor, seat)
        listed = (await client.get("/api/rooms", headers=doctor.headers)).json()["items"]
        assert [(room["patient"]["name"], room["scheduled"]) for room in listed] == [("Benedita Quaresma", False)]
        # Who waits goes on waiting; nobody else comes in.
        await switch(client, doctor, False)
        assert (await knock(client, slug_of(own))).json()["code"] == "standing_room_closed"
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM deliveries")) == 0
        rows = await session.scalars(text("SELECT action FROM audit_entries WHERE actor_type = 'participant'"))
        assert {"room:opened", "consent:given", "invitation:redeemed"} <= set(rows.all())


async def _waits_and_is_let_in(live: Live, doctor: Staff, seat: dict[str, Any]) -> None:
    visit = Visit(live)
    dashboard = await visit.join(doctor.token)
    patient = await visit.join(seat["access_token"])
    assert (await patient.state())["self"]["state"] == "waiting"
    queue = await dashboard.hears("queue_updated", where=lambda said: bool(said["waiting"]))
    assert queue["waiting"][0]["walk_in"] is True
    page = await visit.join(doctor.token, room_id=seat["room"]["id"])
    assert (await page.says("admit", participant_id=seat["participant"]["id"]))["ok"]
    await patient.hears("call_started")
    for person in visit.people:
        await person.vanish()


async def test_without_the_current_consent_nothing_is_made(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    own = await switch(client, await build.staff(), True)
    old = {"version": "2020-01", "sha256": "0" * 64, "language": "pt-BR", "given_by": "self"}
    answer = await knock(client, slug_of(own), consent=old)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_outdated")
    assert (await knock(client, slug_of(own), name="  ")).status_code == 422
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM rooms")) == 0


async def test_one_address_does_not_fill_the_queue(client: AsyncClient, build: Builder) -> None:
    own = await switch(client, await build.staff(), True)
    codes = [(await knock(client, slug_of(own))).status_code for _ in range(7)]
    assert codes == [201] * 6 + [429]


async def test_who_went_before_they_were_seen_leaves_no_open_consultation(
    app: FastAPI, client: AsyncClient, build: Builder, database: Database, settings: Settings
) -> None:
    own = await switch(client, await build.staff(), True)
    ordinary = await build.room()
    seats = [(await knock(client, slug_of(own))).json() for _ in range(3)]
    gone, refused, waiting = (seat["room"]["id"] for seat in seats)
    line = text(
        "INSERT INTO room_events (room_id, at, event, participant_id, detail) VALUES (:room, now(), :event, :who, :why)"
    )
    async with database.session() as session:
        for seat, event, why in ((seats[1], "left", "refused"), (seats[2], "arrived", None)):
            who = {"room": seat["room"]["id"], "who": seat["participant"]["id"]}
            await session.execute(line, {**who, "event": event, "why": why})
    async with database.session() as session:
        await close_abandoned(session, settings, now() + timedelta(minutes=10))
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM rooms WHERE state = 'closed'")) == 0
        await close_abandoned(session, settings, now() + timedelta(minutes=16))
    async with database.session() as session:
        rows = (await session.execute(text("SELECT id::text, state, outcome FROM rooms"))).all()
    assert {tuple(row) for row in rows} == {
        (gone, "closed", "no_show"),
        (refused, "closed", "refused_by_doctor"),
        (waiting, "open", None),
        (str(ordinary.room_id), "open", None),
    }
