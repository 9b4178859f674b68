"""Writing to the invited: asked for in the transaction of its cause, sent by the worker, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.clinic import brand
from teleconsulta.clinic import repository as profiles
from teleconsulta.invitations import repository
from teleconsulta.invitations.contents import LetterKind, letter, still_wanted
from teleconsulta.invitations.models import Delivery, Invitation
from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Handler, Sweep, TryAgain
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.message import new_message_id
from teleconsulta.mail.sender import MailSender, attempt
from teleconsulta.readiness import repository as readiness

ENTRYPOINT = "letters.send"
# Younger letters have their job; older ones may have lost it with a worker or a connection.
FORGOTTEN_AFTER = timedelta(seconds=30)
SWEPT = 200

log = structlog.get_logger(__name__)


async def write(
    session: AsyncSession,
    settings: Settings,
    letter_for: Invitation,
    reason: str,
    now: datetime,
    *,
    kind: LetterKind = "invitation",
) -> Delivery:
    """Ask for a letter in the caller's transaction. `reason` makes the cause unique: the same one is sent once."""
    identifier = new_id()
    delivery = Delivery(
        id=identifier,
        invitation_id=letter_for.id,
        kind=kind,
        cause=f"{kind}:{letter_for.id}:{letter_for.generation}:{reason}",
        state="queued",
        attempts=0,
        error_code=None,
        message_id=new_message_id(identifier.hex, settings.origin),
        created_at=now,
        sent_at=None,
    )
    session.add(delivery)
    await session.flush()
    await enqueue(session, ENTRYPOINT, delivery_id=identifier)
    return delivery


def handler(settings: Settings, tokens: Tokens, sender: MailSender, clock: Clock) -> Handler:
    """The worker's part: sends one letter, whatever happened to earlier tries."""

    async def send(database: Database, ids: Mapping[str, str]) -> None:
        async with database.session() as session:
            delivery = await repository.claim_letter(session, UUID(ids["delivery_id"]))
            if delivery is None:
                if await repository.letter_exists(session, UUID(ids["delivery_id"])):
                    raise TryAgain("busy")
                return
            if delivery.state != "queued":
                return
            invited = await repository.by_id(session, delivery.invitation_id)
            if invited is None or not still_wanted(delivery, invited, clock()):
                delivery.state = "withdrawn"
                return
            delivery.attempts += 1
            clinic = await profiles.clinic(session, clock())
            accent = (await brand.read(session, clock())).accent
            tests = await readiness.latest_tests(session, [invited.participant.id])
            found = tests.get(invited.participant.id)
            done = await attempt(sender, letter(settings, tokens, delivery, invited, clinic, accent, found))
            # Committed at once when this block ends: what the mail server has accepted is not sent again.
            delivery.state, delivery.error_code = done.state, done.code
            if done.state == "sent":
                delivery.sent_at = clock()
            elif done.state == "failed":
                log.warning("letter_refused", delivery_id=str(delivery.id), code=done.code)
        if done.state == "queued":
            raise TryAgain(done.code or "delayed")

    return send


def sweep(clock: Clock) -> Sweep:
    """Puts letters back into the queue whose job was lost."""

    async def requeue(database: Database) -> None:
        async with database.session() as session:
            for identifier in await repository.waiting_letters(session, clock() - FORGOTTEN_AFTER, SWEPT):
                await enqueue(session, ENTRYPOINT, delivery_id=identifier)

    return requeue
