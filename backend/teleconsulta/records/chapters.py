"""What a dossier tells, chapter by chapter, as rows of (kind, data). Pure.

A new chapter is one more function in `CHAPTERS`, a word in `comparison.WORDS` and a line in docs/dossier.md: readers
take kinds they do not know as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from teleconsulta.records.canonical import plain
from teleconsulta.records.facts import Facts

Row = tuple[str, dict[str, Any]]


def consultation(facts: Facts) -> Iterator[Row]:
    """The call itself, with how it ended."""
    call = facts.call
    yield (
        "consultation",
        {
            "call_id": call.id,
            "room_id": call.room_id,
            "modality": call.modality,
            "scheduled_for": call.room_starts_at,
            "started_at": call.started_at,
            "ended_at": call.ended_at,
            "state": call.state,
            "end_reason": call.end_reason,
            "outcome": call.outcome,
            "outcome_reason": call.outcome_reason,
            "path": call.path,
            "quality_grade": call.quality_grade,
        },
    )


def identities(facts: Facts) -> Iterator[Row]:
    """Everybody who could sit in the room, as the clinic knows them."""
    for person in facts.people:
        yield "identity", asdict(person)


def consents(facts: Facts) -> Iterator[Row]:
    """The texts, whole, and who agreed to which, when and for whom; where a doctor did not wait for it, and why."""
    for text in facts.texts:
        yield (
            "consent_text",
            {
                "text_id": text.id,
                "version": text.version,
                "language": text.language,
                "sha256": text.sha256,
                "text": text.raw,
            },
        )
    for given in facts.consents:
        names = ("id", "participant_id", "text_id", "version", "language", "sha256", "given_by", "representative_name",
                 "representative_relationship", "device", "given_at", "withdrawn_at")  # fmt: skip
        yield "consent", {name: getattr(given, name) for name in names}
    for made in facts.overrides:
        told = ("id", "participant_id", "doctor_id", "reason", "made_at", "ended_at")
        yield "consent_override", {name: getattr(made, name) for name in told}


def participation(facts: Facts) -> Iterator[Row]:
    """Who was in the call, over which path, how well, and every break of the media as their browser saw it."""
    for part in facts.call.participants:
        own = {"participant_id": part.participant_id}
        quality = part.quality.model_dump() if part.quality else None
        yield (
            "participation",
            {**own, "role": part.role, "path": part.path, "protocol": part.protocol, "quality": quality},
        )
        for stay in part.stays:
            yield "stay", {**own, **stay.model_dump()}
        for one in part.interruptions:
            yield "interruption", {**own, **one.model_dump()}


def chat(facts: Facts) -> Iterator[Row]:
    """Every message of the room, in the order in which the server had them."""
    for said in facts.call.messages:
        yield "message", said.model_dump(exclude={"name"})


OWN_ROWS = frozenset({"interrupted", "consented", "consent_withdrawn", "consent_overridden"})


def timeline(facts: Facts) -> Iterator[Row]:
    """What happened in the room; breaks of the media, and what was agreed to, have rows of their own."""
    for entry in facts.call.timeline:
        if entry.event not in OWN_ROWS:
            yield "event", entry.model_dump(exclude={"name", "duration_ms"})


def notes(facts: Facts) -> Iterator[Row]:
    """Every version of the doctor's note by its hash; the words of the newest where its doctor asks."""
    for version in facts.notes:
        newest = version is facts.notes[-1] and facts.note is not None
        yield "note", asdict(version) | ({"text": facts.note} if newest else {})


def documents(facts: Facts) -> Iterator[Row]:
    """The papers that were issued, and those that came back signed, by their hashes."""
    for paper in facts.documents:
        yield "document", asdict(paper)
    for copy in facts.signed:
        told = ("id", "document_id", "doctor_id", "sha256", "size", "contains_issued", "added_at")
        yield "signed_copy", {name: getattr(copy, name) for name in told}


def audit(facts: Facts) -> Iterator[Row]:
    """The audit log's entries about this room and call exactly as they were hashed, and where the log had got to."""
    for entry in facts.audit:
        yield "audit", {"entry": entry.link.fields(), "hash": entry.hash.hex()}
    if facts.head is not None:
        yield "audit_head", {"seq": facts.head.seq, "hash": facts.head.hash.hex()}


CHAPTERS: tuple[Callable[[Facts], Iterator[Row]], ...] = (
    consultation,
    identities,
    consents,
    participation,
    chat,
    timeline,
    notes,
    documents,
    audit,
)


def rows(facts: Facts) -> Iterator[Row]:
    """Every row in its order. The same record gives the same rows."""
    for chapter in CHAPTERS:
        for kind, data in chapter(facts):
            yield kind, plain(data)
