"""Proving again who one is, before what the thief of an open session would like to do first."""

from __future__ import annotations

from datetime import timedelta

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth import throttle
from teleconsulta.auth.errors import PasswordRequired, WrongPassword
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import StaffSession, User
from teleconsulta.auth.parts import Parts
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.passwords import verify_password

FRESH = timedelta(minutes=10)


async def prove_again(running: Parts, who: StaffIdentity, password: str | None, address: Address) -> None:
    """Nothing more is asked of who has just signed in. Wrong passwords count as they do there.

    Raises:
        PasswordRequired: the session is older than ten minutes, and no password was given.
        WrongPassword, TooManyAttempts.
    """
    keys = throttle.Keys.of(running.settings.secret_key, who.email, address.text)
    async with running.database.session() as session:
        moment = running.clock()
        if moment - (await session.get_one(StaffSession, who.session_id)).created_at < FRESH:
            return
        if password is None:
            raise PasswordRequired
        await throttle.count_attempt(session, keys, moment)
        hashed = (await session.get_one(User, who.id)).password_hash
    right = await verify_password(hashed, password)
    async with running.database.session() as session:
        if right:
            await throttle.forgive(session, keys, running.clock())
            return
        await audit.record(session, Action.SECOND_FACTOR_REFUSED, actor=who, target=who, ip=address)
    raise WrongPassword
