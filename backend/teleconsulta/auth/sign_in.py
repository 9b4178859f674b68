"""Signing in by password and second factor. Known and unknown accounts cost the same work and get the same answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth import repository, second_factor, sessions, throttle
from teleconsulta.auth.devices import Device
from teleconsulta.auth.errors import InvalidCredentials, OtpRequired
from teleconsulta.auth.second_factor import Proof
from teleconsulta.auth.service import kept_form
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import DomainError, Unavailable
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.passwords import verify_password
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens

AT_ONCE = 4
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody brings. `otp` is a code of their app, or a recovery code."""

    email: str
    password: str = field(repr=False)
    otp: str | None = field(repr=False)
    address: Address
    device: Device


class SignIn:
    """One per server. A storm of guesses waits here, and not for the connections that consultations need."""

    def __init__(self, settings: Settings, database: Database, tokens: Tokens, sealer: Sealer, clock: Clock) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self._tokens, self._sealer = tokens, sealer
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, attempt: Attempt) -> sessions.Grant:
        """A session for the right password, with a fresh code where the account has a second factor.

        Raises:
            InvalidCredentials: there is no such account, password or code are not its own, or it is disabled.
            OtpRequired: the password is right, and no code was given.
            TooManyAttempts: the account, from this address, must wait.
            Unavailable: the database does not answer, or too many want to sign in at this moment.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable from None
        try:
            return await self._try(kept_form(attempt.email), attempt)
        finally:
            self._places.release()

    async def _try(self, email: str, attempt: Attempt) -> sessions.Grant:
        """In two transactions: the count of attempts must outlive the refusal, and no connection may be held while
        the hash is computed."""
        address = attempt.address
        keys = throttle.Keys.of(self._settings.secret_key, email, address.text)
        async with self._database.session() as session:
            await throttle.count_attempt(session, keys, self._clock())
            user = await repository.user_by_email(session, email)
        right = await verify_password(user.password_hash if user else None, attempt.password)
        refusal: DomainError = InvalidCredentials()
        async with self._database.session() as session:
            moment = self._clock()
            # Read again: while the hash was computed the account may have been disabled, or have got a new password.
            fresh = await repository.user_for_change(session, user.id if user else new_id())
            same = fresh is not None and user is not None and fresh.password_hash == user.password_hash
            proof = Proof.WRONG
            if right and fresh is not None and same and fresh.disabled_at is None:
                proof = await second_factor.prove(session, self._sealer, fresh, attempt.otp, moment)
                if proof is Proof.GOOD:
                    await throttle.forgive(session, keys, moment)
                    return await sessions.open_session(
                        session, self._settings, self._tokens, fresh, moment, attempt.device, address
                    )
            if proof is Proof.MISSING:
                # The attempt stays counted: who asks without a code in between gets no more guesses at the code.
                await audit.record(session, Action.SESSION_CHALLENGED, target=fresh, ip=address)
                refusal = OtpRequired()
            else:
                await audit.record(session, Action.SESSION_REFUSED, target=fresh, ip=address)
        raise refusal
