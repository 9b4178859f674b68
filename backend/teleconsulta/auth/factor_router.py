"""REST of the second factor: of one's own, and of somebody who has lost theirs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth import repository, second_factor, throttle
from teleconsulta.auth.errors import (
    PasswordRequired,
    SecondFactorActive,
    SecondFactorMissing,
    SecondFactorRequired,
    SessionEnded,
    TooManyAttempts,
    WrongCode,
    WrongPassword,
)
from teleconsulta.auth.factor_schemas import CodeIn, EnrolmentOut, EnrolmentWish, RecoveryCodesOut, SecondFactorOut
from teleconsulta.auth.identity import Admin, SignedIn
from teleconsulta.auth.models import User
from teleconsulta.auth.parts import Running
from teleconsulta.auth.reproof import prove_again
from teleconsulta.auth.second_factor import Proof
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, NotFound, RateLimited, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address

router = APIRouter(prefix="/api")

CODES = Rate("second factor", times=30, seconds=60)


@router.get("/auth/totp", tags=["auth"], responses=problems(Unauthorized, SessionEnded, Forbidden))
async def state_of_second_factor(who: SignedIn, running: Running, session: Session) -> SecondFactorOut:
    """Whether one's own second factor is set up, and how many recovery codes are left."""
    user = await session.get_one(User, who.id)
    return SecondFactorOut(
        active_since=user.totp_confirmed_at,
        recovery_codes_left=await repository.recovery_codes_left(session, user.id),
        required=user.role == "admin" and not running.settings.demo,
    )


@router.post(
    "/auth/totp",
    tags=["auth"],
    status_code=201,
    dependencies=[by_address(CODES)],
    responses=problems(
        Unauthorized,
        SessionEnded,
        Forbidden,
        PasswordRequired,
        SecondFactorActive,
        WrongPassword,
        TooManyAttempts,
        RateLimited,
    ),
)
async def start(wish: EnrolmentWish, who: SignedIn, running: Running, address: ClientAddress) -> EnrolmentOut:
    """Begin: a secret for an authenticator app, shown this once. It is asked for only after `confirm`."""
    await prove_again(running, who, wish.password, address)
    async with running.database.session() as session:
        return EnrolmentOut.of(await second_factor.start(session, running.sealer, running.settings, who))


@router.post(
    "/auth/totp/confirm",
    tags=["auth"],
    dependencies=[by_address(CODES)],
    responses=problems(
        Unauthorized, SessionEnded, Forbidden, SecondFactorActive, SecondFactorMissing, WrongCode, RateLimited
    ),
)
async def confirm(wish: CodeIn, who: SignedIn, running: Running, session: Session) -> RecoveryCodesOut:
    """Prove that the app has the secret. The answer holds the recovery codes, this once; other sessions end."""
    codes = await second_factor.confirm(session, running.sealer, who, wish.code, running.clock())
    return RecoveryCodesOut(recovery_codes=codes)


@router.delete(
    "/auth/totp",
    tags=["auth"],
    status_code=204,
    dependencies=[by_address(CODES)],
    responses=problems(
        Unauthorized, SessionEnded, Forbidden, SecondFactorMissing, WrongCode, TooManyAttempts, RateLimited
    ),
)
async def remove(wish: CodeIn, who: SignedIn, running: Running, address: ClientAddress) -> Response:
    """Take one's own away, with a code or a recovery code. An administrator is signed out everywhere by it.

    Wrong codes count as wrong passwords do, in a transaction of their own that outlives the refusal.
    """
    keys = throttle.Keys.of(running.settings.secret_key, who.email, address.text)
    async with running.database.session() as session:
        if (await session.get_one(User, who.id)).totp_confirmed_at is None:
            raise SecondFactorMissing
        await throttle.count_attempt(session, keys, running.clock())
    async with running.database.session() as session:
        moment = running.clock()
        owner = await second_factor.own(session, who)
        proof = await second_factor.prove(session, running.sealer, owner, wish.code, moment)
        if proof is Proof.GOOD:
            await throttle.forgive(session, keys, moment)
            await second_factor.remove(session, running.settings, owner, moment, owner, keep=who.session_id)
            return Response(status_code=204)
        await audit.record(session, Action.SECOND_FACTOR_REFUSED, actor=owner, target=owner, ip=address)
    raise WrongCode


@router.delete(
    "/users/{user_id}/totp",
    tags=["users"],
    status_code=204,
    responses=problems(Unauthorized, Forbidden, SecondFactorRequired, NotFound, SecondFactorMissing),
)
async def remove_for(user_id: UUID, admin: Admin, running: Running, session: Session) -> Response:
    """Take the second factor of somebody away who has lost it; they are signed out everywhere."""
    await second_factor.remove_for(session, running.settings, user_id, running.clock(), admin)
    return Response(status_code=204)
