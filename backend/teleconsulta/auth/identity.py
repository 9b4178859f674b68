"""Who calls. Endpoints name these types in their signatures: `Staff`, `Doctor`, `Admin`, `Participant`, `Visitor`,
and `SignedIn` where somebody is served who has still to set up a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth import repository
from teleconsulta.auth.errors import SecondFactorRequired, SessionEnded
from teleconsulta.kernel.db import Database, Session
from teleconsulta.kernel.errors import Forbidden, TokenExpired, Unauthorized
from teleconsulta.kernel.tokens import Purpose, Tokens

StaffRole = Literal["doctor", "admin"]
ParticipantRole = Literal["doctor", "patient", "companion", "interpreter", "colleague"]
PARTICIPANT_ROLES = ("doctor", "patient", "companion", "interpreter", "colleague")


@dataclass(frozen=True, slots=True)
class StaffIdentity:
    """A signed-in person of the clinic: `id` is the user's, `session_id` names this sign-in."""

    audit_type: ClassVar[str] = "user"

    id: UUID
    name: str
    email: str
    role: StaffRole
    slug: str
    council: str | None
    session_id: UUID


@dataclass(frozen=True, slots=True)
class ParticipantIdentity:
    """Somebody who came by a link: a seat in one room and nothing else. Whether it was withdrawn meanwhile
    is for the room to say, not for the token."""

    audit_type: ClassVar[str] = "participant"

    participant_id: UUID
    room_id: UUID
    role: ParticipantRole

    @property
    def id(self) -> UUID:
        return self.participant_id


async def read_staff(
    session: AsyncSession, tokens: Tokens, raw: str, purpose: Literal["access", "enrolment"] = "access"
) -> StaffIdentity:
    """Who an access token stands for, if their session still does.

    Raises:
        TokenExpired: the ten minutes are over; a refresh helps.
        SessionEnded: signed out, disabled or replaced since; signing in again helps.
        Unauthorized: it is no access token of ours.
    """
    claims = tokens.read(raw, purpose)
    try:
        user_id, session_id = UUID(claims.subject), UUID(str(claims["sid"]))
    except (KeyError, ValueError) as error:
        raise Unauthorized from error
    user = await repository.user_of_live_session(session, user_id, session_id)
    if user is None:
        raise SessionEnded
    role: StaffRole = "admin" if user.role == "admin" else "doctor"
    return StaffIdentity(user.id, user.name, user.email, role, user.slug, user.council, session_id)


def read_participant(tokens: Tokens, raw: str) -> ParticipantIdentity:
    """Whose seat a participant token stands for.

    Raises:
        TokenExpired: the room's window is over.
        Unauthorized: it is no participant token of ours.
    """
    claims = tokens.read(raw, "participant")
    try:
        participant_id, room_id, role = UUID(claims.subject), UUID(str(claims["room"])), claims["role"]
    except (KeyError, ValueError) as error:
        raise Unauthorized from error
    if role not in PARTICIPANT_ROLES:
        raise Unauthorized
    return ParticipantIdentity(participant_id, room_id, role)


_scheme = HTTPBearer(auto_error=False, scheme_name="access_token", bearerFormat="JWT")
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]


async def current_staff(request: Request, session: Session, bearer: _Bearer) -> StaffIdentity:
    """A doctor or an admin; somebody with a good token of the other kind is told that this is not for them."""
    tokens: Tokens = request.app.state.tokens
    raw = _raw(bearer)
    _refuse_other_kind(tokens, raw, "participant")
    if _is(tokens, raw, "enrolment"):
        raise SecondFactorRequired
    return await read_staff(session, tokens, raw)


async def current_signed_in(request: Request, bearer: _Bearer) -> StaffIdentity:
    """A doctor or an admin, also one who has still to set up a second factor.

    In a transaction of its own: what they are served by counts attempts in others, and must not hold two connections.
    """
    tokens: Tokens = request.app.state.tokens
    raw = _raw(bearer)
    _refuse_other_kind(tokens, raw, "participant")
    purpose: Literal["access", "enrolment"] = "enrolment" if _is(tokens, raw, "enrolment") else "access"
    database: Database = request.app.state.database
    async with database.session() as session:
        return await read_staff(session, tokens, raw, purpose)


async def current_participant(request: Request, bearer: _Bearer) -> ParticipantIdentity:
    tokens: Tokens = request.app.state.tokens
    raw = _raw(bearer)
    _refuse_other_kind(tokens, raw, "access")
    return read_participant(tokens, raw)


async def current_visitor(request: Request, session: Session, bearer: _Bearer) -> StaffIdentity | ParticipantIdentity:
    tokens: Tokens = request.app.state.tokens
    raw = _raw(bearer)
    if _is(tokens, raw, "participant"):
        return read_participant(tokens, raw)
    return await read_staff(session, tokens, raw)


Staff = Annotated[StaffIdentity, Depends(current_staff)]
SignedIn = Annotated[StaffIdentity, Depends(current_signed_in)]
Participant = Annotated[ParticipantIdentity, Depends(current_participant)]
Visitor = Annotated[StaffIdentity | ParticipantIdentity, Depends(current_visitor)]


async def current_doctor(staff: Staff) -> StaffIdentity:
    if staff.role != "doctor":
        raise Forbidden
    return staff


async def current_admin(staff: Staff) -> StaffIdentity:
    if staff.role != "admin":
        raise Forbidden
    return staff


Doctor = Annotated[StaffIdentity, Depends(current_doctor)]
Admin = Annotated[StaffIdentity, Depends(current_admin)]


def _raw(bearer: HTTPAuthorizationCredentials | None) -> str:
    if bearer is None:
        raise Unauthorized
    return bearer.credentials


def _refuse_other_kind(tokens: Tokens, raw: str, purpose: Purpose) -> None:
    if _is(tokens, raw, purpose):
        raise Forbidden


def _is(tokens: Tokens, raw: str, purpose: Purpose) -> bool:
    """Whether this is a token of that purpose, be it fresh or run out."""
    try:
        tokens.read(raw, purpose)
    except TokenExpired:
        return True
    except Unauthorized:
        return False
    return True
