"""REST of signing in, staying in and signing out."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from fastapi import APIRouter, Header, Request, Response

from teleconsulta.auth import repository, sessions
from teleconsulta.auth.devices import device_of
from teleconsulta.auth.errors import InvalidCredentials, OtpRequired, SessionEnded, TooManyAttempts
from teleconsulta.auth.identity import SignedIn
from teleconsulta.auth.parts import Parts, Running
from teleconsulta.auth.schemas import Login, TokenOut, UserOut
from teleconsulta.auth.sign_in import Attempt
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, RateLimited, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.kernel.settings import Settings

router = APIRouter(prefix="/api")

LOGIN = Rate("login", times=60, seconds=60)
REFRESH = Rate("refresh", times=120, seconds=60)


class CookieAttributes(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax", "strict"]


@router.post(
    "/auth/login",
    tags=["auth"],
    dependencies=[by_address(LOGIN)],
    responses=problems(InvalidCredentials, OtpRequired, TooManyAttempts, RateLimited),
)
async def login(
    wish: Login,
    running: Running,
    address: ClientAddress,
    response: Response,
    user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> TokenOut:
    """Sign in; every wrong credential gets one answer. `otp_required` is said only where the password was right."""
    attempt = Attempt(wish.email, wish.password, wish.otp, address, device_of(user_agent))
    grant = await running.sign_in(attempt)
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
        grant = await sessions.rotate(session, running.settings, running.tokens, raw, running.clock())
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
async def me(staff: SignedIn, session: Session) -> UserOut:
    """Who is signed in."""
    user = await repository.user_by_email(session, staff.email)
    if user is None:
        raise SessionEnded
    return UserOut.of(user)


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
