"""Issuing a dossier: the record of one call as one signed file that anybody can check, years later, without us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, Identified, Ref, record
from teleconsulta.audit.service import Hashed
from teleconsulta.calls import accesses
from teleconsulta.calls.history import Reader
from teleconsulta.records import chapters, keys
from teleconsulta.records.canonical import plain
from teleconsulta.records.facts import Facts, Issuer, gather
from teleconsulta.records.seal import FORMAT, digest, seal
from teleconsulta.records.signer import Signer

MEDIA_TYPE = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One issued file."""

    name: str
    content: bytes


async def issue(
    session: AsyncSession,
    reader: Reader,
    call_id: UUID,
    *,
    issuer: Issuer,
    signer: Signer,
    now: datetime,
    actor: Identified | None,
    ip: Hashed | None = None,
) -> Dossier:
    """The signed dossier of a call; that it was issued, and its hash, are put on the audit log.

    `actor` is None for whoever sits at the server's own command line.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    facts = await gather(session, reader, call_id, issuer)
    await keys.publish(session, signer, now)
    content = write(facts, signer, now, actor)
    details = {"format": "dossier", "sha256": digest(content), "key": signer.public_hex}
    room_id, target = facts.call.room_id, Ref("call", call_id)
    await record(session, Action.CALL_EXPORTED, actor=actor, target=target, room_id=room_id, details=details, ip=ip)
    await accesses.note(session, actor, "dossier", [call_id])
    return Dossier(file_name(facts, "jsonl"), content)


def write(facts: Facts, signer: Signer, now: datetime, actor: Identified | None) -> bytes:
    """The file for these facts, issued now to `actor`. Pure."""
    issuer = facts.issuer
    about = {
        "call_id": str(facts.call.id),
        "issued_at": plain(now),
        "clinic": issuer.clinic,
        "keys_at": f"{issuer.origin}/api/dossier-keys",
    }
    header = (
        "header",
        {
            "format": FORMAT,
            **about,
            "software": issuer.software,
            "issued_to": str(actor.id) if actor is not None else None,
        },
    )
    return seal([header, *chapters.rows(facts)], signer, about)


def file_name(facts: Facts, ending: str) -> str:
    """A name without anybody's name: the day and the call."""
    return f"{facts.call.started_at:%Y-%m-%d}-{facts.call.id}.{ending}"
