"""Consultations of long ago."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from teleconsulta.documents.models import IssuedDocument
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.notes.models import CallNote
from tests.builders import Builder, Consultation
from tests.calls.records import ended_call

YEAR = timedelta(days=366)


async def consultation(
    build: Builder, database: Database, years: int, patient_name: str = "Benedita Quaresma"
) -> tuple[Consultation, UUID]:
    """A consultation of so many years ago with its call, a note and a paper."""
    then = now() - years * YEAR
    room = await build.room(starts_at=then, patient_name=patient_name)
    call_id = await ended_call(database, room, started_at=then)
    async with database.session() as session:
        ids = {"then": then, "room": room.room_id, "person": room.patient.person_id}
        await session.execute(text("UPDATE rooms SET created_at = :then WHERE id = :room"), ids)
        await session.execute(text("UPDATE people SET created_at = :then WHERE id = :person"), ids)
        session.add(
            CallNote(
                call_id=call_id, version=1, author_id=room.doctor.id, text="Segredo médico", sha256="0", saved_at=then
            )
        )
        session.add(
            IssuedDocument(
                id=new_id(),
                kind="attendance",
                code=new_id().hex,
                call_id=call_id,
                doctor_id=room.doctor.id,
                doctor_name="Dra. Íris Valadão",
                doctor_council="CRM/SP 123456",
                attended_on=then.date(),
                issued_at=then,
                demo=False,
                sha256="0" * 64,
                size=8,
                content=b"%PDF-1.7",
            )
        )
    return room, call_id
