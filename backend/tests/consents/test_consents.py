"""Who agreed to which text."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy import text as sql

from teleconsulta.audit.models import AuditEntry
from teleconsulta.consents import catalogue
from teleconsulta.consents.catalogue import CURRENT, text
from teleconsulta.consents.models import Consent
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.languages import LANGUAGES, Language
from tests.builders import Builder

URL = "/api/consents"
# What was published stays as it is: a changed text needs a new version, and people agree to it anew.
PUBLISHED = {
    ("2026-11", "pt-BR"): "ec21ec2cd33751b223ebeb537da83ad49996be2e4fe3140f6eb78ef5ea91a1c0",
    ("2026-11", "en"): "9ee472dfabc259908ba8785855e07f42d529a8246b19d1ad00d975c60d6e93f2",
    ("2026-11", "es"): "69e2b67cf086ab6f26d4c8602b797d0d9ca739e2b52003fec63504c7cfb7aaec",
    ("2026-11-27", "pt-BR"): "3f8ff4d6d56a93f201dd357ba8cc4e78cb47939a6bf5f749913fe290c11983ce",
    ("2026-11-27", "en"): "2fa031e77d09f98e81dead10c489e02346c29e5c191479afdd5386aa279b9c89",
    ("2026-11-27", "es"): "996c8b336bd32b957a48db88464b61693d05d804acbb5481a9dd16190ba05677",
}


def wish(language: Language = "pt-BR", **changes: Any) -> dict[str, Any]:
    current = text(language)
    made = {"version": current.version, "sha256": current.sha256, "language": language, "given_by": "self"}
    return {**made, **changes}


class TestTexts:
    def test_published_texts_never_change(self) -> None:
        folder = Path(catalogue.__file__).parent / "texts"
        found = {
            (path.parent.name, path.stem): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.glob("*/*.md")
        }
        assert found == PUBLISHED

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_hash_is_of_exactly_what_is_shown(self, language: Language) -> None:
        shown = text(language)
        whole = f"# {shown.title}\n> {shown.summary}\n\n{shown.body}\n"
        assert hashlib.sha256(whole.encode()).hexdigest() == shown.sha256

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_language_says_the_same_things(self, language: Language) -> None:
        body = text(language).body
        assert [line.count("") > 0 for line in body.splitlines() if line.startswith("## ")] == [True] * 4
        assert body.count("\n- ") == text("pt-BR").body.count("\n- ")
        for fact in ("2.314/2022", "13.709/2018", "13.787/2018", "192", "20", "90", "ANPD"):
            assert fact in body

    async def test_anybody_may_read_it(self, client: AsyncClient) -> None:
        for language in LANGUAGES:
            answer = await client.get(f"{URL}/text", params={"language": language})
            assert (answer.status_code, answer.json()["language"]) == (200, language)
        assert (await client.get(f"{URL}/text")).json()["language"] == "pt-BR"
        assert (await client.get(f"{URL}/text", params={"language": "fr"})).status_code == 422


class TestGiving:
    async def test_it_is_recorded_with_everything(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        room = await build.room(consent=False)
        body = wish(
            "es",
            given_by="representative",
            representative={"name": "Caetano Quaresma", "relationship": "filho"},
            device="phone",
        )
        answer = await client.post(URL, json=body, headers=room.patient.headers)
        assert answer.status_code == 201, answer.text
        assert answer.json()["given_at"].endswith("Z")
        async with database.session() as session:
            stored = (await session.scalars(select(Consent))).one()
            entry = (await session.scalars(select(AuditEntry))).one()
        assert (stored.participant_id, stored.room_id) == (room.patient.participant_id, room.room_id)
        assert (stored.version, stored.language, stored.sha256) == (CURRENT, "es", text("es").sha256)
        assert (stored.representative_name, stored.representative_relationship) == ("Caetano Quaresma", "filho")
        assert stored.device == "phone"
        assert (entry.action, entry.target_id, entry.actor_id) == (
            "consent:given",
            stored.id,
            room.patient.participant_id,
        )
        assert "Caetano" not in str(entry.details)

    async def test_a_repeat_changes_nothing(self, client: AsyncClient, build: Builder, database: Database) -> None:
        room = await build.room(consent=False)
        first = await client.post(URL, json=wish(), headers=room.patient.headers)
        again = await client.post(URL, json=wish(), headers=room.patient.headers)
        assert first.json() == again.json()
        assert (first.status_code, again.status_code) == (201, 201)
        async with database.session() as session:
            assert await session.scalar(sql("SELECT count(*) FROM consents")) == 1
            assert await session.scalar(sql("SELECT count(*) FROM audit_entries")) == 1

    @pytest.mark.parametrize("change", [{"version": "2025-01"}, {"sha256": "0" * 64}, {"sha256": text("en").sha256}])
    async def test_an_old_text_is_refused(self, client: AsyncClient, build: Builder, change: dict[str, str]) -> None:
        room = await build.room(consent=False)
        answer = await client.post(URL, json={**wish(), **change}, headers=room.patient.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_outdated")

    @pytest.mark.parametrize(
        "change",
        [
            {"given_by": "representative"},
            {"representative": {"name": "X", "relationship": "pai"}},
            {"given_by": "representative", "representative": {"name": "X"}},
            {"given_by": "representative", "representative": {"name": "a" * 201, "relationship": "pai"}},
            {"given_by": "doctor"},
            {"device": "fridge"},
            {"sha256": "A" * 64},
            {"language": "fr"},
            {"room_id": "x"},
        ],
    )
    async def test_a_wrong_shape_is_refused(self, client: AsyncClient, build: Builder, change: dict[str, Any]) -> None:
        room = await build.room(consent=False)
        answer = await client.post(URL, json={**wish(), **change}, headers=room.patient.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")

    async def test_when_there_is_nothing_to_consent_to(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        room, other = await build.room(consent=False), await build.room(consent=False)
        assert (await client.post(URL, json=wish())).status_code == 401
        assert (await client.post(URL, json=wish(), headers=room.doctor.headers)).status_code == 403
        async with database.session() as session:
            await session.execute(
                sql("UPDATE room_participants SET revoked_at = now() WHERE id = :id"),
                {"id": room.patient.participant_id},
            )
            await session.execute(sql("UPDATE rooms SET state = 'closed' WHERE id = :id"), {"id": other.room_id})
        revoked = await client.post(URL, json=wish(), headers=room.patient.headers)
        assert (revoked.status_code, revoked.json()["code"]) == (410, "revoked")
        closed = await client.post(URL, json=wish(), headers=other.patient.headers)
        assert (closed.status_code, closed.json()["code"]) == (410, "room_closed")
