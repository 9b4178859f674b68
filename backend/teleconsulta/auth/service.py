"""Users of the clinic: who there is, and what ends their sessions."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Identified
from teleconsulta.auth import repository, sessions, throttle
from teleconsulta.auth.errors import EmailTaken, LastAdmin, WeakPassword
from teleconsulta.auth.models import User
from teleconsulta.auth.schemas import UserCreate, UserPatch
from teleconsulta.kernel.clock import now as current_time
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.passwords import MAX_LENGTH, MIN_LENGTH, hash_password, is_guessable
from teleconsulta.kernel.settings import Settings


async def create_user(session: AsyncSession, wish: UserCreate, *, actor: Identified | None = None) -> User:
    """A new doctor or admin; without a password, nobody can sign in as them before they have chosen one by a link.
    `actor` is None when the command line did it.

    Raises:
        WeakPassword, EmailTaken.
    """
    if wish.password is not None:
        check_password(wish.password, kept_form(wish.email), wish.name)
    return await add_user(session, wish, actor=actor)


async def add_user(session: AsyncSession, wish: UserCreate, *, actor: Identified | None = None) -> User:
    """As `create_user`, without judging the password."""
    user = User(
        id=new_id(),
        email=kept_form(wish.email),
        name=wish.name,
        role=wish.role,
        slug=await _free_slug(session, wish.name),
        council=wish.council,
        password_hash=await hash_password(unknown_password() if wish.password is None else wish.password),
        created_at=current_time(),
        disabled_at=None,
    )
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise EmailTaken from error
    await audit.record(session, Action.USER_CREATED, actor=actor, target=user, details={"role": user.role})
    return user


async def change_user(
    session: AsyncSession, settings: Settings, user_id: UUID, wish: UserPatch, *, actor: Identified | None = None
) -> User:
    """Change what was given. A new password or role, or being disabled, ends all sessions at once.

    Raises:
        NotFound, WeakPassword, LastAdmin.
    """
    admins = await repository.lock_active_admins(session)
    user = await repository.user_for_change(session, user_id)
    if user is None:
        raise NotFound
    loses_office = wish.disabled is True or wish.role == "doctor"
    if loses_office and admins == {user.id}:
        raise LastAdmin
    given = wish.model_fields_set
    if wish.name is not None:
        user.name = wish.name
    if "council" in given:
        user.council = wish.council
    if wish.role is not None and wish.role != user.role:
        user.role = wish.role
        await sessions.end_all(session, user.id, current_time(), "role_changed")
    if given & {"name", "council", "role"}:
        fields = sorted(given & {"name", "council", "role"})
        await audit.record(session, Action.USER_CHANGED, actor=actor, target=user, details={"fields": fields})
    if wish.disabled is not None and wish.disabled != (user.disabled_at is not None):
        await _set_disabled(session, user, wish.disabled, actor)
    if wish.password is not None:
        await set_password(session, settings, user, wish.password, actor)
    return user


async def reset_password(
    session: AsyncSession, settings: Settings, email: str, password: str, *, actor: Identified | None = None
) -> User:
    """A new password for the account, which ends all its sessions and lifts what guessing had blocked.

    Raises:
        NotFound, WeakPassword.
    """
    user = await find(session, email)
    await set_password(session, settings, user, password, actor)
    return user


async def disable_user(session: AsyncSession, email: str, *, actor: Identified | None = None) -> User:
    """The account cannot sign in any more, and is signed out everywhere.

    Raises:
        NotFound, LastAdmin.
    """
    admins = await repository.lock_active_admins(session)
    user = await find(session, email)
    if admins == {user.id}:
        raise LastAdmin
    if user.disabled_at is None:
        await _set_disabled(session, user, True, actor)
    return user


async def list_users(session: AsyncSession, limit: int, after: UUID | None) -> tuple[Sequence[User], UUID | None]:
    """One page in the order of creation, and the id the next one starts after."""
    rows = await repository.users_page(session, limit + 1, after)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def check_password(password: str, email: str = "", name: str = "") -> None:
    """Any characters, but not one that is guessed early.

    Raises:
        WeakPassword
    """
    own = {email, email.partition("@")[0], name.casefold()}
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or is_guessable(password) or password.casefold() in own:
        raise WeakPassword


def kept_form(email: str) -> str:
    """How an e-mail address is stored and compared."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def unknown_password() -> str:
    """One that nobody knows, so that an account without a password costs a guess what any other does."""
    return secrets.token_urlsafe(32)


async def set_password(
    session: AsyncSession, settings: Settings, user: User, password: str, actor: Identified | None
) -> None:
    """A password of the user's own from now on: every session ends, every link to choose one is dead.

    Raises:
        WeakPassword
    """
    check_password(password, user.email, user.name)
    user.password_hash, user.pending = await hash_password(password), None
    moment = current_time()
    await repository.withdraw_password_links(session, user.id, moment)
    await sessions.end_all(session, user.id, moment, "password_changed")
    await throttle.forgive_account(session, settings.secret_key, user.email)
    await audit.record(session, Action.USER_PASSWORD_CHANGED, actor=actor, target=user)


async def find(session: AsyncSession, email: str) -> User:
    """The account of this address, in whatever form it is written.

    Raises:
        NotFound
    """
    user = await repository.user_by_email(session, kept_form(email))
    if user is None:
        raise NotFound("There is no such user.")
    return user


async def _set_disabled(session: AsyncSession, user: User, disabled: bool, actor: Identified | None) -> None:
    moment = current_time()
    user.disabled_at = moment if disabled else None
    if disabled:
        await sessions.end_all(session, user.id, moment, "disabled")
        await audit.record(session, Action.USER_DISABLED, actor=actor, target=user)
    else:
        await audit.record(session, Action.USER_CHANGED, actor=actor, target=user, details={"fields": ["disabled"]})


async def _free_slug(session: AsyncSession, name: str) -> str:
    """A short name for addresses, of plain letters: `helena-prado`, then `helena-prado-2`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in {"dr", "dra"}]
    base = "-".join(words)[:60].strip("-") or "user"
    taken = await repository.slugs_like(session, base)
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
