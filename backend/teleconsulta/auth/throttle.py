"""Guessing passwords gets slow: a back-off per account and address, and an end to it per account.

An attempt is counted before it is tried, in a transaction of its own, so that a hundred at once count a hundred times;
success wipes the count. Nobody's guesses lock the owner out: an address they signed in from before is not held
back by what others do, and a new password clears the way from everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.errors import TooManyAttempts
from teleconsulta.auth.models import Throttle
from teleconsulta.kernel.addresses import neighbourhood

FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
ACCOUNT_LIMIT = 100  # NIST SP 800-63B, 3.2.2: no more consecutive failures than this


@dataclass(frozen=True, slots=True)
class Keys:
    """The rows of one account and address, as keyed hashes: the table tells nobody's name."""

    account: bytes
    pair: bytes
    trusted: bytes

    @classmethod
    def of(cls, secret: str, email: str, address: str) -> Keys:
        def key(*parts: str) -> bytes:
            return hmac.new(secret.encode(), "\x00".join(("throttle", *parts)).encode(), hashlib.sha256).digest()

        near = neighbourhood(address)
        return cls(account_key(secret, email), key("pair", email, near), key("trusted", email, near))


def account_key(secret: str, email: str) -> bytes:
    return hmac.new(secret.encode(), f"throttle\x00account\x00{email}".encode(), hashlib.sha256).digest()


def wait_after(failures: int) -> timedelta:
    """How long after so many failures in a row the next attempt may come."""
    if failures < FREE_ATTEMPTS:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_ATTEMPTS + 1, 20)), LONGEST_WAIT)


async def count_attempt(session: AsyncSession, keys: Keys, now: datetime) -> None:
    """Count one attempt as failed until it turns out well; to be committed before the password is looked at.

    Raises:
        TooManyAttempts: it must not be tried; nothing was counted.
    """
    await _lock(session, keys)
    known = select(Throttle).where(Throttle.key.in_([keys.account, keys.pair, keys.trusted]))
    rows = {row.key: row for row in (await session.scalars(known)).all()}
    account, pair = rows.get(keys.account), rows.get(keys.pair)
    if pair is not None:
        wait = pair.last_failure_at + wait_after(pair.failures) - now
        if wait > timedelta():
            raise TooManyAttempts(retry_after=math.ceil(wait.total_seconds()))
    if account is not None and account.failures >= ACCOUNT_LIMIT and keys.trusted not in rows:
        raise TooManyAttempts(retry_after=LONGEST_WAIT.total_seconds())
    old = Throttle.last_failure_at < now - FORGOTTEN_AFTER
    await _raise(session, keys.pair, now, case((old, 1), else_=Throttle.failures + 1))
    await _raise(session, keys.account, now, Throttle.failures + 1)


async def forgive(session: AsyncSession, keys: Keys, now: datetime) -> None:
    """The password was right: the failures are wiped, and the address is remembered as the owner's."""
    await session.execute(delete(Throttle).where(Throttle.key.in_([keys.account, keys.pair])))
    trusted = insert(Throttle).values(key=keys.trusted, failures=0, last_failure_at=now)
    await session.execute(trusted.on_conflict_do_update(index_elements=["key"], set_={"last_failure_at": now}))


async def forgive_account(session: AsyncSession, secret: str, email: str) -> None:
    """A new password: what was guessed at the old one no longer counts."""
    await session.execute(delete(Throttle).where(Throttle.key == account_key(secret, email)))


async def _lock(session: AsyncSession, keys: Keys) -> None:
    """One attempt at an account at a time, so that a burst is counted, not overtaken."""
    number = int.from_bytes(keys.account[:8], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def _raise(session: AsyncSession, key: bytes, now: datetime, failures: object) -> None:
    row = insert(Throttle).values(key=key, failures=1, last_failure_at=now)
    await session.execute(
        row.on_conflict_do_update(index_elements=["key"], set_={"failures": failures, "last_failure_at": now})
    )
