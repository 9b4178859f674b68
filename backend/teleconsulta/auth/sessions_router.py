"""REST of one's own sessions: where am I signed in, and out of there."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from teleconsulta.auth import sessions
from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.factor_schemas import SessionOut
from teleconsulta.auth.identity import SignedIn
from teleconsulta.auth.parts import Running
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, NotFound, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.pagination import Page

router = APIRouter(prefix="/api/auth/sessions", tags=["auth"])


@router.get("", responses=problems(Unauthorized, SessionEnded, Forbidden))
async def list_sessions(who: SignedIn, running: Running, session: Session) -> Page[SessionOut]:
    """Where one is signed in, the latest used first; a hundred at most, on one page."""
    found = await sessions.list_sessions(session, who.id, running.clock())
    return Page(items=[SessionOut.of(family, who.session_id) for family in found], next_cursor=None)


@router.delete("", status_code=204, responses=problems(Unauthorized, SessionEnded, Forbidden))
async def end_others(who: SignedIn, running: Running, session: Session) -> Response:
    """Sign out everywhere else; sockets are cut at once."""
    await sessions.end_others(session, who.id, who.session_id, running.clock(), "ended_by_owner")
    return Response(status_code=204)


@router.delete("/{session_id}", status_code=204, responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound))
async def end_one(session_id: UUID, who: SignedIn, running: Running, session: Session) -> Response:
    """Sign out one device; its sockets are cut at once."""
    await sessions.end_own(session, who.id, session_id, running.clock())
    return Response(status_code=204)
