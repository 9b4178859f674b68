"""Everything that is kept of one person, as one file that they can read and a program too (LGPD, art. 18).

What it holds is not listed here: it is whatever hangs on the person in the database (`graph`). Two things are held
back. Names of others, who have a right of their own; and, unless asked for, the text of the doctors' notes.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, Ref, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.calls import accesses
from teleconsulta.clinic import repository as profiles
from teleconsulta.keeping import graph, people
from teleconsulta.keeping.errors import PersonNotFound
from teleconsulta.keeping.reading import page
from teleconsulta.kernel.settings import Settings

FORMAT = "teleconsulta-subject/1"
FILES = text("SELECT id, content FROM issued_documents WHERE call_id = ANY(:calls) ORDER BY issued_at, id")
ABOUT = text("""
SELECT seq, at, action FROM audit_entries
WHERE room_id = ANY(:rooms) OR (target_type = 'patient' AND target_id = :person) ORDER BY seq
""")
Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class SubjectFile:
    name: str
    content: bytes


async def issue(
    session: AsyncSession,
    settings: Settings,
    admin: StaffIdentity,
    person_id: UUID,
    *,
    notes: bool,
    now: datetime,
) -> SubjectFile:
    """The file; that it was made, and its hash, are put on the audit log and on the person's log of accesses.

    Raises:
        PersonNotFound.
    """
    person = await people.one(session, person_id)
    if person is None:
        raise PersonNotFound
    await accesses.note_patient(session, admin, "subject_export", person_id)
    tables = await _tables(session, person_id)
    _hold_back(tables, person_id, notes=notes)
    rooms, calls = _ids(tables, "rooms"), _ids(tables, "calls")
    clinic = await profiles.clinic(session, now)
    whole = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "clinic": clinic.legal_name or settings.clinic_name,
        "notes_included": notes,
        "kept_until": person.kept_until.isoformat() if person.kept_until else None,
        "kept": tables,
        "audit": [dict(row._mapping) for row in await session.execute(ABOUT, {"rooms": rooms, "person": person_id})],
    }
    files = {f"documentos/{row.id}.pdf": row.content for row in await session.execute(FILES, {"calls": calls})}
    language = str(tables["people"][0].get("language") or "pt-BR")
    readable = page(whole, await _staff(session, tables), person_id, language, clinic.time_zone)
    content = await asyncio.to_thread(_pack, {"leia-me.html": readable, "dados.json": _json(whole), **files}, now)
    digest = hashlib.sha256(content).hexdigest()
    details = {"sha256": digest, "notes": notes, "rows": sum(map(len, tables.values()))}
    await record(session, Action.SUBJECT_EXPORTED, actor=admin, target=Ref("patient", person_id), details=details)
    return SubjectFile(f"dados-{now:%Y-%m-%d}-{person_id}.zip", content)


async def _tables(session: AsyncSession, person_id: UUID) -> Tables:
    found: Tables = {}
    for part in await graph.collect(session, "people", [person_id]):
        rows = await graph.rows(session, part)
        if rows:
            found[part.table] = rows
    return found


def _hold_back(tables: Tables, person_id: UUID, *, notes: bool) -> None:
    own = {seat["id"] for seat in tables.get("room_participants", []) if seat["person_id"] == str(person_id)}
    for consent in tables.get("consents", []):
        if consent["participant_id"] not in own:
            consent["representative_name"] = None
    if not notes:
        for note in tables.get("call_notes", []):
            note["text"] = None


def _ids(tables: Mapping[str, Sequence[Mapping[str, Any]]], table: str) -> list[UUID]:
    return [UUID(row["id"]) for row in tables.get(table, [])]


async def _staff(session: AsyncSession, tables: Tables) -> dict[str, str]:
    """The names of the staff that occur, by their ids."""
    wanted = {
        UUID(row[column])
        for rows in tables.values()
        for row in rows
        for column in ("user_id", "doctor_id", "author_id")
        if row.get(column)
    }
    found = await session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {str(identifier): name for identifier, name in found}


def _json(whole: object) -> bytes:
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def _pack(files: Mapping[str, bytes], now: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return out.getvalue()
