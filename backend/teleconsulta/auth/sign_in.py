"""Signing in by password. Known and unknown accounts cost the same work and get the same answer."""

from __future__ import annotations

import asyncio

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth import repository, sessions, throttle
from teleconsulta.auth.errors import InvalidCredentials
from teleconsulta.auth.service import kept_form
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.passwords import verify_password
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens

AT_ONCE = 4
PATIENCE_SECONDS = 2.0


class SignIn:
    """One per server. A storm of guesses waits here, and not for the connections that consultations need."""

    def __init__(self, settings: Settings, database: Database, tokens: Tokens, clock: Clock) -> None:
        self._settings, self._database, self._tokens, self._clock = settings, database, tokens, clock
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, email: str, password: str, address: Address) -> sessions.Grant:
        """A session for the right password.

        Raises:
            InvalidCredentials: there is no such account, or the password is not its own, or it is disabled.
            TooManyAttempts: the account, from this address, must wait.
            Unavailable: the database does not answer, or too many want to sign in at this moment.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable from None
        try:
            return await self._try(kept_form(email), password, address)
        finally:
            self._places.release()

    async def _try(self, email: str, password: str, address: Address) -> sessions.Grant:
        """In two transactions: the count of attempts must outlive the refusal, and no connection may be held while
        the hash is computed."""
        keys = throttle.Keys.of(self._settings.secret_key, email, address.text)
        async with self._database.session() as session:
            await throttle.count_attempt(session, keys, self._clock())
            user = await repository.user_by_email(session, email)
        right = await verify_password(user.password_hash if user else None, password)
        async with self._database.session() as session:
            moment = self._clock()
            # Read again: while the hash was computed the account may have been disabled, or have got a new password.
            fresh = await repository.user_for_change(session, user.id if user else new_id())
            same = fresh is not None and user is not None and fresh.password_hash == user.password_hash
            if right and fresh is not None and same and fresh.disabled_at is None:
                await throttle.forgive(session, keys, moment)
                return await sessions.open_session(session, self._tokens, fresh, moment, address)
            await audit.record(session, Action.SESSION_REFUSED, target=fresh, ip=address)
        raise InvalidCredentials
