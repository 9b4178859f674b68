"""REST of signing in, staying in and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from teleconsulta.auth import repository, sessions
from teleconsulta.auth.devices import device_of
from teleconsulta.auth.errors import InvalidCredentials, OtpRequired, SessionEnded, TooManyAttempts
from teleconsulta.auth.identity import SignedIn
from teleconsulta.auth.parts import Parts, Running
from teleconsulta.auth.schemas import Login, Refresh, TokenOut, UserOut
from teleconsulta.auth.sign_in import Attempt
from teleconsulta.kernel import cookies
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, RateLimited, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.kernel.settings import Settings

router = APIRouter(prefix="/api")

LOGIN = Rate("login", times=60, seconds=60)
REFRESH = Rate("refresh", times=120, seconds=60)


@router.post(
    "/auth/login",
    tags=["auth"],
    dependencies=[by_address(LOGIN)],
    responses=problems(InvalidCredentials, OtpRequired, TooManyAttempts, RateLimited),
)
async def login(
    wish: Login,
    request: Request,
    running: Running,
    address: ClientAddress,
    response: Response,
    user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> TokenOut:
    """Sign in; every wrong credential gets one answer. `otp_required` is said only where the password was right."""
    attempt = Attempt(wish.email, wish.password, wish.otp, address, device_of(user_agent))
    grant = await running.sign_in(attempt)
    _set_cookie(request, response, running, grant)
    # Whether the browser of a far page keeps the cookie is only known when it comes back.
    return TokenOut.of(grant, for_memory=cookies.is_far(request, running.settings))


@router.post(
    "/auth/refresh",
    tags=["auth"],
    dependencies=[by_address(REFRESH)],
    responses=problems(Unauthorized, SessionEnded, RateLimited),
)
async def refresh(request: Request, running: Running, response: Response, wish: Refresh | None = None) -> TokenOut:
    """A fresh access token by the cookie, or by the token that a far page holds; either is replaced. One that comes
    twice ends the session."""
    cookie = request.cookies.get(cookie_name(running.settings))
    raw = cookie or _held(wish)
    if not raw:
        raise Unauthorized
    async with running.database.session() as session:
        grant = await sessions.rotate(session, running.settings, running.tokens, raw, running.clock())
    if grant is None:
        raise SessionEnded
    _set_cookie(request, response, running, grant)
    return TokenOut.of(grant, for_memory=cookie is None)


@router.post("/auth/logout", tags=["auth"], status_code=204)
async def logout(request: Request, running: Running, session: Session, wish: Refresh | None = None) -> Response:
    """End the session of the cookie or token, everywhere and at once; without one there is nothing to do."""
    name = cookie_name(running.settings)
    raw = request.cookies.get(name) or _held(wish)
    if raw:
        await sessions.close(session, raw, running.clock())
    response = Response(status_code=204)
    cookies.give(request, response, running.settings, name, "", 0)
    return response


@router.get("/auth/me", tags=["auth"], responses=problems(Unauthorized, SessionEnded, Forbidden))
async def me(staff: SignedIn, session: Session) -> UserOut:
    """Who is signed in."""
    user = await repository.user_by_email(session, staff.email)
    if user is None:
        raise SessionEnded
    return UserOut.of(user)


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host, over HTTPS."""
    return "__Host-tc_refresh" if settings.secure else "tc_refresh"


def _set_cookie(request: Request, response: Response, running: Parts, grant: sessions.Grant) -> None:
    left = int((grant.session_ends_at - running.clock()).total_seconds())
    cookies.give(request, response, running.settings, cookie_name(running.settings), grant.refresh_token, left)


def _held(wish: Refresh | None) -> str | None:
    return wish.refresh_token if wish else None
