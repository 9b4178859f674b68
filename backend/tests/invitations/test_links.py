"""A personal link: looking, taking the seat, coming back; in time, too early, too late, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select, text

from teleconsulta.audit.models import AuditEntry
from teleconsulta.invitations.models import Invitation
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.tokens import Tokens
from tests.builders import Builder, Staff

PREVIEW, REDEEM, RESUME = (f"/api/invitations/{name}" for name in ("preview", "redeem", "resume"))


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json().get("code"))


async def opened(client: AsyncClient, doctor: Staff, **wish: Any) -> tuple[dict[str, Any], str]:
    """A room made over REST, and the token of its patient's link."""
    body = {"patient": {"name": "Benedita Quaresma", "email": "bia@paciente.example"}, **wish}
    answer = await client.post("/api/rooms", json=body, headers=doctor.headers)
    assert answer.status_code == 201, answer.text
    room: dict[str, Any] = answer.json()
    return room, room["invitations"][0]["link"].split("#")[1]


class TestTheLink:
    async def test_it_holds_ids_only(self, client: AsyncClient, build: Builder) -> None:
        room, token = await opened(client, await build.staff())
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims.keys() == {"sub", "room", "gen", "aud", "iss", "iat", "exp", "jti"}
        assert claims["sub"] == room["invitations"][0]["id"]
        assert claims["exp"] == int(datetime.fromisoformat(room["closes_at"]).timestamp())

    async def test_looking_changes_nothing(self, client: AsyncClient, build: Builder, database: Database) -> None:
        _room, token = await opened(client, await build.staff())
        before = await _everything(database)
        for _ in range(10):
            assert (await client.post(PREVIEW, json={"token": token})).status_code == 200
        assert await _everything(database) == before

    @pytest.mark.parametrize("url", [PREVIEW, REDEEM])
    async def test_strangers_learn_nothing(self, client: AsyncClient, build: Builder, tokens: Tokens, url: str) -> None:
        """Unknown, tampered with, of another purpose, signed by somebody else: one answer."""
        room, token = await opened(client, await build.staff())
        soon, foreign = now() + timedelta(hours=1), Tokens("another secret of somebody else entirely")
        head, body, signature = token.split(".")
        wrong = [
            "nonsense",
            f"{head}.{body}.{signature[::-1]}",
            tokens.issue("invitation", str(new_id()), soon, room=room["id"], gen=1),
            tokens.issue("invitation", room["invitations"][0]["id"], soon, room=str(new_id()), gen=1),
            tokens.issue("invitation", "no id", soon, room=room["id"], gen=1),
            tokens.issue("participant", room["invitations"][0]["id"], soon, room=room["id"], role="patient"),
            foreign.issue("invitation", room["invitations"][0]["id"], soon, room=room["id"], gen=1),
            foreign.issue("invitation", str(new_id()), now() - timedelta(days=1), room=room["id"], gen=1),
        ]
        answers = [await client.post(url, json={"token": raw}) for raw in wrong]
        assert {said(answer) for answer in answers} == {(401, "invalid_link")}
        assert len({answer.json()["detail"] for answer in answers}) == 1

    @pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "a" * 4097}, {"token": 1}, {"token": "a", "x": 1}])
    async def test_a_wrong_shape_is_refused(self, client: AsyncClient, body: dict[str, Any]) -> None:
        assert (await client.post(REDEEM, json=body)).status_code == 422


class TestTheWindow:
    @pytest.mark.parametrize(
        ("minutes", "preview", "redeem"),
        [
            (-31, (200, "None"), (409, "too_early")),
            (-30, (200, "None"), (200, "None")),
            (0, (200, "None"), (200, "None")),
            (89, (200, "None"), (200, "None")),
            (90, (410, "expired"), (410, "expired")),
            (60 * 24 * 365, (410, "expired"), (410, "expired")),
        ],
    )
    async def test_each_edge(
        self,
        app: FastAPI,
        client: AsyncClient,
        build: Builder,
        minutes: int,
        preview: tuple[int, str],
        redeem: tuple[int, str],
    ) -> None:
        starts_at = (now() + timedelta(hours=3)).replace(microsecond=0)
        room, token = await opened(client, await build.staff(), starts_at=starts_at.isoformat())
        app.state.clock = lambda: starts_at + timedelta(minutes=minutes)
        assert said(await client.post(PREVIEW, json={"token": token})) == preview
        answer = await client.post(REDEEM, json={"token": token})
        assert said(answer) == redeem
        if redeem[1] == "too_early":
            assert answer.json()["opens_at"] == room["opens_at"]


class TestTheSeat:
    async def test_it_can_be_taken_again_and_is_on_record(
        self, client: AsyncClient, build: Builder, database: Database, tokens: Tokens
    ) -> None:
        room, token = await opened(client, await build.staff())
        seats = [(await client.post(REDEEM, json={"token": token})).json() for _ in range(3)]
        assert len({seat["participant"]["id"] for seat in seats}) == 1
        claims = tokens.read(seats[0]["access_token"], "participant")
        assert claims.expires_at - claims.issued_at <= timedelta(hours=2)
        async with database.session() as session:
            invitation = await session.get_one(Invitation, room["invitations"][0]["id"])
            assert invitation.redeemed_count == 3
            redeemed = select(AuditEntry).where(AuditEntry.action == "invitation:redeemed")
            entries = (await session.scalars(redeemed)).all()
        assert [entry.details["times"] for entry in entries] == [1, 2, 3]
        assert all(entry.ip_hash for entry in entries)

    async def test_the_cookie_is_safe_and_bound_to_the_seat(self, client: AsyncClient, build: Builder) -> None:
        _room, token = await opened(client, await build.staff())
        answer = await client.post(REDEEM, json={"token": token})
        participant_id = answer.json()["participant"]["id"]
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"__Host-tc_seat_{participant_id.replace('-', '')}=")
        for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert said(await client.post(RESUME, json={"participant_id": participant_id})) == (200, "None")
        assert said(await client.post(RESUME, json={"participant_id": str(new_id())})) == (401, "unauthorized")

    async def test_it_names_the_relays_and_keeps_their_credentials(self, client: AsyncClient, build: Builder) -> None:
        """A test of the network needs to know where they are; the right to use them comes with the admission."""
        _room, token = await opened(client, await build.staff())
        taken = await client.post(REDEEM, json={"token": token})
        again = await client.post(RESUME, json={"participant_id": taken.json()["participant"]["id"]})
        for answer in (taken, again):
            assert answer.json()["ice_urls"] == [
                "turn:turn.clinica.example:3478?transport=udp",
                "turns:turn.clinica.example:443?transport=tcp",
            ]
            assert "credential" not in answer.text

    async def test_one_seats_cookie_opens_no_other(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        _room, token = await opened(client, doctor)
        _other, second = await opened(client, doctor)
        mine = (await client.post(REDEEM, json={"token": token})).json()["participant"]["id"]
        theirs = (await client.post(REDEEM, json={"token": second})).json()["participant"]["id"]
        name = f"__Host-tc_seat_{mine.replace('-', '')}"
        value = client.cookies[name]
        client.cookies.clear()
        stolen = {"Cookie": f"__Host-tc_seat_{theirs.replace('-', '')}={value}"}
        answer = await client.post(RESUME, json={"participant_id": theirs}, headers=stolen)
        assert said(answer) == (401, "unauthorized")
        access = {"Cookie": f"{name}={second}"}
        answer = await client.post(RESUME, json={"participant_id": mine}, headers=access)
        assert said(answer) == (401, "unauthorized")

    async def test_too_many_tries_from_one_address(self, client: AsyncClient) -> None:
        answers = [await client.post(REDEEM, json={"token": "x"}) for _ in range(11)]
        assert said(answers[-1]) == (429, "rate_limited")
        assert int(answers[-1].headers["retry-after"]) >= 1

    async def test_a_seat_opens_nothing_else(self, client: AsyncClient, build: Builder) -> None:
        room, token = await opened(client, await build.staff())
        seat = (await client.post(REDEEM, json={"token": token})).json()
        headers = {"Authorization": f"Bearer {seat['access_token']}"}
        client.cookies.clear()
        for method, url in [
            ("GET", "/api/rooms"),
            ("GET", f"/api/rooms/{room['id']}"),
            ("POST", f"/api/rooms/{room['id']}/close"),
            ("POST", f"/api/rooms/{room['id']}/invitations"),
            ("DELETE", f"/api/invitations/{room['invitations'][0]['id']}"),
            ("GET", "/api/calls"),
            ("GET", "/api/users"),
            ("GET", "/api/auth/me"),
        ]:
            answer = await client.request(method, url, headers=headers, json={} if method == "POST" else None)
            assert answer.status_code == 403, (method, url, answer.text)


class TestRevoking:
    async def test_the_link_the_seat_and_the_letter_die(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        room, token = await opened(client, doctor)
        participant_id = (await client.post(REDEEM, json={"token": token})).json()["participant"]["id"]
        url = f"/api/invitations/{room['invitations'][0]['id']}"
        assert (await client.delete(url, headers=doctor.headers)).status_code == 204
        assert (await client.delete(url, headers=doctor.headers)).status_code == 204
        for path, body in [
            (PREVIEW, {"token": token}),
            (REDEEM, {"token": token}),
            (RESUME, {"participant_id": participant_id}),
        ]:
            assert said(await client.post(path, json=body)) == (410, "revoked")
        seen = (await client.get(f"/api/rooms/{room['id']}", headers=doctor.headers)).json()["invitations"][0]
        assert (seen["state"], seen["link"], seen["delivery"]) == ("revoked", None, "none")
        assert said(await client.post(f"{url}/resend", headers=doctor.headers)) == (410, "revoked")
        async with database.session() as session:
            revoked = select(AuditEntry).where(AuditEntry.action == "invitation:revoked")
            assert len((await session.scalars(revoked)).all()) == 1

    async def test_strangers_cannot(self, client: AsyncClient, build: Builder) -> None:
        room, token = await opened(client, await build.staff())
        other = await build.staff()
        url = f"/api/invitations/{room['invitations'][0]['id']}"
        assert said(await client.delete(url, headers=other.headers)) == (404, "not_found")
        assert said(await client.post(f"{url}/resend", headers=other.headers)) == (404, "not_found")
        assert said(await client.post(REDEEM, json={"token": token})) == (200, "None")


class TestSendingAgain:
    async def test_one_letter_on_its_way_is_enough(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        doctor = await build.staff()
        room, _token = await opened(client, doctor)
        url = f"/api/invitations/{room['invitations'][0]['id']}/resend"
        assert (await client.post(url, headers=doctor.headers)).status_code == 202
        assert await _letters(database) == ["queued"]
        async with database.session() as session:
            await session.execute(text("UPDATE deliveries SET state = 'failed', error_code = 'recipient_refused'"))
        seen = (await client.get(f"/api/rooms/{room['id']}", headers=doctor.headers)).json()["invitations"][0]
        assert (seen["delivery"], seen["delivery_code"]) == ("failed", "recipient_refused")
        answer = await client.post(url, headers=doctor.headers)
        assert (answer.status_code, answer.json()["delivery"]) == (202, "queued")
        assert await _letters(database) == ["failed", "queued"]

    async def test_without_an_address(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        room, _token = await opened(client, doctor, patient={"name": "Bia"})
        url = f"/api/invitations/{room['invitations'][0]['id']}/resend"
        assert said(await client.post(url, headers=doctor.headers)) == (409, "no_email")

    async def test_not_without_end(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        room, _token = await opened(client, doctor)
        url = f"/api/invitations/{room['invitations'][0]['id']}/resend"
        answers = [await client.post(url, headers=doctor.headers) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [202] * 5 + [429]


class TestMorePeople:
    async def test_four_with_the_doctor_are_the_most(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        room, _token = await opened(client, doctor)
        url = f"/api/rooms/{room['id']}/invitations"
        wish = {"name": "Caetano", "email": "caio@paciente.example", "role": "companion", "language": "es"}
        first = await client.post(url, json=wish, headers=doctor.headers)
        assert (first.status_code, first.json()["role"], first.json()["delivery"]) == (201, "companion", "queued")
        second = await client.post(url, json={"name": "Intérprete", "role": "interpreter"}, headers=doctor.headers)
        assert (second.status_code, second.json()["delivery"]) == (201, "none")
        full = await client.post(url, json={"name": "Mais um", "role": "colleague"}, headers=doctor.headers)
        assert said(full) == (409, "room_full")
        await client.delete(f"/api/invitations/{second.json()['id']}", headers=doctor.headers)
        again = await client.post(url, json={"name": "Mais um", "role": "colleague"}, headers=doctor.headers)
        assert again.status_code == 201
        token = again.json()["link"].split("#")[1]
        seat = await client.post(REDEEM, json={"token": token})
        assert seat.json()["participant"]["role"] == "colleague"

    async def test_whom_and_where_one_may_not_invite(self, client: AsyncClient, build: Builder) -> None:
        doctor, other = await build.staff(), await build.staff()
        room, _token = await opened(client, doctor)
        url = f"/api/rooms/{room['id']}/invitations"
        companion = {"name": "Caetano", "role": "companion"}
        doctors = await client.post(url, json={"name": "X", "role": "doctor"}, headers=doctor.headers)
        assert doctors.status_code == 422
        assert said(await client.post(url, json=companion, headers=other.headers)) == (404, "not_found")
        await client.post(f"/api/rooms/{room['id']}/close", json={"outcome": "no_show"}, headers=doctor.headers)
        assert said(await client.post(url, json=companion, headers=doctor.headers)) == (410, "room_closed")


async def _letters(database: Database) -> list[str]:
    async with database.session() as session:
        return list((await session.scalars(text("SELECT state FROM deliveries ORDER BY id"))).all())


async def _everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found: dict[str, list[str]] = {}
    async with database.session() as session:
        names = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for name in names.all():
            rows = await session.scalars(text(f'SELECT t::text FROM "{name}" t ORDER BY 1'))  # noqa: S608
            found[name] = list(rows.all())
    return found
