"""REST of signing in and of the clinic's users."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from teleconsulta.auth import repository, service, sessions
from teleconsulta.auth.errors import (
    EmailTaken,
    InvalidCredentials,
    LastAdmin,
    SessionEnded,
    TooManyAttempts,
    WeakPassword,
)
from teleconsulta.auth.identity import Admin, Staff
from teleconsulta.auth.schemas import Login, TokenOut, UserCreate, UserOut, UserPatch
from teleconsulta.auth.sign_in import SignIn
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database, Session
from teleconsulta.kernel.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.kernel.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens

router = APIRouter(prefix="/api")

LOGIN = Rate("login", times=60, seconds=60)
REFRESH = Rate("refresh", times=120, seconds=60)


class CookieAttributes(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax", "strict"]


class Parts:
    """The pieces of the running server that a session needs; from `main`, by way of the request."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.database: Database = state.database
        self.tokens: Tokens = state.tokens
        self.settings: Settings = state.settings
        self.clock: Clock = state.clock
        self.sign_in: SignIn = state.sign_in


async def _parts(request: Request) -> Parts:
    return Parts(request)  # a class is called in a thread, an async function is not


Running = Annotated[Parts, Depends(_parts)]


@router.post(
    "/auth/login",
    tags=["auth"],
    dependencies=[by_address(LOGIN)],
    responses=problems(InvalidCredentials, TooManyAttempts, RateLimited),
)
async def login(wish: Login, running: Running, address: ClientAddress, response: Response) -> TokenOut:
    """Sign in; every wrong credential gets one answer."""
    grant = await running.sign_in(wish.email, wish.password, address)
    _set_cookie(response, running, grant)
    return TokenOut.of(grant)


@router.post(
    "/auth/refresh",
    tags=["auth"],
    dependencies=[by_address(REFRESH)],
    responses=problems(Unauthorized, SessionEnded, RateLimited),
)
async def refresh(request: Request, running: Running, response: Response) -> TokenOut:
    """A fresh access token by the cookie, which is replaced. A token that comes twice ends the session."""
    raw = request.cookies.get(cookie_name(running.settings))
    if not raw:
        raise Unauthorized
    async with running.database.session() as session:
        grant = await sessions.rotate(session, running.tokens, raw, running.clock())
    if grant is None:
        raise SessionEnded
    _set_cookie(response, running, grant)
    return TokenOut.of(grant)


@router.post("/auth/logout", tags=["auth"], status_code=204)
async def logout(request: Request, running: Running, session: Session) -> Response:
    """End the session of the cookie, everywhere and at once; without one there is nothing to do."""
    name = cookie_name(running.settings)
    raw = request.cookies.get(name)
    if raw:
        await sessions.close(session, raw, running.clock())
    response = Response(status_code=204)
    response.delete_cookie(name, **_attributes(running.settings))
    return response


@router.get("/auth/me", tags=["auth"], responses=problems(Unauthorized, SessionEnded, Forbidden))
async def me(staff: Staff, session: Session) -> UserOut:
    """Who is signed in."""
    user = await repository.user_by_email(session, staff.email)
    if user is None:
        raise SessionEnded
    return UserOut.of(user)


@router.get("/users", tags=["users"], responses=problems(Unauthorized, Forbidden))
async def list_users(admin: Admin, session: Session, limit: Limit = 50, cursor: Cursor = None) -> Page[UserOut]:
    """Everybody of the clinic, in the order they were added."""
    after = None
    if cursor is not None:
        try:
            after = UUID(decode_cursor(cursor, 1)[0])
        except ValueError as error:
            raise Invalid("The cursor is not one of ours.") from error
    users, last = await service.list_users(session, limit, after)
    return Page(items=[UserOut.of(user) for user in users], next_cursor=encode_cursor(str(last)) if last else None)


@router.post(
    "/users", tags=["users"], status_code=201, responses=problems(Unauthorized, Forbidden, EmailTaken, WeakPassword)
)
async def create_user(wish: UserCreate, admin: Admin, session: Session) -> UserOut:
    """Add a doctor or an admin."""
    return UserOut.of(await service.create_user(session, wish, actor=admin))


@router.patch(
    "/users/{user_id}",
    tags=["users"],
    responses=problems(Unauthorized, Forbidden, NotFound, LastAdmin, WeakPassword),
)
async def change_user(user_id: UUID, wish: UserPatch, admin: Admin, running: Running, session: Session) -> UserOut:
    """Change somebody; a new password or role, or being disabled, signs them out everywhere."""
    return UserOut.of(await service.change_user(session, running.settings, user_id, wish, actor=admin))


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host, over HTTPS."""
    return "__Host-tc_refresh" if settings.secure else "tc_refresh"


def _set_cookie(response: Response, running: Parts, grant: sessions.Grant) -> None:
    left = int((grant.session_ends_at - running.clock()).total_seconds())
    name = cookie_name(running.settings)
    response.set_cookie(name, grant.refresh_token, max_age=left, **_attributes(running.settings))


def _attributes(settings: Settings) -> CookieAttributes:
    # A page on a sibling origin (app. beside api.) is same-site; Lax is for where a browser thinks otherwise.
    samesite: Literal["lax", "strict"] = "lax" if settings.cors_origins else "strict"
    return {"path": "/", "secure": settings.secure, "httponly": True, "samesite": samesite}
