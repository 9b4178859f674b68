"""The two profiles over REST."""

from __future__ import annotations

import asyncio

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.clinic.papers import CLINIC, DOCTOR

pytestmark = pytest.mark.slow


class TestClinic:
    async def test_is_empty_until_the_admin_fills_it_in_and_then_everybody_reads_it(
        self, client: AsyncClient, build: Builder
    ) -> None:
        empty = (await client.get("/api/clinic")).json()
        assert (empty["legal_name"], empty["time_zone"]) == (None, "America/Sao_Paulo")
        admin = await build.staff("admin")
        saved = await client.put("/api/clinic", json=CLINIC, headers=admin.headers)
        assert saved.status_code == 200
        read = (await client.get("/api/clinic")).json()
        assert read == saved.json()
        assert (read["cnpj"], read["crm_pj"], read["postal_code"]) == ("11444777000161", "90123", "01310100")

    async def test_is_replaced_whole_and_blank_means_unknown(self, client: AsyncClient, build: Builder) -> None:
        admin = await build.staff("admin")
        await client.put("/api/clinic", json=CLINIC, headers=admin.headers)
        await client.put("/api/clinic", json={"legal_name": "Outra", "city": "  "}, headers=admin.headers)
        read = (await client.get("/api/clinic")).json()
        assert (read["legal_name"], read["city"], read["cnpj"]) == ("Outra", None, None)

    async def test_names_the_field_that_is_wrong(self, client: AsyncClient, build: Builder) -> None:
        admin = await build.staff("admin")
        wrong = {**CLINIC, "cnpj": "11.444.777/0001-62", "uf": "XX"}
        answer = await client.put("/api/clinic", json=wrong, headers=admin.headers)
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {"cnpj", "uf"}

    async def test_is_the_admins_to_change(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        assert (await client.put("/api/clinic", json=CLINIC, headers=doctor.headers)).status_code == 403

    async def test_two_first_savings_at_once_both_succeed(self, client: AsyncClient, build: Builder) -> None:
        admin = await build.staff("admin")
        answers = await asyncio.gather(*(client.put("/api/clinic", json=CLINIC, headers=admin.headers) for _ in "ab"))
        assert [answer.status_code for answer in answers] == [200, 200]

    async def test_a_change_is_audited_by_the_names_of_its_fields(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        admin = await build.staff("admin")
        await client.put("/api/clinic", json={"legal_name": "Horizonte"}, headers=admin.headers)
        async with database.session() as session:
            entry = (await session.scalars(select(AuditEntry))).one()
        assert (entry.action, entry.actor_id, entry.details) == (
            "clinic:changed",
            admin.id,
            {"fields": ["legal_name"]},
        )


class TestDoctor:
    async def test_the_profile_begins_with_what_the_account_knows(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        profile = (await client.get("/api/users/me/profile", headers=doctor.headers)).json()
        assert (profile["display_name"], profile["crm_number"], profile["crm_uf"]) == (
            "Dra. Íris Valadão",
            "123456",
            "SP",
        )
        assert (profile["rqe"], profile["address"]) == ([], None)

    async def test_name_and_council_change_for_everybody(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        wish = {**DOCTOR, "display_name": "Dra. Íris V. Prado", "crm_number": "0777", "crm_uf": "AM"}
        saved = await client.put("/api/users/me/profile", json=wish, headers=doctor.headers)
        assert saved.status_code == 200
        me = (await client.get("/api/auth/me", headers=doctor.headers)).json()
        assert (me["name"], me["council"]) == ("Dra. Íris V. Prado", "CRM/AM 777")
        assert (await client.get("/api/users/me/profile", headers=doctor.headers)).json() == saved.json()

    async def test_an_admin_edits_it_too_and_another_doctor_does_not(self, client: AsyncClient, build: Builder) -> None:
        doctor, other, admin = await build.staff(), await build.staff(), await build.staff("admin")
        url = f"/api/users/{doctor.id}/profile"
        assert (await client.put(url, json=DOCTOR, headers=admin.headers)).status_code == 200
        assert (await client.get(url, headers=admin.headers)).json()["rqe"] == ["54321"]
        assert (await client.get(url, headers=other.headers)).status_code == 403
        assert (await client.put(url, json=DOCTOR, headers=other.headers)).status_code == 403

    async def test_who_is_no_doctor_has_none(self, client: AsyncClient, build: Builder) -> None:
        admin = await build.staff("admin")
        assert (await client.get("/api/users/me/profile", headers=admin.headers)).status_code == 403
        answer = await client.get(f"/api/users/{admin.id}/profile", headers=admin.headers)
        assert answer.json()["code"] == "not_found"

    async def test_a_number_without_its_state_is_refused(self, client: AsyncClient, build: Builder) -> None:
        doctor = await build.staff()
        wish = {**DOCTOR, "crm_uf": None}
        assert (await client.put("/api/users/me/profile", json=wish, headers=doctor.headers)).status_code == 422
