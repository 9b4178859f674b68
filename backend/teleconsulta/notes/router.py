"""REST of notes: for the doctor who led the call, and for nobody else."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, NotFound, RateLimited, TooLarge, Unauthorized, Unavailable
from teleconsulta.kernel.http import Problem, problems
from teleconsulta.kernel.limits import Rate, limits_of
from teleconsulta.notes import service
from teleconsulta.notes.errors import NoteConflict
from teleconsulta.notes.schemas import NoteOut, NoteVersion, NoteWish

router = APIRouter(prefix="/api/calls/{call_id}/notes", tags=["notes"])

# A page saves every few seconds while somebody types; a script that fills the disk is stopped.
SAVING = Rate("save note", times=60, seconds=60)


class NoteProblem(Problem):
    """A refusal with both texts: what is stored, and what was sent and is not."""

    current: NoteOut
    yours: NoteWish


class NoteVersions(BaseModel):
    """Oldest first."""

    items: list[NoteVersion]


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Now = Annotated[Clock, Depends(_clock)]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An older version than the newest.")]


@router.get("", responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable))
async def read_note(call_id: UUID, doctor: Doctor, session: Session, version: Version = None) -> NoteOut:
    """What the doctor wrote about a call of theirs."""
    return await service.read(session, doctor, call_id, version)


@router.put(
    "",
    responses={
        **problems(Unauthorized, SessionEnded, Forbidden, NotFound, TooLarge, Invalid, RateLimited, Unavailable),
        409: {"model": NoteProblem, "description": f"`{NoteConflict.code}`"},
    },
)
async def save_note(
    call_id: UUID, wish: NoteWish, doctor: Doctor, session: Session, request: Request, now: Now
) -> NoteOut:
    """Save a new version. A stale `base_version` is refused with both texts; nothing is overwritten."""
    limits_of(request).spend(SAVING, str(doctor.id))
    return await service.save(session, doctor, call_id, wish, now())


@router.get("/versions", responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable))
async def list_versions(call_id: UUID, doctor: Doctor, session: Session) -> NoteVersions:
    """When the note was saved, and what each version's text hashes to."""
    found = await service.versions(session, doctor, call_id)
    items = [
        NoteVersion(version=one.version, sha256=one.sha256, bytes=one.bytes, saved_at=one.saved_at) for one in found
    ]
    return NoteVersions(items=items)
