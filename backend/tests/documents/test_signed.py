"""Papers that come back signed: what is taken, that it is kept as it came, and what a stranger learns."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select
from sqlalchemy import text as sql

from teleconsulta.audit.models import AuditEntry
from teleconsulta.documents.signed import MAX_BYTES, MAX_COPIES, is_signed_pdf
from teleconsulta.kernel.db import Database
from tests.builders import Builder
from tests.documents.test_certificate import Practice, practice

SIGNATURE = (
    b"\n9 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n"
    b"/ByteRange [ 0 840 960 240 ] /Contents <3082> >>\nendobj\nstartxref\n1\n%%EOF\n"
)


@pytest.mark.parametrize(
    ("content", "signed"),
    [
        (b"%PDF-1.7\n" + SIGNATURE, True),
        (b"%PDF-1.4\n" + SIGNATURE.replace(b"ETSI.CAdES.detached", b"adbe.pkcs7.detached"), True),
        (b"%PDF-1.4\n" + SIGNATURE.replace(b"ETSI.CAdES.detached", b"PBAD.PAdES"), True),
        (b"%PDF-1.7\nno signature\n%%EOF\n", False),
        (b"%PDF-1.7\n" + SIGNATURE.replace(b"/ByteRange", b"/Range"), False),
        (b"%PDF-1.7\n" + SIGNATURE.replace(b"%%EOF", b""), False),
        (b"<html>" + SIGNATURE, False),
        (b"", False),
    ],
)
def test_what_counts_as_a_signed_pdf(content: bytes, signed: bool) -> None:
    assert is_signed_pdf(content) is signed


class Desk:
    """An issued certificate, and its doctor who gives files back."""

    def __init__(self, client: AsyncClient, papers: Practice, issued: dict[str, Any], content: bytes) -> None:
        self.client, self.papers, self.issued, self.content = client, papers, issued, content
        self.url = f"/api/documents/{issued['id']}/signed"
        self.headers = papers.room.doctor.headers

    async def give(self, content: bytes, kind: str = "application/pdf") -> Response:
        return await self.client.post(self.url, content=content, headers={**self.headers, "Content-Type": kind})


@pytest.fixture
async def desk(client: AsyncClient, build: Builder, database: Database) -> Desk:
    papers = await practice(client, build, database)
    issued = (await papers.issue()).json()
    return Desk(client, papers, issued, await papers.file(issued))


async def test_it_is_kept_as_it_came_and_shown_to_whoever_verifies(desk: Desk, database: Database) -> None:
    signed = desk.content + SIGNATURE
    answer = await desk.give(signed)
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["sha256"], copy["size"]) == (hashlib.sha256(signed).hexdigest(), len(signed))
    assert copy["contains_issued"] is True
    assert (await desk.give(signed)).json() == copy, "the same file is the same copy"
    file = await desk.client.get(f"{desk.url}/{copy['id']}/file", headers=desk.headers)
    assert (file.content, file.headers["content-type"]) == (signed, "application/pdf")
    listed = (await desk.client.get(desk.papers.url, headers=desk.headers)).json()
    assert listed["signed"] == {desk.issued["id"]: [copy]}
    seen = (await desk.papers.verify(desk.issued["code"])).json()["document"]
    assert seen["signed"] == [copy]
    dossier = await desk.client.get(f"/api/calls/{desk.papers.call_id}/dossier", headers=desk.headers)
    assert copy["sha256"] in dossier.text
    async with database.session() as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action.like("document:signed%")))).all()
    assert [entry.details["sha256"] for entry in entries] == [copy["sha256"]]


async def test_another_file_with_a_signature_is_told_apart(desk: Desk) -> None:
    assert (await desk.give(b"%PDF-1.7\nsomething else\n" + SIGNATURE)).json()["contains_issued"] is False


async def test_what_is_refused(desk: Desk, build: Builder) -> None:
    signed = desk.content + SIGNATURE
    for answer, expected in [
        (await desk.give(desk.content), (422, "not_signed")),
        (await desk.give(signed, "application/json"), (415, "unsupported_media_type")),
        (await desk.give(signed.ljust(MAX_BYTES + 1)), (413, "too_large")),
    ]:
        assert (answer.status_code, answer.json()["code"]) == expected
    stranger = {**(await build.staff()).headers, "Content-Type": "application/pdf"}
    assert (await desk.client.post(desk.url, content=signed, headers=stranger)).status_code == 404
    # The door is wide for this one call only.
    json = {"Content-Type": "application/json"}
    login = await desk.client.post("/api/auth/login", content=b" " * 70_000, headers=json)
    assert login.status_code == 413


async def test_copies_are_counted_and_never_changed(desk: Desk, database: Database) -> None:
    given = [await desk.give(desk.content + b"%d" % number + SIGNATURE) for number in range(MAX_COPIES + 1)]
    assert [answer.status_code for answer in given] == [201] * MAX_COPIES + [409]
    for change in ("UPDATE signed_copies SET sha256 = 'x'", "DELETE FROM signed_copies"):
        with pytest.raises(Exception, match="only grows"):
            async with database.session() as session:
                await session.execute(sql(change))
