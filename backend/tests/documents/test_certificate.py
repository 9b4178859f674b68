"""The certificate: what it says (read by a library that is not ours), when it is refused, and who may verify what."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from httpx import AsyncClient, Response
from pypdf import PdfReader
from sqlalchemy import delete, select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.calls.models import Call, CallStay
from teleconsulta.documents.repository import document_hashes
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Consultation
from tests.calls.records import ended_call
from tests.clinic.papers import CLINIC, DOCTOR
from tests.support import PUBLIC_URL

pytestmark = pytest.mark.slow

# 23:58 in São Paulo: the consultation ends on the next day.
STARTED = datetime(2026, 11, 2, 2, 58, tzinfo=UTC)
CPF = {"kind": "cpf", "number": "529.982.247-25"}


class Practice:
    """A clinic with its papers in order, and a call that is over."""

    def __init__(self, client: AsyncClient, room: Consultation, call_id: UUID) -> None:
        self.client, self.room, self.call_id = client, room, call_id
        self.url = f"/api/calls/{call_id}/documents"

    async def issue(self, **wish: Any) -> Response:
        return await self.client.post(self.url, json=wish, headers=self.room.doctor.headers)

    async def file(self, issued: dict[str, Any]) -> bytes:
        answer = await self.client.get(f"/api/documents/{issued['id']}/file", headers=self.room.doctor.headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        return answer.content

    async def verify(self, code: str) -> Response:
        return await self.client.post("/api/documents/verify", json={"code": code})


async def practice(
    client: AsyncClient,
    build: Builder,
    database: Database,
    *,
    clinic: dict[str, Any] | None = CLINIC,
    doctor: dict[str, Any] | None = DOCTOR,
    patient: str = "Conceição d'Ávila Brandão",
) -> Practice:
    room = await build.room(patient_name=patient)
    admin = await build.staff("admin")
    if clinic is not None:
        assert (await client.put("/api/clinic", json=clinic, headers=admin.headers)).status_code == 200
    if doctor is not None:
        saved = await client.put("/api/users/me/profile", json=doctor, headers=room.doctor.headers)
        assert saved.status_code == 200
    return Practice(client, room, await ended_call(database, room, started_at=STARTED))


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


async def test_it_says_all_that_the_law_asks_for(client: AsyncClient, build: Builder, database: Database) -> None:
    desk = await practice(client, build, database)
    issued = (await desk.issue(patient_document=CPF)).json()
    content = await desk.file(issued)
    said = words(content)
    for part in (
        "Declaração de comparecimento",
        "por telemedicina",
        "Conceição d'Ávila Brandão",
        "CPF 529.982.247-25",
        "1º de novembro de 2026, das 23h58 às 00h08 de 2 de novembro de 2026 (horário de Brasília, UTC−03:00)",
        "Dra. Íris Valadão",
        "CRM/SP 123456 · RQE 54321 · Cardiologia",
        "Endereço profissional: Rua da Consolação, 7, São Paulo/SP, CEP 01301-000",
        "Clínica Horizonte (Horizonte Serviços Médicos Ltda.)",
        "CNPJ 11.444.777/0001-61 · CRM-PJ/SP 90123",
        "Direção técnica: Dr. Anísio Conceição, CRM/SP 45678",
        "São Paulo/SP, ",
        "Emitido sem assinatura.",
        issued["code"],
        f"{PUBLIC_URL}/verificar",
    ):
        assert part in said, part
    assert "DEMONSTRAÇÃO" not in said


async def test_it_is_one_page_with_its_own_fonts_and_no_signature(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    desk = await practice(client, build, database)
    reader = PdfReader(io.BytesIO(await desk.file((await desk.issue()).json())))
    pages: list[Any] = list(reader.pages)
    assert len(pages) == 1
    fonts = [font.get_object() for font in pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts if font["/Subtype"] == "/TrueType")
    assert {font["/Subtype"] for font in fonts} <= {"/TrueType", "/Type1"}
    assert reader.metadata is not None
    assert reader.metadata.title == "Declaração de comparecimento"
    assert not reader.get_fields()


async def test_hash_and_issue_are_kept_and_audited(client: AsyncClient, build: Builder, database: Database) -> None:
    desk = await practice(client, build, database)
    issued = (await desk.issue()).json()
    content = await desk.file(issued)
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (issued["sha256"], issued["size"])
    assert await desk.file(issued) == content
    listed = (await client.get(desk.url, headers=desk.room.doctor.headers)).json()
    assert (listed["items"], listed["missing"]) == ([issued], [])
    async with database.session() as session:
        [proof] = await document_hashes(session, desk.call_id)
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "document:issued"))
    assert (str(proof.id), proof.sha256) == (issued["id"], issued["sha256"])
    assert entry is not None
    assert (str(entry.target_id), entry.details["sha256"]) == (issued["id"], issued["sha256"])


async def test_the_number_of_the_patients_document_is_known_the_next_time(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    desk = await practice(client, build, database)
    assert "CPF" not in words(await desk.file((await desk.issue()).json()))
    await desk.issue(patient_document=CPF)
    assert "CPF 529.982.247-25" in words(await desk.file((await desk.issue()).json()))
    known = (await client.get(desk.url, headers=desk.room.doctor.headers)).json()["patient_document"]
    assert known == {"kind": "cpf", "number": "52998224725"}
    refused = await desk.issue(patient_document={"kind": "cpf", "number": "529.982.247-26"})
    assert refused.status_code == 422


class TestWhatIsMissing:
    async def test_is_named_before_anything_is_issued(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        desk = await practice(client, build, database, clinic=None, doctor=None)
        refused = await desk.issue(patient_document=CPF)
        assert (refused.status_code, refused.json()["code"]) == (409, "profile_incomplete")
        missing = ["doctor.address", "doctor.city", "clinic.legal_name", "clinic.address", "clinic.city"]
        assert refused.json()["missing"] == missing
        listed = (await client.get(desk.url, headers=desk.room.doctor.headers)).json()
        assert listed == {"items": [], "signed": {}, "missing": missing, "patient_document": None}

    @pytest.mark.parametrize(
        ("clinic", "doctor", "missing"),
        [
            ({"crm_pj": None}, {}, ["clinic.crm_pj"]),
            ({"director_name": None}, {}, ["clinic.director"]),
            ({}, {"crm_number": None, "crm_uf": None}, ["doctor.crm"]),
            ({"cnpj": None, "crm_pj": None, "director_name": None}, {}, None),  # one person's own practice
        ],
    )
    async def test_a_company_names_its_registration_and_director(
        self,
        client: AsyncClient,
        build: Builder,
        database: Database,
        clinic: dict[str, Any],
        doctor: dict[str, Any],
        missing: list[str] | None,
    ) -> None:
        desk = await practice(client, build, database, clinic={**CLINIC, **clinic}, doctor={**DOCTOR, **doctor})
        answer = await desk.issue()
        assert answer.json().get("missing") == missing
        assert answer.status_code == (201 if missing is None else 409)


async def test_a_call_that_goes_on_has_no_certificate_yet(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    desk = await practice(client, build, database)
    async with database.session() as session:
        call = await session.get_one(Call, desk.call_id)
        call.state, call.ended_at = "open", None
    assert (await desk.issue()).json()["code"] == "call_open"


async def test_who_was_never_there_did_not_attend(client: AsyncClient, build: Builder, database: Database) -> None:
    desk = await practice(client, build, database)
    async with database.session() as session:
        await session.execute(delete(CallStay).where(CallStay.participant_id == desk.room.patient.participant_id))
    assert (await desk.issue()).json()["code"] == "patient_absent"


@pytest.mark.parametrize(("name", "printed"), [("Ștefan Łukasz Ødegård", "Stefan Łukasz Ødegård"), ("王小明", None)])
async def test_a_name_is_printed_in_letters_or_refused(
    client: AsyncClient, build: Builder, database: Database, name: str, printed: str | None
) -> None:
    desk = await practice(client, build, database, patient=name)
    answer = await desk.issue()
    if printed is None:
        assert (answer.json()["code"], answer.json()["fields"]) == ("not_printable", ["patient"])
    else:
        assert printed in words(await desk.file(answer.json()))


class TestVerifying:
    async def test_a_stranger_learns_that_it_is_genuine_and_nothing_about_the_patient(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        desk = await practice(client, build, database)
        issued = (await desk.issue(patient_document=CPF)).json()
        told = (await desk.verify(issued["code"].lower().replace("-", " "))).json()
        assert told["genuine"] is True
        assert told["document"] == {
            "kind": "attendance",
            "doctor_name": "Dra. Íris Valadão",
            "doctor_council": "CRM/SP 123456",
            "attended_on": "2026-11-01",
            "issued_at": issued["issued_at"],
            "time_zone": "America/Sao_Paulo",
            "demo": False,
            "sha256": issued["sha256"],
            "size": issued["size"],
            "signed": [],
        }

    @pytest.mark.parametrize("code", ["0000-0000-0000-0000", "", "não sei", "7QK2"])
    async def test_any_other_code_is_not(self, client: AsyncClient, code: str) -> None:
        answer = await client.post("/api/documents/verify", json={"code": code})
        assert (answer.status_code, answer.json()) == (200, {"genuine": False, "document": None})

    async def test_guessing_is_slowed_down(self, client: AsyncClient) -> None:
        answers = [await client.post("/api/documents/verify", json={"code": "7QK2"}) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert answers[-1].json()["code"] == "rate_limited"


async def test_another_doctors_documents_do_not_exist(client: AsyncClient, build: Builder, database: Database) -> None:
    desk = await practice(client, build, database)
    issued = (await desk.issue()).json()
    stranger, admin = await build.staff(), await build.staff("admin")
    for method, url in (("POST", desk.url), ("GET", desk.url), ("GET", f"/api/documents/{issued['id']}/file")):
        body: dict[str, Any] = {"json": {}} if method == "POST" else {}
        for person, status in ((stranger, 404), (admin, 403), (desk.room.patient, 403)):
            assert (await client.request(method, url, headers=person.headers, **body)).status_code == status


async def test_no_statement_changes_or_removes_a_document(
    client: AsyncClient, build: Builder, database: Database, dsn: str
) -> None:
    desk = await practice(client, build, database)
    await desk.issue()
    connection = await asyncpg.connect(dsn)
    for statement in ("UPDATE issued_documents SET doctor_name = ''", "DELETE FROM issued_documents"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
