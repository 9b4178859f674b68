"""Everything that leaves the record about one call, read once; dossier and FHIR bundle are two ways to write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import __version__
from teleconsulta.audit import Head, Ref
from teleconsulta.audit.models import AuditEntry
from teleconsulta.audit.repository import entries_about
from teleconsulta.audit.verification import current_head
from teleconsulta.auth.models import User
from teleconsulta.calls import detail
from teleconsulta.calls.history import Reader
from teleconsulta.calls.schemas import CallDetail
from teleconsulta.consents.catalogue import Text, agreed
from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.documents.models import SignedCopy
from teleconsulta.documents.repository import DocumentHash, copies_of_call, document_hashes
from teleconsulta.kernel.settings import Settings
from teleconsulta.notes import repository as note_rows
from teleconsulta.notes.repository import NoteHash
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import RoomParticipant


@dataclass(frozen=True, slots=True)
class Issuer:
    """The clinic whose server this is, and the program that wrote the file."""

    clinic: str
    origin: str
    software: str

    @classmethod
    def of(cls, settings: Settings) -> Issuer:
        return cls(settings.clinic_name, settings.origin, f"Teleconsulta {__version__}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who could sit in the room. `subject_id` is the user's or the invited person's; `council` a doctor's number."""

    participant_id: UUID
    role: str
    kind: str  # user | person
    subject_id: UUID
    name: str
    email: str | None
    council: str | None
    language: str | None
    seated_at: datetime
    admitted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """`texts`: those that were agreed to, as far as they are still known by their hash; `head`: of the audit log;
    `note`: the newest text, for the call's own doctor only."""

    issuer: Issuer
    call: CallDetail
    people: Sequence[Identity]
    consents: Sequence[Consent]
    overrides: Sequence[ConsentOverride]
    texts: Sequence[Text]
    notes: Sequence[NoteHash]
    note: str | None
    documents: Sequence[DocumentHash]
    signed: Sequence[SignedCopy]
    audit: Sequence[AuditEntry]
    head: Head | None


async def gather(session: AsyncSession, reader: Reader, call_id: UUID, issuer: Issuer) -> Facts:
    """What is on record about a call.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    call = await detail.read(session, reader, call_id)
    consents = await _consents(session, call.room_id)
    return Facts(
        issuer=issuer,
        call=call,
        people=await _people(session, call.room_id),
        consents=consents,
        overrides=await _overrides(session, call.room_id),
        texts=_texts(consents),
        notes=await note_rows.note_hashes(session, call_id),
        note=await _note(session, reader, call),
        documents=await document_hashes(session, call_id),
        signed=await copies_of_call(session, call_id),
        audit=await entries_about(session, call.room_id, [Ref("call", call_id), Ref("room", call.room_id)]),
        head=await current_head(session),
    )


async def _note(session: AsyncSession, reader: Reader, call: CallDetail) -> str | None:
    """Nobody but the doctor who wrote it reads a note, administrators included."""
    if await note_rows.room_of_own_call(session, reader.id, call.id) is None:
        return None
    newest = await note_rows.latest(session, call.id)
    return newest.text if newest else None


async def _people(session: AsyncSession, room_id: UUID) -> list[Identity]:
    seat = RoomParticipant
    query = (
        select(
            seat.id,
            seat.role,
            seat.user_id.is_not(None),
            func.coalesce(seat.user_id, seat.person_id),
            func.coalesce(User.name, Person.name),
            func.coalesce(User.email, Person.email),
            User.council,
            Person.language,
            seat.created_at,
            seat.admitted_at,
            seat.revoked_at,
        )
        .outerjoin(User, User.id == seat.user_id)
        .outerjoin(Person, Person.id == seat.person_id)
        .where(seat.room_id == room_id)
        .order_by(seat.created_at, seat.id)
    )
    return [
        Identity(seat_id, role, "user" if is_user else "person", subject_id, *rest)
        for seat_id, role, is_user, subject_id, *rest in await session.execute(query)
    ]


async def _consents(session: AsyncSession, room_id: UUID) -> Sequence[Consent]:
    query = select(Consent).where(Consent.room_id == room_id).order_by(Consent.given_at, Consent.id)
    return (await session.scalars(query)).all()


async def _overrides(session: AsyncSession, room_id: UUID) -> Sequence[ConsentOverride]:
    rows = ConsentOverride
    query = select(rows).where(rows.room_id == room_id).order_by(rows.made_at, rows.id)
    return (await session.scalars(query)).all()


def _texts(consents: Sequence[Consent]) -> list[Text]:
    wanted = sorted({(one.version, one.language, one.sha256) for one in consents})
    return [text for one in wanted if (text := agreed(*one)) is not None]
