"""REST of documents: issued and fetched by the doctor of the call, verified by anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.documents import service, signed
from teleconsulta.documents.errors import (
    CallGoesOn,
    NobodyAttended,
    NotASignedPdf,
    NotPrintable,
    ProfileIncomplete,
    TooManyCopies,
)
from teleconsulta.documents.schemas import (
    CallDocuments,
    CodeWish,
    DocumentOut,
    DocumentWish,
    SignedCopyOut,
    Verification,
)
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import (
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address, limits_of
from teleconsulta.kernel.settings import Settings

router = APIRouter(prefix="/api", tags=["documents"])

ISSUING = Rate("issue document", times=30, seconds=3600)
VERIFYING = Rate("verify document", times=10, seconds=60)


class Parts:
    """The pieces of the running server that a document needs; from `main`, by way of the request."""

    def __init__(self, request: Request) -> None:
        self.settings: Settings = request.app.state.settings
        self.now: datetime = request.app.state.clock()


async def _parts(request: Request) -> Parts:
    return Parts(request)  # a class is called in a thread, an async function is not


Running = Annotated[Parts, Depends(_parts)]


@router.post(
    "/calls/{call_id}/documents",
    status_code=201,
    responses=problems(
        Unauthorized,
        SessionEnded,
        Forbidden,
        NotFound,
        CallGoesOn,
        NobodyAttended,
        ProfileIncomplete,
        NotPrintable,
        Invalid,
        RateLimited,
        Unavailable,
    ),
)
async def issue(
    call_id: UUID, wish: DocumentWish, doctor: Doctor, running: Running, session: Session, request: Request
) -> DocumentOut:
    """Issue a certificate of attendance for the patient of a call that is over."""
    limits_of(request).spend(ISSUING, str(doctor.id))
    document = await service.issue(session, running.settings, doctor, call_id, wish, running.now)
    return DocumentOut.of(document, running.settings)


@router.get(
    "/calls/{call_id}/documents", responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable)
)
async def list_documents(call_id: UUID, doctor: Doctor, running: Running, session: Session) -> CallDocuments:
    """What was issued about a call, and what the profiles lack for the next."""
    return await service.of_call(session, running.settings, doctor, call_id, running.now)


@router.get(
    "/documents/{document_id}/file",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}},
        **problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable),
    },
)
async def read_file(document_id: UUID, doctor: Doctor, session: Session) -> Response:
    """The file, byte for byte as it was issued. Its name tells nothing about the patient."""
    document = await service.file(session, doctor, document_id)
    name = f"declaracao-de-comparecimento-{document.attended_on:%Y-%m-%d}.pdf"
    return Response(
        document.content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post(
    "/documents/{document_id}/signed",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"application/pdf": {}}}},
    responses=problems(
        Unauthorized,
        SessionEnded,
        Forbidden,
        NotFound,
        NotASignedPdf,
        TooManyCopies,
        TooLarge,
        RateLimited,
        Unavailable,
    ),
)
async def give_back(
    document_id: UUID, doctor: Doctor, running: Running, session: Session, request: Request
) -> SignedCopyOut:
    """Give a document back that was signed outside, with an ICP-Brasil certificate say: a PDF of at most 1 MiB.

    It is kept as it came. Whether the signature is good is for a validator to say. The same file is the same copy."""
    limits_of(request).spend(ISSUING, str(doctor.id))
    return SignedCopyOut.of(await signed.give_back(session, doctor, document_id, await request.body(), running.now))


@router.get(
    "/documents/{document_id}/signed/{copy_id}/file",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {}}},
        **problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable),
    },
)
async def read_signed(document_id: UUID, copy_id: UUID, doctor: Doctor, session: Session) -> Response:
    """A signed copy, byte for byte as it came."""
    copy = await signed.file(session, doctor, document_id, copy_id)
    return Response(
        copy.content,
        media_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="declaracao-assinada.pdf"'},
    )


@router.post("/documents/verify", dependencies=[by_address(VERIFYING)], responses=problems(RateLimited, Unavailable))
async def verify(wish: CodeWish, running: Running, session: Session) -> Verification:
    """Public: whether a document with this code was issued here. Tells nothing about the patient."""
    return await service.verify(session, wish.code, running.now)
