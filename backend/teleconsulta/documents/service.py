"""Issuing a certificate, and telling a stranger whether one is genuine."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.calls import accesses
from teleconsulta.clinic import brand
from teleconsulta.clinic import repository as profiles
from teleconsulta.documents import codes, pdf, repository
from teleconsulta.documents.errors import CallGoesOn, NobodyAttended, NotPrintable, ProfileIncomplete
from teleconsulta.documents.facts import Attendance, attendance, missing
from teleconsulta.documents.models import IssuedDocument
from teleconsulta.documents.schemas import (
    CallDocuments,
    DocumentOut,
    DocumentWish,
    SignedCopyOut,
    Verification,
    VerifiedDocument,
    link_to,
)
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.patients.models import Person
from teleconsulta.patients.values import PersonDocument


async def issue(
    session: AsyncSession,
    settings: Settings,
    doctor: StaffIdentity,
    call_id: UUID,
    wish: DocumentWish,
    now: datetime,
) -> IssuedDocument:
    """A certificate of attendance; its file is made, hashed and kept in this transaction.

    Raises:
        NotFound: no such call, or another doctor's.
        CallGoesOn, NobodyAttended, ProfileIncomplete, NotPrintable.
    """
    found = await repository.own_call(session, doctor.id, call_id)
    if found is None:
        raise NotFound
    call, room, patient = found
    if await repository.still_open(session, room.id):
        raise CallGoesOn
    attended = await repository.attended(session, room.id, patient.id)
    if attended is None:
        raise NobodyAttended
    named = await profiles.doctor(session, doctor.id, now)
    if named is None:
        raise NotFound
    user, profile = named
    clinic = await profiles.clinic(session, now)
    lacking = missing(user, profile, clinic)
    if lacking:
        raise ProfileIncomplete(missing=lacking)
    await _keep_document(session, doctor, patient, wish.patient_document)
    code = codes.new_code()
    facts = attendance(
        user,
        profile,
        clinic,
        patient,
        attended,
        now,
        code=codes.shown(code),
        link=link_to(settings, code),
        demo=settings.demo or room.demo,
    )
    # A thread: the first certificate loads reportlab, and calls must not wait for that.
    look = await brand.read(session, now)
    content = await asyncio.to_thread(_certificate, facts, look.accent, look.logo)
    document = IssuedDocument(
        id=new_id(),
        kind="attendance",
        code=code,
        call_id=call.id,
        doctor_id=doctor.id,
        doctor_name=facts.doctor,
        doctor_council=facts.council,
        attended_on=attended[0].astimezone(ZoneInfo(clinic.time_zone)).date(),
        issued_at=now,
        demo=facts.demo,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
    )
    session.add(document)
    await session.flush()
    await audit.record(
        session,
        Action.DOCUMENT_ISSUED,
        actor=doctor,
        target=Ref("document", document.id),
        room_id=room.id,
        details={"kind": document.kind, "call_id": str(call.id), "sha256": document.sha256, "bytes": document.size},
    )
    return document


async def of_call(
    session: AsyncSession, settings: Settings, doctor: StaffIdentity, call_id: UUID, now: datetime
) -> CallDocuments:
    """What was issued about a call, and what the next certificate would lack.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    found = await repository.own_call(session, doctor.id, call_id)
    named = await profiles.doctor(session, doctor.id, now)
    if found is None or named is None:
        raise NotFound
    issued = await repository.of_call(session, call_id)
    copies = await repository.signed_copies(session, [one.id for one in issued])
    return CallDocuments(
        items=[DocumentOut.of(one, settings) for one in issued],
        signed={one.id: [SignedCopyOut.of(copy) for copy in copies if copy.document_id == one.id] for one in issued},
        missing=missing(*named, await profiles.clinic(session, now)),
        patient_document=_document_of(found[2]),
    )


async def file(session: AsyncSession, doctor: StaffIdentity, document_id: UUID) -> IssuedDocument:
    """A document with its content.

    Raises:
        NotFound: no such document, or another doctor's.
    """
    document = await repository.own_file(session, doctor.id, document_id)
    if document is None:
        raise NotFound
    await audit.record(session, Action.DOCUMENT_READ, actor=doctor, target=Ref("document", document.id))
    await accesses.note(session, doctor, "document", [document.call_id])
    return document


async def verify(session: AsyncSession, text: str, now: datetime) -> Verification:
    """Whether a document of this code was issued here. Nothing in the answer is about the patient."""
    code = codes.read(text)
    document = await repository.by_code(session, code) if code is not None else None
    if document is None:
        return Verification(genuine=False, document=None)
    clinic = await profiles.clinic(session, now)
    return Verification(
        genuine=True,
        document=VerifiedDocument(
            kind="attendance",
            doctor_name=document.doctor_name,
            doctor_council=document.doctor_council,
            attended_on=document.attended_on,
            issued_at=document.issued_at,
            time_zone=clinic.time_zone,
            demo=document.demo,
            sha256=document.sha256,
            size=document.size,
            signed=[SignedCopyOut.of(copy) for copy in await repository.signed_copies(session, [document.id])],
        ),
    )


def _certificate(facts: Attendance, accent: str | None, logo: bytes | None) -> bytes:
    return pdf.certificate(_printable(facts), accent, logo)


def _printable(facts: Attendance) -> Attendance:
    """The facts in letters the typeface has.

    Raises:
        NotPrintable: with the names of those that cannot be.
    """
    done: dict[str, Any] = {}
    refused = []
    for field in fields(facts):
        value = getattr(facts, field.name)
        try:
            if isinstance(value, str):
                done[field.name] = pdf.printable(value)
            elif isinstance(value, tuple):
                done[field.name] = tuple(map(pdf.printable, value))
        except pdf.Unprintable:
            refused.append(field.name)
    if refused:
        raise NotPrintable(fields=refused)
    return replace(facts, **done)


async def _keep_document(
    session: AsyncSession, doctor: StaffIdentity, patient: Person, document: PersonDocument | None
) -> None:
    """Keep the patient's document number for the next paper."""
    if document is None or document == _document_of(patient):
        return
    patient.document_kind, patient.document_number = document.kind, document.number
    await session.flush()
    await audit.record(
        session,
        Action.PATIENT_CHANGED,
        actor=doctor,
        target=Ref("patient", patient.id),
        details={"fields": ["document"]},
    )


def _document_of(patient: Person) -> PersonDocument | None:
    if patient.document_kind is None or patient.document_number is None:
        return None
    return PersonDocument.model_construct(kind=patient.document_kind, number=patient.document_number)
