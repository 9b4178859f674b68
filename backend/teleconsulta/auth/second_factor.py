"""The second factor of an account: set up with a code, asked for at sign-in, taken away with a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action, Identified
from teleconsulta.auth import repository, sessions, totp
from teleconsulta.auth.errors import SecondFactorActive, SecondFactorMissing, SessionEnded, WrongCode
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import RecoveryCode, User
from teleconsulta.jobs.worker import Sweep
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import NotFound
from teleconsulta.kernel.sealing import Opened, Sealer
from teleconsulta.kernel.settings import Settings


class Proof(Enum):
    """What somebody who knows the password has shown besides."""

    GOOD = auto()  # a fresh code, or the account has no second factor
    MISSING = auto()
    WRONG = auto()  # also one that was used before


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app has to be told, once."""

    secret: str
    uri: str
    picture: totp.Picture


async def start(session: AsyncSession, sealer: Sealer, settings: Settings, who: StaffIdentity) -> Enrolment:
    """A new secret that waits for its first code; one that waited before is replaced.

    Raises:
        SecondFactorActive: there is one already; it has to be removed first.
    """
    user = await own(session, who)
    if user.totp_confirmed_at is not None:
        raise SecondFactorActive
    secret = totp.new_secret()
    user.totp_sealed, user.totp_last_step = sealer.seal(secret.encode(), _context(user.id)), None
    address = totp.uri(secret, user.email, settings.clinic_name)
    return Enrolment(secret, address, totp.picture(address))


async def confirm(session: AsyncSession, sealer: Sealer, who: StaffIdentity, code: str, now: datetime) -> list[str]:
    """The recovery codes, which nobody can ask for again. Every other session, opened without a code, is over.

    Raises:
        SecondFactorActive, SecondFactorMissing (nothing was started), WrongCode.
    """
    user = await own(session, who)
    if user.totp_confirmed_at is not None:
        raise SecondFactorActive
    if user.totp_sealed is None:
        raise SecondFactorMissing
    if not _takes_app_code(sealer, user, totp.plain(code), now):
        raise WrongCode
    user.totp_confirmed_at = now
    codes = totp.new_recovery_codes()
    await repository.forget_recovery_codes(session, user.id)
    session.add_all(RecoveryCode(user_id=user.id, code_hash=totp.recovery_hash(user.id, one)) for one in codes)
    await audit.record(session, Action.SECOND_FACTOR_ADDED, actor=user, target=user)
    await sessions.end_others(session, user.id, who.session_id, now, "second_factor_added")
    return codes


async def prove(session: AsyncSession, sealer: Sealer, user: User, otp: str | None, now: datetime) -> Proof:
    """Look at a code of this user, whose row the caller has locked, and use it up."""
    if user.totp_confirmed_at is None:
        return Proof.GOOD
    code = totp.plain(otp or "")
    if not code:
        return Proof.MISSING
    if totp.is_app_code(code):
        return Proof.GOOD if _takes_app_code(sealer, user, code, now) else Proof.WRONG
    if not await repository.use_recovery_code(session, user.id, totp.recovery_hash(user.id, code), now):
        return Proof.WRONG
    left = await repository.recovery_codes_left(session, user.id)
    await audit.record(session, Action.SECOND_FACTOR_RECOVERED, actor=user, target=user, details={"left": left})
    return Proof.GOOD


async def remove(
    session: AsyncSession, settings: Settings, user: User, now: datetime, actor: Identified | None, keep: UUID | None
) -> None:
    """Without second factor and recovery codes from now on. Sessions end, but for `keep`; an administrator's end all,
    since they may do nothing before they have set up a new one."""
    user.totp_sealed = user.totp_confirmed_at = user.totp_last_step = None
    await repository.forget_recovery_codes(session, user.id)
    await audit.record(session, Action.SECOND_FACTOR_REMOVED, actor=actor, target=user)
    if keep is None or sessions.must_enrol(settings, user):
        await sessions.end_all(session, user.id, now, "second_factor_removed")
    else:
        await sessions.end_others(session, user.id, keep, now, "second_factor_removed")


async def remove_for(
    session: AsyncSession, settings: Settings, user_id: UUID, now: datetime, actor: Identified | None
) -> User:
    """For somebody who has lost the device and the recovery codes.

    Raises:
        NotFound, SecondFactorMissing.
    """
    user = await repository.user_for_change(session, user_id)
    if user is None:
        raise NotFound
    if user.totp_confirmed_at is None:
        raise SecondFactorMissing
    await remove(session, settings, user, now, actor, keep=None)
    return user


def resealing(sealer: Sealer) -> Sweep:
    """While a key is being replaced: seals every secret under the new one, so that the old one may go."""

    async def reseal(database: Database) -> None:
        async with database.session() as session:
            for user in await repository.users_with_secrets(session):
                opened = _secret(sealer, user)
                if opened is not None and opened.stale:
                    user.totp_sealed = sealer.seal(opened.plain, _context(user.id))

    return reseal


def _takes_app_code(sealer: Sealer, user: User, code: str, now: datetime) -> bool:
    """Whether it is a code of the user's app that was not used yet; it is used now."""
    opened = _secret(sealer, user)
    if opened is None:  # the keys it was sealed under are gone; a recovery code still helps
        return False
    step = totp.matching_step(opened.plain.decode(), code, now, user.totp_last_step)
    if step is None:
        return False
    user.totp_last_step = step
    return True


def _secret(sealer: Sealer, user: User) -> Opened | None:
    return sealer.open(user.totp_sealed or b"", _context(user.id))


def _context(user_id: UUID) -> str:
    return f"totp {user_id}"


async def own(session: AsyncSession, who: StaffIdentity) -> User:
    """The caller's row, locked: of two requests at once the second sees what the first has done."""
    user = await repository.user_for_change(session, who.id)
    if user is None:
        raise SessionEnded
    return user
