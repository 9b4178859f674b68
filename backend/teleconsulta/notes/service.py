"""Reading and saving notes. A saving that does not know the newest version stores nothing and is shown both texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.calls import accesses
from teleconsulta.kernel.errors import NotFound, TooLarge
from teleconsulta.notes import repository
from teleconsulta.notes.errors import NoteConflict
from teleconsulta.notes.models import CallNote
from teleconsulta.notes.schemas import NoteOut, NoteWish

# Below the largest body there is (64 KiB), so that line breaks and quotes have room for their escapes.
LARGEST_BYTES = 48 * 1024


async def read(session: AsyncSession, doctor: StaffIdentity, call_id: UUID, version: int | None = None) -> NoteOut:
    """The newest version, or the one asked for.

    Raises:
        NotFound: no such call, another doctor's, or no such version.
    """
    room_id = await _own(session, doctor, call_id)
    if version is None:
        note = await repository.latest(session, call_id)
    else:
        note = await repository.one(session, call_id, version)
        if note is None:
            raise NotFound
    read_version = note.version if note else 0
    await audit.record(
        session,
        Action.NOTE_READ,
        actor=doctor,
        target=Ref("call", call_id),
        room_id=room_id,
        details={"version": read_version},
    )
    await accesses.note(session, doctor, "note", [call_id])
    return NoteOut.of(call_id, note)


async def save(session: AsyncSession, doctor: StaffIdentity, call_id: UUID, wish: NoteWish, now: datetime) -> NoteOut:
    """A new version. Saving the newest text again, as after an answer that was lost, makes none.

    Raises:
        NotFound: no such call, or another doctor's.
        TooLarge: the text has more than `LARGEST_BYTES` bytes.
        NoteConflict: somebody saved since; nothing is stored, and both texts are in the refusal.
    """
    room_id = await _own(session, doctor, call_id)
    encoded = wish.text.encode()
    if len(encoded) > LARGEST_BYTES:
        raise TooLarge("The note is too long.", largest_bytes=LARGEST_BYTES)
    current = await repository.latest(session, call_id)
    if current is not None and current.text == wish.text:
        return NoteOut.of(call_id, current)
    if wish.base_version != (current.version if current else 0):
        raise _conflict(call_id, current, wish)
    note = CallNote(
        call_id=call_id,
        version=wish.base_version + 1,
        author_id=doctor.id,
        text=wish.text,
        sha256=hashlib.sha256(encoded).hexdigest(),
        saved_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(note)
    except IntegrityError as error:  # another page saved between our look and our row
        raise _conflict(call_id, await repository.latest(session, call_id), wish) from error
    await audit.record(
        session,
        Action.NOTE_SAVED,
        actor=doctor,
        target=Ref("call", call_id),
        room_id=room_id,
        details={"version": note.version, "sha256": note.sha256},
    )
    return NoteOut.of(call_id, note)


async def versions(session: AsyncSession, doctor: StaffIdentity, call_id: UUID) -> Sequence[repository.NoteHash]:
    """Every saved version, oldest first.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    await _own(session, doctor, call_id)
    return await repository.note_hashes(session, call_id)


async def _own(session: AsyncSession, doctor: StaffIdentity, call_id: UUID) -> UUID:
    room_id = await repository.room_of_own_call(session, doctor.id, call_id)
    if room_id is None:
        raise NotFound
    return room_id


def _conflict(call_id: UUID, current: CallNote | None, wish: NoteWish) -> NoteConflict:
    return NoteConflict(current=NoteOut.of(call_id, current), yours=wish)
