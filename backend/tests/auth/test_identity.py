"""A token has one purpose: what opens one door opens no other."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from teleconsulta.auth import service
from teleconsulta.auth.identity import Participant, StaffIdentity, Visitor, read_participant
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.tokens import Tokens
from tests.builders import Builder
from tests.support import PUBLIC_URL

STAFF, ADMIN, PARTICIPANT, VISITOR = "/api/auth/me", "/api/users", "/api/try/participant", "/api/try/visitor"


@pytest.fixture
async def client(app: FastAPI) -> AsyncClient:  # type: ignore[misc]
    """The app with two more doors, since those of participants belong to other packages."""

    @app.get(PARTICIPANT)
    async def participant(who: Participant) -> str:
        return f"{who.role} {who.id} {who.room_id}"

    @app.get(VISITOR)
    async def visitor(who: Visitor) -> str:
        return who.role

    # The pages answer everything that no route took: the new routes must come before them.
    routes = app.router.routes
    routes.insert(0, routes.pop())
    routes.insert(0, routes.pop())
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=PUBLIC_URL) as made:
        yield made


async def status(client: AsyncClient, path: str, token: str | None) -> tuple[int, str | None]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await client.get(path, headers=headers)
    return answer.status_code, None if answer.is_success else answer.json()["code"]


@pytest.mark.parametrize(
    ("who", "staff", "admin", "participant", "visitor"),
    [
        ("nobody", 401, 401, 401, 401),
        ("doctor", 200, 403, 403, 200),
        ("admin", 200, 200, 403, 200),
        ("patient", 403, 403, 200, 200),
        ("invitation", 401, 401, 401, 401),
        ("resume", 401, 401, 401, 401),
        ("stranger", 401, 401, 401, 401),
    ],
)
async def test_each_door_and_each_caller(
    client: AsyncClient,
    build: Builder,
    tokens: Tokens,
    who: str,
    staff: int,
    admin: int,
    participant: int,
    visitor: int,
) -> None:
    room = await build.room()
    token = {
        "nobody": None,
        "doctor": room.doctor.token,
        "admin": (await build.staff("admin")).token,
        "patient": room.patient.token,
        "invitation": room.patient.link_token,
        "resume": tokens.issue("resume", str(uuid4()), now() + timedelta(hours=1), room=str(room.room_id)),
        "stranger": Tokens("another secret of thirty-two bytes!").issue(
            "access", str(room.doctor.id), now() + timedelta(hours=1), sid=str(room.doctor.session_id), role="doctor"
        ),
    }[who]
    found = [(await status(client, path, token))[0] for path in (STAFF, ADMIN, PARTICIPANT, VISITOR)]
    assert found == [staff, admin, participant, visitor]


async def test_an_old_token_is_told_so(client: AsyncClient, build: Builder, tokens: Tokens) -> None:
    doctor = await build.staff()
    old = tokens.issue(
        "access", str(doctor.id), now() - timedelta(minutes=1), role="doctor", sid=str(doctor.session_id)
    )
    assert await status(client, STAFF, old) == (401, "expired")


async def test_somebody_elses_session_opens_nothing(client: AsyncClient, build: Builder, tokens: Tokens) -> None:
    one, two = await build.staff(), await build.staff("admin")
    mixed = tokens.issue("access", str(one.id), now() + timedelta(minutes=9), role="admin", sid=str(two.session_id))
    assert await status(client, STAFF, mixed) == (401, "session_ended")


async def test_the_role_is_the_tables_and_not_the_tokens(client: AsyncClient, build: Builder, tokens: Tokens) -> None:
    one = await build.staff()
    lifted = tokens.issue("access", str(one.id), now() + timedelta(minutes=9), role="admin", sid=str(one.session_id))
    assert await status(client, ADMIN, lifted) == (403, "forbidden")


class TestReadParticipant:
    def test_says_which_seat(self, tokens: Tokens) -> None:
        who, room = uuid4(), uuid4()
        raw = tokens.issue("participant", str(who), now() + timedelta(hours=1), room=str(room), role="patient")
        seat = read_participant(tokens, raw)
        assert (seat.participant_id, seat.id, seat.room_id, seat.role) == (who, who, room, "patient")

    @pytest.mark.parametrize("claims", [{}, {"room": "x", "role": "patient"}, {"room": str(uuid4()), "role": "admin"}])
    def test_needs_a_room_and_a_role(self, tokens: Tokens, claims: dict[str, str]) -> None:
        raw = tokens.issue("participant", str(uuid4()), now() + timedelta(hours=1), **claims)
        with pytest.raises(Unauthorized):
            read_participant(tokens, raw)

    def test_ends_with_the_window(self, tokens: Tokens) -> None:
        raw = tokens.issue("participant", str(uuid4()), now() - timedelta(hours=1), room=str(uuid4()), role="patient")
        with pytest.raises(TokenExpired):
            read_participant(tokens, raw)


def test_an_identity_carries_no_secret() -> None:
    assert not any("password" in name or "hash" in name for name in StaffIdentity.__slots__)


@pytest.mark.parametrize("claims", [{}, {"sid": "no id"}])
async def test_an_access_token_without_a_session_opens_nothing(
    client: AsyncClient, tokens: Tokens, claims: dict[str, str]
) -> None:
    raw = tokens.issue("access", str(uuid4()), now() + timedelta(minutes=9), role="admin", **claims)
    assert await status(client, STAFF, raw) == (401, "unauthorized")


async def test_a_seat_whose_time_is_over_is_still_no_account(client: AsyncClient, tokens: Tokens) -> None:
    raw = tokens.issue("participant", str(uuid4()), now() - timedelta(hours=1), room=str(uuid4()), role="patient")
    assert await status(client, STAFF, raw) == (403, "forbidden")
    assert await status(client, VISITOR, raw) == (401, "expired")


async def test_disabling_an_account_twice_is_one_disabling(database: Database, build: Builder) -> None:
    await build.staff("admin")
    doctor = await build.staff()
    for _ in range(2):
        async with database.session() as session:
            user = await service.disable_user(session, doctor.email)
    assert user.disabled_at is not None
