"""Every route for every kind of caller. A route that is not in the table fails the test: nobody forgets to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from teleconsulta.documents.models import IssuedDocument
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.main import openapi_document
from tests.builders import Builder, Consultation, Staff
from tests.calls.records import ended_call

pytestmark = pytest.mark.slow

Actor = Literal["nobody", "patient", "stranger", "owner", "admin"]
ACTORS: tuple[Actor, ...] = ("nobody", "patient", "stranger", "owner", "admin")

# Whom a route serves. `own`: the doctor whose thing it is, and admins; to another doctor it does not exist.
# `owner`: that doctor alone, for an admin looks at consultations and does not lead them.
Served = Literal["anyone", "staff", "doctor", "own", "owner", "admin", "participant", "seated"]
WHO: dict[tuple[str, str], Served] = {
    ("get", "/api/audit"): "admin",
    ("get", "/api/audit/actions"): "admin",
    ("get", "/api/audit/verify"): "admin",
    ("post", "/api/auth/login"): "anyone",
    ("post", "/api/auth/logout"): "anyone",
    ("get", "/api/auth/me"): "staff",
    ("post", "/api/auth/password"): "anyone",
    ("post", "/api/auth/password/preview"): "anyone",
    ("post", "/api/auth/refresh"): "anyone",
    ("delete", "/api/auth/sessions"): "staff",
    ("get", "/api/auth/sessions"): "staff",
    ("delete", "/api/auth/sessions/{session_id}"): "staff",
    ("delete", "/api/auth/totp"): "staff",
    ("get", "/api/auth/totp"): "staff",
    ("post", "/api/auth/totp"): "staff",
    ("post", "/api/auth/totp/confirm"): "staff",
    ("get", "/api/calls"): "staff",
    ("get", "/api/calls.csv"): "staff",
    ("get", "/api/calls.json"): "staff",
    ("get", "/api/calls/{call_id}"): "own",
    ("get", "/api/calls/{call_id}/dossier"): "own",
    ("get", "/api/calls/{call_id}/fhir"): "own",
    ("get", "/api/calls/{call_id}/quality"): "own",
    ("get", "/api/calls/{call_id}/documents"): "owner",
    ("post", "/api/calls/{call_id}/documents"): "owner",
    ("get", "/api/calls/{call_id}/notes"): "owner",
    ("put", "/api/calls/{call_id}/notes"): "owner",
    ("get", "/api/calls/{call_id}/notes/versions"): "owner",
    ("post", "/api/checkup"): "admin",
    ("get", "/api/clinic"): "anyone",
    ("put", "/api/clinic"): "admin",
    ("get", "/api/clinic/brand"): "anyone",
    ("put", "/api/clinic/brand"): "admin",
    ("get", "/api/clinic/logo"): "anyone",
    ("put", "/api/clinic/logo"): "admin",
    ("delete", "/api/clinic/logo"): "admin",
    ("get", "/api/config"): "anyone",
    ("post", "/api/consents"): "participant",
    ("post", "/api/consents/overrides"): "doctor",
    ("get", "/api/consents/text"): "anyone",
    ("post", "/api/consents/withdraw"): "participant",
    ("get", "/api/demo"): "anyone",
    ("get", "/api/demo/outbox/{mail_id}"): "anyone",
    ("post", "/api/demo/seats"): "anyone",
    ("get", "/api/dossier-keys"): "anyone",
    ("post", "/api/documents/verify"): "anyone",
    ("get", "/api/documents/{document_id}/file"): "owner",
    ("post", "/api/documents/{document_id}/signed"): "owner",
    ("get", "/api/documents/{document_id}/signed/{copy_id}/file"): "owner",
    ("post", "/api/invitations/preview"): "anyone",
    ("post", "/api/invitations/redeem"): "anyone",
    ("post", "/api/invitations/resume"): "anyone",
    ("delete", "/api/invitations/{invitation_id}"): "owner",
    ("post", "/api/invitations/{invitation_id}/resend"): "owner",
    ("get", "/api/readiness/sample"): "anyone",
    ("post", "/api/readiness/sample"): "anyone",
    ("post", "/api/readiness/tests"): "anyone",
    ("post", "/api/readiness/troubles"): "anyone",
    ("post", "/api/invitations/push"): "anyone",
    ("get", "/api/push/key"): "anyone",
    ("put", "/api/push/subscription"): "doctor",
    ("post", "/api/push/test"): "doctor",
    ("post", "/api/push/unsubscribe"): "doctor",
    ("get", "/api/rooms"): "staff",
    ("post", "/api/rooms"): "doctor",
    ("get", "/api/rooms/{room_id}"): "own",
    ("patch", "/api/rooms/{room_id}"): "owner",
    ("post", "/api/rooms/{room_id}/close"): "owner",
    ("get", "/api/rooms/{room_id}/follow-up"): "owner",
    ("put", "/api/rooms/{room_id}/follow-up"): "owner",
    ("post", "/api/rooms/{room_id}/follow-up/decisions"): "owner",
    ("post", "/api/rooms/{room_id}/invitations"): "owner",
    ("post", "/api/rooms/{room_id}/phone"): "owner",
    ("get", "/api/standing-rooms/{slug}"): "anyone",
    ("post", "/api/standing-rooms/{slug}/visits"): "anyone",
    ("get", "/api/turn-credentials"): "seated",
    ("get", "/api/users"): "admin",
    ("post", "/api/users"): "admin",
    ("get", "/api/users/me/profile"): "doctor",
    ("get", "/api/users/me/standing-room"): "doctor",
    ("put", "/api/users/me/standing-room"): "doctor",
    ("put", "/api/users/me/profile"): "doctor",
    ("patch", "/api/users/{user_id}"): "admin",
    ("post", "/api/users/{user_id}/password-link"): "admin",
    ("delete", "/api/users/{user_id}/totp"): "admin",
    ("get", "/api/users/{user_id}/profile"): "admin",
    ("put", "/api/users/{user_id}/profile"): "admin",
    ("get", "/api/webrtc/stats"): "staff",
    ("get", "/api/accesses"): "admin",
    ("get", "/api/incidents"): "admin",
    ("get", "/api/incidents.json"): "admin",
    ("post", "/api/incidents"): "admin",
    ("get", "/api/incidents/{incident_id}"): "admin",
    ("post", "/api/incidents/{incident_id}/entries"): "admin",
    ("post", "/api/people/search"): "admin",
    ("post", "/api/people/{person_id}/export"): "admin",
    ("get", "/api/retention"): "admin",
    ("put", "/api/retention/{kind}"): "admin",
    ("post", "/api/retention/previews"): "admin",
    ("post", "/api/retention/previews/{preview_id}/run"): "admin",
    ("get", "/api/webhooks"): "admin",
    ("post", "/api/webhooks"): "admin",
    ("patch", "/api/webhooks/{webhook_id}"): "admin",
    ("get", "/api/webhooks/{webhook_id}/deliveries"): "admin",
    ("post", "/api/webhooks/{webhook_id}/secret"): "admin",
    ("post", "/api/webhooks/{webhook_id}/test"): "admin",
    ("get", "/healthz"): "anyone",
    ("get", "/metrics"): "anyone",
    ("get", "/readyz"): "anyone",
}
# What the caller's own mistakes look like: most bodies are empty on purpose, so that nothing is changed.
BAD_INPUT = {404, 409, 410, 415, 422}
# Where a stranger must not learn from a better body that the thing exists.
BODIES: dict[tuple[str, str], dict[str, object]] = {
    ("patch", "/api/rooms/{room_id}"): {"duration_minutes": 45},
    ("post", "/api/rooms/{room_id}/close"): {"outcome": "completed"},
    ("post", "/api/calls/{call_id}/documents"): {},
    ("put", "/api/calls/{call_id}/notes"): {"text": "", "base_version": 0},
    ("put", "/api/rooms/{room_id}/follow-up"): {"last_in_person_on": None},
    ("post", "/api/rooms/{room_id}/follow-up/decisions"): {"decision": "see_in_person"},
    ("post", "/api/rooms/{room_id}/invitations"): {"name": "Caetano", "role": "companion"},
}


@dataclass(frozen=True)
class World:
    room: Consultation
    stranger: Staff
    admin: Staff
    ids: dict[str, str]

    def headers(self, actor: Actor) -> dict[str, str]:
        return {
            "nobody": {},
            "patient": self.room.patient.headers,
            "stranger": self.stranger.headers,
            "owner": self.room.doctor.headers,
            "admin": self.admin.headers,
        }[actor]


@pytest.fixture
async def world(build: Builder, database: Database) -> World:
    room = await build.room()
    call_id = await ended_call(database, await build.room(doctor=room.doctor))
    document_id = new_id()
    async with database.session() as session:
        session.add(
            IssuedDocument(
                id=document_id,
                kind="attendance",
                code="0" * 16,
                call_id=call_id,
                doctor_id=room.doctor.id,
                doctor_name="Dra. Íris Valadão",
                doctor_council="CRM/SP 123456",
                attended_on=now().date(),
                issued_at=now(),
                demo=False,
                sha256="0" * 64,
                size=4,
                content=b"%PDF",
            )
        )
    ids = {
        "call_id": str(call_id),
        "room_id": str(room.room_id),
        "invitation_id": str(room.patient.invitation_id),
        "user_id": str(room.doctor.id),
        "session_id": str(uuid4()),
        "mail_id": "nothing",
        "document_id": str(document_id),
        "webhook_id": str(uuid4()),
        "incident_id": str(uuid4()),
        "person_id": str(uuid4()),
        "preview_id": str(uuid4()),
        "kind": "telemetry",
        "slug": "nobody",
        "copy_id": str(uuid4()),
    }
    return World(room, await build.staff(), await build.staff("admin"), ids)


def routes(app: FastAPI) -> list[tuple[str, str]]:
    paths: dict[str, Any] = openapi_document(app)["paths"]
    return [(method, path) for path, item in paths.items() for method in item]


async def ask(client: AsyncClient, world: World, method: str, path: str, actor: Actor) -> Response:
    if path.endswith("/signed"):
        headers = {**world.headers(actor), "Content-Type": "application/pdf"}
        return await client.request(method, path.format(**world.ids), headers=headers, content=b"%PDF-")
    body: dict[str, Any] = {"json": BODIES.get((method, path), {})} if method in {"post", "put", "patch"} else {}
    return await client.request(method, path.format(**world.ids), headers=world.headers(actor), **body)


async def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert sorted(routes(app)) == sorted(WHO)


@pytest.mark.parametrize("actor", ACTORS)
async def test_who_may_do_what(app: FastAPI, client: AsyncClient, world: World, actor: Actor) -> None:
    # What changes things for the owner comes last, so that every actor meets the same world.
    for method, path in sorted(routes(app), key=lambda route: (route[0] == "delete", route)):
        answer = await ask(client, world, method, path, actor)
        expected = allowed(WHO[method, path], actor)
        got = f"{actor} {method} {path}: {answer.status_code} {answer.text[:120]}"
        if expected == "yes":
            assert answer.status_code not in {401, 403} or WHO[method, path] == "anyone", got
            assert answer.status_code < 300 or answer.status_code in BAD_INPUT | {401, 403}, got
        else:
            assert answer.status_code == {"sign in": 401, "not for you": 403, "no such thing": 404}[expected], got


def allowed(who: Served, actor: Actor) -> Literal["yes", "sign in", "not for you", "no such thing"]:
    if who == "anyone":
        return "yes"
    if actor == "nobody":
        return "sign in"
    if who == "seated":  # nobody sits in a room in this test
        return "not for you"
    if who == "participant":
        return "yes" if actor == "patient" else "not for you"
    if actor == "patient":
        return "not for you"
    if who in {"admin", "doctor", "owner"} and (actor == "admin") != (who == "admin"):
        return "not for you"
    return "no such thing" if who in {"own", "owner"} and actor == "stranger" else "yes"
