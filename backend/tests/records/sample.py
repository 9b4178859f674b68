"""One consultation as facts, without a database: everything a dossier can tell occurs in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from teleconsulta.audit import Head, Ref
from teleconsulta.audit.chain import GENESIS, Link
from teleconsulta.audit.models import AuditEntry
from teleconsulta.calls.schemas import (
    CallDetail,
    CallMessage,
    CallParticipantOut,
    InterruptionOut,
    PersonRef,
    QualitySummary,
    Stay,
    TimelineEntry,
)
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.documents.models import SignedCopy
from teleconsulta.documents.repository import DocumentHash
from teleconsulta.notes.repository import NoteHash
from teleconsulta.records import dossier
from teleconsulta.records.facts import Facts, Identity, Issuer
from teleconsulta.records.signer import Signer
from tests.support import SECRET

NOTE = "Dor há dias."
NOTE_HASH = sha256(NOTE.encode()).hexdigest()
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SIGNER = Signer(SECRET)
ISSUED = NOON + timedelta(days=1)


def uid(number: int) -> UUID:
    return UUID(f"01900000-0000-7000-8000-{number:012d}")


CALL, ROOM, DOCTOR, PATIENT, MOTHER = uid(1), uid(2), uid(3), uid(4), uid(5)
DOCTOR_SEAT, PATIENT_SEAT, MOTHER_SEAT = uid(13), uid(14), uid(15)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def entries(*, start: int = 40) -> list[AuditEntry]:
    """Two neighbours of the chain, and one further on."""
    made, previous = [], GENESIS
    for seq, action in ((start, "room:opened"), (start + 1, "consent:given"), (start + 9, "call:ended")):
        link = Link(
            seq, after(seq), action, "user", DOCTOR, "room", ROOM, ROOM, {"é": [1, None, "ü"]}, b"\x01", previous
        )
        previous = link.digest()
        made.append(AuditEntry(**{name: getattr(link, name) for name in Link.__slots__}, hash=previous))
    return made


def facts(**changes: object) -> Facts:
    agreed = text("pt-BR")
    seats = ((DOCTOR_SEAT, "doctor"), (PATIENT_SEAT, "patient"), (MOTHER_SEAT, "companion"))
    people = [
        Identity(DOCTOR_SEAT, "doctor", "user", DOCTOR, "Dra. Íris", "i@c.example", "CRM/SP 1", None, NOON, NOON, None),
        Identity(PATIENT_SEAT, "patient", "person", PATIENT, "João 👋", None, None, "pt-BR", NOON, after(60), None),
        Identity(MOTHER_SEAT, "companion", "person", MOTHER, "Ana", "a@b.example", None, "es", NOON, None, after(9)),
    ]  # fmt: skip
    participants = [
        CallParticipantOut(
            participant_id=seat,
            name=role,
            role=role,
            joined_at=NOON,
            left_at=after(600),
            seconds=600,
            path="relay",
            protocol="udp",
            quality=QualitySummary(samples=3, rtt_ms=35.25, loss_in=0.0000004, fps=30.0),
            stays=[Stay(joined_at=NOON, left_at=after(600), left_reason="ended_by_doctor")],
            interruptions=[InterruptionOut(began_at=after(70), duration_ms=None, cause="silence", restarts=1)],
        )
        for seat, role in seats
    ]
    call = CallDetail(
        id=CALL,
        room_id=ROOM,
        doctor=PersonRef(id=DOCTOR, name="Dra. Íris"),
        patient=PersonRef(id=PATIENT, name="João 👋"),
        state="ended",
        started_at=NOON,
        ended_at=after(600),
        duration_seconds=600,
        end_reason="ended_by_doctor",
        outcome="completed",
        path="relay",
        quality_grade="good",
        modality="teleconsulta",
        channel="video",
        room_starts_at=NOON,
        outcome_reason="tudo\nbem \u2028 \x7f",
        participants=participants,
        consents=[],
        overrides=[],
        messages=[
            CallMessage(id=uid(at), participant_id=PATIENT_SEAT, name="", role="patient", text=said, sent_at=NOON)
            for at, said in enumerate(("Olá", "Olá", '"\\ \t'), 30)
        ],
        timeline=[
            TimelineEntry(at=NOON, event=event, participant_id=None, name=None, detail=None, duration_ms=None)
            for event in ("call_started", "interrupted", "call_ended")
        ],
    )  # fmt: skip
    consent = Consent(
        id=uid(20),
        room_id=ROOM,
        participant_id=PATIENT_SEAT,
        text_id=agreed.id,
        version=agreed.version,
        language="pt-BR",
        sha256=agreed.sha256,
        given_by="representative",
        representative_name="Ana",
        representative_relationship="mãe",
        device="phone",
        given_at=NOON,
        withdrawn_at=None,
    )
    override = ConsentOverride(
        id=uid(21),
        room_id=ROOM,
        participant_id=PATIENT_SEAT,
        doctor_id=DOCTOR,
        reason="Inconsciente, risco imediato.",
        made_at=NOON,
        ended_at=None,
    )
    values: dict[str, object] = {
        "issuer": Issuer("Clínica Horizonte", "https://clinica.example", "Teleconsulta 0"),
        "call": call,
        "people": people,
        "consents": [consent],
        "overrides": [override],
        "texts": [agreed],
        "notes": [NoteHash(1, sha256(b"Dor.").hexdigest(), 4, after(300)), NoteHash(2, NOTE_HASH, 12, after(500))],
        "note": NOTE,
        "documents": [DocumentHash(uid(50), "attendance", "ab" * 32, 40_123, after(700))],
        "signed": [
            SignedCopy(
                id=uid(51),
                document_id=uid(50),
                doctor_id=DOCTOR,
                sha256="cd" * 32,
                size=99_000,
                contains_issued=True,
                added_at=after(900),
            )
        ],
        "audit": entries(),
        "head": Head(77, b"\x02" * 32),
        **changes,
    }
    return Facts(**values)  # type: ignore[arg-type]  # a test may change any of them


def written(**changes: object) -> bytes:
    return dossier.write(facts(**changes), SIGNER, ISSUED, Ref("user", DOCTOR))
