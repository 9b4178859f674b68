"""What travels about documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from teleconsulta.documents import codes
from teleconsulta.documents.models import IssuedDocument, SignedCopy
from teleconsulta.kernel.settings import Settings
from teleconsulta.patients.values import PersonDocument

DocumentKind = Literal["attendance"]


class DocumentWish(BaseModel):
    """`patient_document` is printed and kept with the patient; null prints the one that is known, if any."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind = "attendance"
    patient_document: PersonDocument | None = None


class DocumentOut(BaseModel):
    """An issued document. `sha256` (hex) and `size` (bytes) are those of its file; `link` is printed on it."""

    id: UUID
    kind: DocumentKind
    call_id: UUID
    code: str
    link: str
    issued_at: datetime
    sha256: str
    size: int

    @classmethod
    def of(cls, document: IssuedDocument, settings: Settings) -> DocumentOut:
        return cls(
            id=document.id,
            kind="attendance",
            call_id=document.call_id,
            code=codes.shown(document.code),
            link=link_to(settings, document.code),
            issued_at=document.issued_at,
            sha256=document.sha256,
            size=document.size,
        )


class SignedCopyOut(BaseModel):
    """A document as it came back signed. `contains_issued`: it begins with the very file that was issued here."""

    id: UUID
    added_at: datetime
    contains_issued: bool
    sha256: str
    size: int

    @classmethod
    def of(cls, copy: SignedCopy) -> SignedCopyOut:
        return cls(
            id=copy.id,
            added_at=copy.added_at,
            contains_issued=copy.contains_issued,
            sha256=copy.sha256,
            size=copy.size,
        )


class CallDocuments(BaseModel):
    """Newest first. `signed` holds the signed copies of each by its id, oldest first.

    `missing` is what has to be filled in before the next can be issued (see `profile_incomplete`)."""

    items: list[DocumentOut]
    signed: dict[UUID, list[SignedCopyOut]]
    missing: list[str]
    patient_document: PersonDocument | None


class CodeWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(max_length=60)]


class VerifiedDocument(BaseModel):
    """What a stranger may know of a document: nothing about the patient. `attended_on` is the clinic's own day.

    A genuine code can be copied onto a forged paper: `sha256` and `size` let a page compare the file itself.
    """

    kind: DocumentKind
    doctor_name: str
    doctor_council: str
    attended_on: date
    issued_at: datetime
    time_zone: str
    demo: bool
    sha256: str
    size: int
    signed: list[SignedCopyOut]


class Verification(BaseModel):
    """Whether a document of this code was issued here."""

    genuine: bool
    document: VerifiedDocument | None


def link_to(settings: Settings, code: str) -> str:
    """Where the code is verified; it stands behind the #, so no server sees it before somebody asks."""
    return f"{settings.app_origin}/verificar#{codes.shown(code)}"
