"""Letters to the staff: asked for in the transaction of their cause, sent by the worker, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth import repository
from teleconsulta.auth.models import PasswordLink, User
from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Handler, Sweep, TryAgain
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.languages import DEFAULT, known
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.kernel.zones import zone
from teleconsulta.mail.account import AccountFacts, account
from teleconsulta.mail.layout import as_html, as_text
from teleconsulta.mail.message import Mail, new_message_id
from teleconsulta.mail.sender import MailSender, attempt

ENTRYPOINT = "account_letters.send"
# Younger letters have their job; older ones may have lost it with a worker or a connection.
FORGOTTEN_AFTER = timedelta(seconds=30)
SWEPT = 200

log = structlog.get_logger(__name__)


async def write(
    session: AsyncSession,
    settings: Settings,
    user: User,
    purpose: Literal["invitation", "reset"],
    language: str,
    now: datetime,
    expires_at: datetime,
) -> PasswordLink:
    """A new link, and its letter asked for in the caller's transaction."""
    identifier = new_id()
    link = PasswordLink(
        id=identifier,
        user_id=user.id,
        purpose=purpose,
        language=language,
        created_at=now,
        expires_at=expires_at,
        used_at=None,
        withdrawn_at=None,
        message_id=new_message_id(identifier.hex, settings.origin),
        letter="queued",
        attempts=0,
        error_code=None,
        sent_at=None,
    )
    session.add(link)
    await session.flush()
    await enqueue(session, ENTRYPOINT, link_id=identifier)
    return link


def handler(settings: Settings, tokens: Tokens, sender: MailSender, clock: Clock) -> Handler:
    """The worker's part: sends one letter, whatever happened to earlier tries."""

    async def send(database: Database, ids: Mapping[str, str]) -> None:
        async with database.session() as session:
            claimed = await repository.claim_letter(session, UUID(ids["link_id"]))
            if claimed is None:
                if await repository.letter_exists(session, UUID(ids["link_id"])):
                    raise TryAgain("busy")
                return
            link, user = claimed
            if link.letter != "queued":
                return
            if not _still_wanted(link, user, clock()):
                link.letter = "withdrawn"
                return
            link.attempts += 1
            done = await attempt(sender, letter(settings, tokens, link, user))
            link.letter, link.error_code = done.state, done.code
            if done.state == "sent":
                link.sent_at = clock()
            elif done.state == "failed":
                log.warning("account_letter_refused", link_id=str(link.id), code=done.code)
        if done.state == "queued":
            raise TryAgain(done.code or "delayed")

    return send


def sweep(clock: Clock) -> Sweep:
    """Puts letters back into the queue whose job was lost."""

    async def requeue(database: Database) -> None:
        async with database.session() as session:
            for identifier in await repository.waiting_letters(session, clock() - FORGOTTEN_AFTER, SWEPT):
                await enqueue(session, ENTRYPOINT, link_id=identifier)

    return requeue


def letter(settings: Settings, tokens: Tokens, link: PasswordLink, user: User) -> Mail:
    """The letter with its link. The token stands behind `#`: browsers never send that part to a server."""
    language = known(link.language)
    asked = "" if language == DEFAULT else f"?lang={language}"
    token = tokens.issue("password", str(link.id), link.expires_at)
    content = account(
        AccountFacts(
            language=language,
            name=user.name,
            email=user.email,
            clinic=settings.clinic_name,
            first=link.purpose == "invitation",
            expires_at=link.expires_at,
            link=f"{settings.app_origin}/senha{asked}#{token}",
            zone=zone(settings.clinic_zone),
        )
    )
    return Mail(
        message_id=link.message_id,
        sender=settings.mail_from,
        to_name=user.name,
        to_email=user.email,
        subject=content.subject,
        text=as_text(content),
        html=as_html(content),
        language=language,
        written_at=link.created_at,
    )


def _still_wanted(link: PasswordLink, user: User, now: datetime) -> bool:
    """Not when the link in it would open nothing."""
    alive = link.used_at is None and link.withdrawn_at is None and now < link.expires_at
    return alive and user.disabled_at is None
