"""REST of the clinic's users, for administrators, and of the links by which passwords are chosen."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from teleconsulta.auth import password_links, service
from teleconsulta.auth.errors import (
    EmailTaken,
    InvalidPasswordLink,
    LastAdmin,
    PasswordLinkExpired,
    PasswordLinkUsed,
    PasswordLinkWithdrawn,
    SecondFactorRequired,
    WeakPassword,
)
from teleconsulta.auth.identity import Admin
from teleconsulta.auth.parts import Running
from teleconsulta.auth.schemas import (
    NewPasswordIn,
    PasswordLinkIn,
    PasswordLinkOut,
    PasswordLinkWish,
    UserCreate,
    UserOut,
    UserPatch,
)
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.kernel.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor

router = APIRouter(prefix="/api")

LINKS = Rate("password links", times=30, seconds=60)
LINK_PROBLEMS = problems(
    InvalidPasswordLink, PasswordLinkExpired, PasswordLinkUsed, PasswordLinkWithdrawn, WeakPassword, RateLimited
)


@router.get("/users", tags=["users"], responses=problems(Unauthorized, Forbidden, SecondFactorRequired))
async def list_users(admin: Admin, session: Session, limit: Limit = 50, cursor: Cursor = None) -> Page[UserOut]:
    """Everybody of the clinic, in the order they were added."""
    after = None
    if cursor is not None:
        try:
            after = UUID(decode_cursor(cursor, 1)[0])
        except ValueError as error:
            raise Invalid("The cursor is not one of ours.") from error
    users, last = await service.list_users(session, limit, after)
    letters = await password_links.letters_of(session, users)
    items = [UserOut.of(user, letters.get(user.id)) for user in users]
    return Page(items=items, next_cursor=encode_cursor(str(last)) if last else None)


@router.post(
    "/users",
    tags=["users"],
    status_code=201,
    responses=problems(Unauthorized, Forbidden, SecondFactorRequired, EmailTaken, WeakPassword),
)
async def create_user(wish: UserCreate, admin: Admin, running: Running, session: Session) -> UserOut:
    """Add a doctor or an admin. Without `password` they are invited: a letter brings a link to choose one."""
    user = await service.create_user(session, wish, actor=admin)
    if wish.password is not None:
        return UserOut.of(user)
    link = await password_links.invite(session, running.settings, user, wish.language, running.clock(), admin)
    return UserOut.of(user, link)


@router.patch(
    "/users/{user_id}",
    tags=["users"],
    responses=problems(Unauthorized, Forbidden, SecondFactorRequired, NotFound, LastAdmin, WeakPassword),
)
async def change_user(user_id: UUID, wish: UserPatch, admin: Admin, running: Running, session: Session) -> UserOut:
    """Change somebody; a new password or role, or being disabled, signs them out everywhere."""
    user = await service.change_user(session, running.settings, user_id, wish, actor=admin)
    return UserOut.of(user, (await password_links.letters_of(session, [user])).get(user.id))


@router.post(
    "/users/{user_id}/password-link",
    tags=["users"],
    status_code=202,
    responses=problems(Unauthorized, Forbidden, SecondFactorRequired, NotFound, LastAdmin, Conflict),
)
async def send_password_link(
    user_id: UUID, wish: PasswordLinkWish, admin: Admin, running: Running, session: Session
) -> UserOut:
    """Send the invitation again, or reset the password: the old one is void at once, sessions end, and a letter
    brings a link to choose another. Links sent before are dead."""
    user, link = await password_links.send(
        session, running.settings, user_id, wish.language, running.clock(), actor=admin
    )
    return UserOut.of(user, link)


@router.post("/auth/password/preview", tags=["auth"], dependencies=[by_address(LINKS)], responses=LINK_PROBLEMS)
async def preview_password_link(wish: PasswordLinkIn, running: Running, session: Session) -> PasswordLinkOut:
    """Whose link it is. Looking changes nothing."""
    link, user = await password_links.read(session, running.tokens, wish.token, running.clock())
    return PasswordLinkOut(
        name=user.name,
        email=user.email,
        purpose="reset" if link.purpose == "reset" else "invitation",
        expires_at=link.expires_at,
    )


@router.post(
    "/auth/password",
    tags=["auth"],
    status_code=204,
    dependencies=[by_address(LINKS)],
    responses=LINK_PROBLEMS,
)
async def choose_password(wish: NewPasswordIn, running: Running, session: Session) -> Response:
    """Choose the password by a link, which is used up by it."""
    await password_links.choose(session, running.settings, running.tokens, wish.token, wish.password, running.clock())
    return Response(status_code=204)
