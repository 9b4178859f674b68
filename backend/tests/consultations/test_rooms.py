"""Opening, listing, moving and closing consultations over REST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Staff


def tomorrow(hours: float = 0) -> str:
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1, hours=hours)
    return start.isoformat()


async def open_room(client: AsyncClient, doctor: Staff, **wish: Any) -> dict[str, Any]:
    body = {"patient": {"name": "Benedita Quaresma", "email": "bia@paciente.example"}, **wish}
    answer = await client.post("/api/rooms", json=body, headers=doctor.headers)
    assert answer.status_code == 201, answer.text
    room: dict[str, Any] = answer.json()
    return room


def token_of(room: dict[str, Any]) -> str:
    return str(room["invitations"][0]["link"]).split("#")[1]


class TestOpening:
    async def test_a_scheduled_room_has_its_window(self, client: AsyncClient, build: Builder) -> None:
        room = await open_room(client, await build.staff(), starts_at=tomorrow(), modality="teletriagem")
        times = {name: datetime.fromisoformat(room[name]) for name in ("starts_at", "ends_at", "opens_at", "closes_at")}
        assert room["scheduled"] is True
        assert times["ends_at"] - times["starts_at"] == timedelta(minutes=30)
        assert times["starts_at"] - times["opens_at"] == timedelta(minutes=30)
        assert times["closes_at"] - times["ends_at"] == timedelta(minutes=60)
        assert room["modality"] == "teletriagem"

    async def test_other_offsets_become_utc(self, client: AsyncClient, build: Builder) -> None:
        start = datetime.fromisoformat(tomorrow()).astimezone(UTC)
        brasilia = start.replace(tzinfo=None) - timedelta(hours=3)
        room = await open_room(client, await build.staff(), starts_at=f"{brasilia.isoformat()}-03:00")
        assert room["starts_at"] == start.strftime("%Y-%m-%dT%H:%M:%SZ")

    async def test_without_an_address_there_is_a_link_and_no_letter(self, client: AsyncClient, build: Builder) -> None:
        room = await open_room(client, await build.staff(), patient={"name": "Bia", "email": None})
        (invitation,) = room["invitations"]
        assert invitation["delivery"] == "none"
        assert invitation["link"]

    async def test_a_taken_time_is_refused_with_others(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        await open_room(client, doctor, starts_at=tomorrow())
        wish = {"patient": {"name": "Outra"}, "starts_at": tomorrow()}
        answer = await client.post("/api/rooms", json=wish, headers=doctor.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        assert answer.json()["next_free"][0] == datetime.fromisoformat(tomorrow(0.5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def test_a_refused_room_leaves_nothing_behind(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        await open_room(client, doctor, starts_at=tomorrow())
        wish = {"patient": {"name": "Outra", "email": "o@paciente.example"}, "starts_at": tomorrow()}
        await client.post("/api/rooms", json=wish, headers=doctor.headers)
        async with database.session() as session:
            counts = {
                table: await session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own names
                for table in ("rooms", "people", "invitations", "deliveries", "pgqueuer")
            }
        assert counts == {"rooms": 1, "people": 1, "invitations": 1, "deliveries": 1, "pgqueuer": 1}

    async def test_it_is_in_the_audit_log(self, client: AsyncClient, build: Builder, database: Database) -> None:
        doctor = await build.staff()
        room = await open_room(client, doctor)
        async with database.session() as session:
            entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.seq))).all()
        assert [entry.action for entry in entries] == ["room:opened", "invitation:issued"]
        assert {str(entry.room_id) for entry in entries} == {room["id"]}
        assert {entry.actor_id for entry in entries} == {doctor.id}
        assert "Benedita" not in str([entry.details for entry in entries])

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"patient": {"name": "a" * 201}}, "patient.name", "string_too_long"),
            ({"patient": {"name": "Bia\r\nBcc: x@y.example"}}, "patient.name", "unprintable"),
            ({"patient": {"name": " "}}, "patient.name", "blank"),
            ({"patient": {"name": "Bia", "email": "bia"}}, "patient.email", "email"),
            ({"patient": {"name": "Bia", "email": "b@c.example\r\nX: y"}}, "patient.email", "email"),
            ({"patient": {"name": "Bia", "cpf": "1"}}, "patient.cpf", "extra_forbidden"),
            ({"patient": {}}, "patient.name", "missing"),
            ({"starts_at": "2027-01-01T10:00:00"}, "starts_at", "timezone_aware"),
            ({"starts_at": "amanhã"}, "starts_at", "datetime_from_date_parsing"),
            ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at", "out_of_range"),
            ({"starts_at": "9999-12-01T00:00:00Z"}, "starts_at", "too_far"),
            ({"duration_minutes": 4}, "duration_minutes", "greater_than_equal"),
            ({"duration_minutes": 241}, "duration_minutes", "less_than_equal"),
            ({"duration_minutes": "30"}, "duration_minutes", "int_type"),
            ({"modality": "consulta"}, "modality", "literal_error"),
            ({"language": "fr"}, "language", "literal_error"),
            ({"demo": True}, "demo", "extra_forbidden"),
        ],
    )
    async def test_a_wrong_field_is_named(
        self, client: AsyncClient, build: Builder, change: dict[str, Any], field: str, code: str
    ) -> None:
        doctor = await build.staff()
        answer = await client.post("/api/rooms", json={"patient": {"name": "Bia"}, **change}, headers=doctor.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")
        assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]

    async def test_the_past_is_refused(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        for past in (now() - timedelta(minutes=6), datetime(1, 1, 1, tzinfo=UTC)):
            wish = {"patient": {"name": "Bia"}, "starts_at": past.isoformat()}
            answer = await client.post("/api/rooms", json=wish, headers=doctor.headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "in_the_past")

    async def test_who_may_not(self, client: AsyncClient, build: Builder) -> None:
        wish = {"patient": {"name": "Bia"}}
        admin, room = await build.staff("admin"), await build.room()
        assert (await client.post("/api/rooms", json=wish)).status_code == 401
        assert (await client.post("/api/rooms", json=wish, headers=admin.headers)).status_code == 403
        assert (await client.post("/api/rooms", json=wish, headers=room.patient.headers)).status_code == 403


class TestReading:
    async def test_a_doctor_sees_their_own_an_admin_all_without_links(
        self, client: AsyncClient, build: Builder
    ) -> None:
        mine, other, admin = await build.staff(), await build.staff(), await build.staff("admin")
        room = await open_room(client, mine)
        url = f"/api/rooms/{room['id']}"
        assert (await client.get(url, headers=mine.headers)).json()["invitations"][0]["link"]
        stranger = await client.get(url, headers=other.headers)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
        assert (await client.get("/api/rooms", headers=other.headers)).json()["items"] == []
        seen = await client.get(url, headers=admin.headers)
        assert seen.status_code == 200
        assert seen.json()["invitations"][0]["link"] is None
        assert len((await client.get("/api/rooms", headers=admin.headers)).json()["items"]) == 1

    async def test_pages_follow_each_other(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        made = [(await open_room(client, doctor, starts_at=tomorrow(number)))["id"] for number in range(5)]
        seen: list[str] = []
        cursor: str | None = None
        while True:
            asked: dict[str, Any] = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await client.get("/api/rooms", params=asked, headers=doctor.headers)).json()
            seen += [room["id"] for room in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == made[::-1]

    async def test_filters(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        early = await open_room(client, doctor, starts_at=tomorrow())
        late = await open_room(client, doctor, starts_at=tomorrow(5))
        closing = {"outcome": "no_show"}
        await client.post(f"/api/rooms/{late['id']}/close", json=closing, headers=doctor.headers)

        async def ids(**asked: str) -> list[str]:
            answer = await client.get("/api/rooms", params=asked, headers=doctor.headers)
            return [room["id"] for room in answer.json()["items"]]

        assert await ids(state="open") == [early["id"]]
        assert await ids(state="closed") == [late["id"]]
        assert await ids(**{"from": tomorrow(1)}) == [late["id"]]
        assert await ids(to=tomorrow(1)) == [early["id"]]

    @pytest.mark.parametrize(
        "asked", [{"cursor": "x"}, {"cursor": "eHx5"}, {"limit": "0"}, {"from": "2026-01-01T00:00"}]
    )
    async def test_a_wrong_question_is_refused(
        self, client: AsyncClient, build: Builder, asked: dict[str, str]
    ) -> None:
        doctor = await build.staff()
        assert (await client.get("/api/rooms", params=asked, headers=doctor.headers)).status_code == 422


class TestMoving:
    async def test_the_old_link_dies_and_a_letter_leaves(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        room = await open_room(client, doctor)
        old = token_of(room)
        answer = await client.patch(
            f"/api/rooms/{room['id']}", json={"starts_at": tomorrow(), "duration_minutes": 45}, headers=doctor.headers
        )
        assert answer.status_code == 200, answer.text
        moved = answer.json()
        assert moved["scheduled"] is True
        assert datetime.fromisoformat(moved["starts_at"]) == datetime.fromisoformat(tomorrow())
        dead = await client.post("/api/invitations/redeem", json={"token": old})
        assert (dead.status_code, dead.json()["code"]) == (410, "revoked")
        early = await client.post("/api/invitations/redeem", json={"token": token_of(moved)})
        assert (early.status_code, early.json()["code"]) == (409, "too_early")
        async with database.session() as session:
            states = (await session.execute(text("SELECT state, cause FROM deliveries ORDER BY id"))).all()
        assert [state for state, _ in states] == ["withdrawn", "queued"]
        assert states[1][1].endswith(":2:moved")

    async def test_only_another_kind_keeps_the_links(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        room = await open_room(client, doctor)
        url = f"/api/rooms/{room['id']}"
        answer = await client.patch(url, json={"modality": "telemonitoramento"}, headers=doctor.headers)
        assert answer.json()["modality"] == "telemonitoramento"
        assert (await client.post("/api/invitations/redeem", json={"token": token_of(room)})).status_code == 200

    async def test_a_taken_time_changes_nothing(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        await open_room(client, doctor, starts_at=tomorrow())
        room = await open_room(client, doctor, starts_at=tomorrow(2))
        url = f"/api/rooms/{room['id']}"
        answer = await client.patch(url, json={"starts_at": tomorrow()}, headers=doctor.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        assert (await client.get(url, headers=doctor.headers)).json()["starts_at"] == room["starts_at"]

    async def test_a_room_may_overlap_its_own_old_time(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        room = await open_room(client, doctor, starts_at=tomorrow())
        answer = await client.patch(
            f"/api/rooms/{room['id']}", json={"starts_at": tomorrow(0.25)}, headers=doctor.headers
        )
        assert answer.status_code == 200

    async def test_what_cannot_be_moved(self, client: AsyncClient, build: Builder) -> None:
        doctor, other = await build.staff(), await build.staff()
        room = await open_room(client, doctor)
        url = f"/api/rooms/{room['id']}"
        past = {"starts_at": (now() - timedelta(hours=1)).isoformat()}
        assert (await client.patch(url, json=past, headers=doctor.headers)).json()["code"] == "in_the_past"
        assert (await client.patch(url, json={}, headers=other.headers)).status_code == 404
        await client.post(f"{url}/close", json={"outcome": "completed"}, headers=doctor.headers)
        late = await client.patch(url, json={"starts_at": tomorrow()}, headers=doctor.headers)
        assert (late.status_code, late.json()["code"]) == (410, "room_closed")


class TestClosing:
    async def test_the_same_outcome_twice_is_one_closing(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        room = await open_room(client, doctor)
        url, closing = f"/api/rooms/{room['id']}/close", {"outcome": "no_show"}
        first = await client.post(url, json=closing, headers=doctor.headers)
        again = await client.post(url, json=closing, headers=doctor.headers)
        assert (first.status_code, again.status_code) == (200, 200)
        assert again.json()["closed_at"] == first.json()["closed_at"]
        other = await client.post(url, json={"outcome": "completed"}, headers=doctor.headers)
        assert (other.status_code, other.json()["code"]) == (410, "room_closed")
        async with database.session() as session:
            assert await session.scalar(text("SELECT state FROM deliveries")) == "withdrawn"
            closed = select(AuditEntry).where(AuditEntry.action == "room:closed")
            assert len((await session.scalars(closed)).all()) == 1

    async def test_strangers_and_wrong_words(self, client: AsyncClient, build: Builder) -> None:
        doctor, other = await build.staff(), await build.staff()
        room = await open_room(client, doctor)
        url = f"/api/rooms/{room['id']}/close"
        assert (await client.post(url, json={"outcome": "no_show"}, headers=other.headers)).status_code == 404
        for wrong in ({}, {"outcome": "dead"}, {"outcome": "no_show", "reason": "a" * 501}):
            assert (await client.post(url, json=wrong, headers=doctor.headers)).status_code == 422
