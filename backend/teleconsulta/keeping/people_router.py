"""REST for answering a person who asks for their data, for administrators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from teleconsulta.auth.identity import Admin
from teleconsulta.keeping import people, subject
from teleconsulta.keeping.errors import PersonNotFound
from teleconsulta.keeping.router import ALWAYS, Now
from teleconsulta.keeping.schemas import PeopleOut, SubjectWish
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.http import problems

router = APIRouter(prefix="/api/people", tags=["people"])

ZIP = "application/zip"


class PeopleSearch(BaseModel):
    """In a body, so that no name stands in an address that others write down."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]


@router.post("/search", responses=problems(*ALWAYS))
async def search(wish: PeopleSearch, admin: Admin, session: Session) -> PeopleOut:
    """People by a part of their name or e-mail address; case and accents do not matter."""
    return PeopleOut(items=await people.search(session, admin, wish.query))


@router.post(
    "/{person_id}/export",
    response_class=Response,
    responses={200: {"content": {ZIP: {}}}, **problems(*ALWAYS, PersonNotFound)},
)
async def export(
    person_id: UUID, wish: SubjectWish, admin: Admin, session: Session, now: Now, request: Request
) -> Response:
    """All that is kept of one person: a page to read, JSON, and the papers that were issued."""
    made = await subject.issue(session, request.app.state.settings, admin, person_id, notes=wish.notes, now=now())
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=ZIP, headers=headers)
