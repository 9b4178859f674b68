"""Papers that come back signed: checked for what they are, and kept as they came."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.documents import repository
from teleconsulta.documents.errors import NotASignedPdf, TooManyCopies
from teleconsulta.documents.models import SignedCopy
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.uploads import Upload

MAX_BYTES = 1024 * 1024
"""A certificate has 40 kB, a signature with its chain and time stamp up to some 200 kB."""
MAX_COPIES = 10
UPLOAD = Upload(re.compile(r"/api/documents/[0-9a-f-]{36}/signed"), "application/pdf", MAX_BYTES)

# What PAdES (ETSI EN 319 142) and ICP-Brasil's profile of it leave in a file: where the signed bytes are, and the kind.
_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")
_KIND = re.compile(rb"/SubFilter\s*/(ETSI\.CAdES\.detached|adbe\.pkcs7\.detached|adbe\.pkcs7\.sha1|PBAD[.\w]*)")
_TAIL = 1024


def is_signed_pdf(content: bytes) -> bool:
    """Whether this is a PDF that claims a digital signature. Whether the claim is good, a validator has to say."""
    whole = content.startswith(b"%PDF-") and b"%%EOF" in content[-_TAIL:]
    return whole and _RANGE.search(content) is not None and _KIND.search(content) is not None


async def give_back(
    session: AsyncSession, doctor: StaffIdentity, document_id: UUID, content: bytes, now: datetime
) -> SignedCopy:
    """Keep a signed copy of a document of the doctor's own. The same file again is the same copy.

    Raises:
        NotFound: no such document, or another doctor's.
        NotASignedPdf, TooManyCopies.
    """
    document = await repository.own_file(session, doctor.id, document_id, lock=True)
    if document is None:
        raise NotFound
    if not is_signed_pdf(content):
        raise NotASignedPdf
    sha256 = hashlib.sha256(content).hexdigest()
    known = await repository.signed_copies(session, [document.id])
    if (same := next((one for one in known if one.sha256 == sha256), None)) is not None:
        return same
    if len(known) >= MAX_COPIES:
        raise TooManyCopies
    copy = SignedCopy(
        id=new_id(),
        document_id=document.id,
        doctor_id=doctor.id,
        added_at=now,
        contains_issued=content.startswith(document.content),
        sha256=sha256,
        size=len(content),
        content=content,
    )
    session.add(copy)
    await session.flush()
    await audit.record(
        session,
        Action.DOCUMENT_SIGNED,
        actor=doctor,
        target=Ref("document", document.id),
        details={"sha256": sha256, "bytes": copy.size, "contains_issued": copy.contains_issued},
    )
    return copy


async def file(session: AsyncSession, doctor: StaffIdentity, document_id: UUID, copy_id: UUID) -> SignedCopy:
    """A signed copy with its content.

    Raises:
        NotFound: no such copy, or another doctor's.
    """
    copy = await repository.own_copy(session, doctor.id, document_id, copy_id)
    if copy is None:
        raise NotFound
    await audit.record(session, Action.DOCUMENT_READ, actor=doctor, target=Ref("document", document_id))
    return copy
