"""Receivers as administrators keep them. The audit log knows what was changed, never an address or a secret."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.webhooks import outbox, repository
from teleconsulta.webhooks.errors import TooManyWebhooks, WebhookDisabled
from teleconsulta.webhooks.events import TEST
from teleconsulta.webhooks.guard import Guard
from teleconsulta.webhooks.models import Webhook, WebhookDelivery
from teleconsulta.webhooks.schemas import WebhookCreate, WebhookPatch

MAX_WEBHOOKS = 10


async def create(
    session: AsyncSession, sealer: Sealer, guard: Guard, admin: StaffIdentity, wish: WebhookCreate, now: datetime
) -> tuple[Webhook, str]:
    """A receiver and its secret, which nobody can read again.

    Raises:
        NeedsHttps, ForbiddenAddress, UnknownHost, TooManyWebhooks.
    """
    await guard.check(wish.url)
    if await repository.count(session) >= MAX_WEBHOOKS:
        raise TooManyWebhooks
    identifier = new_id()
    sealed, secret = _fresh(sealer, identifier)
    webhook = Webhook(
        id=identifier,
        url=wish.url,
        description=wish.description or None,
        events=list(wish.events),
        secret_sealed=sealed,
        created_at=now,
        disabled_at=None,
    )
    session.add(webhook)
    await record(session, Action.WEBHOOK_CREATED, actor=admin, target=webhook, details={"events": wish.events})
    return webhook, secret


async def change(
    session: AsyncSession, guard: Guard, admin: StaffIdentity, webhook_id: UUID, wish: WebhookPatch, now: datetime
) -> Webhook:
    """Raises:
    WebhookNotFound, NeedsHttps, ForbiddenAddress, UnknownHost.
    """
    if wish.url is not None:
        await guard.check(wish.url)
    webhook = await repository.find(session, webhook_id, lock=True)
    changed = []
    for name in ("url", "events", "description"):
        value = getattr(wish, name)
        if value is not None and value != getattr(webhook, name):
            setattr(webhook, name, value or None)
            changed.append(name)
    if wish.active is not None and wish.active != (webhook.disabled_at is None):
        webhook.disabled_at = None if wish.active else now
        changed.append("active" if wish.active else "disabled")
    if changed:
        await record(session, Action.WEBHOOK_CHANGED, actor=admin, target=webhook, details={"fields": changed})
    return webhook


async def renew_secret(
    session: AsyncSession, sealer: Sealer, admin: StaffIdentity, webhook_id: UUID
) -> tuple[Webhook, str]:
    """Another secret; what is signed from now on is signed with it.

    Raises:
        WebhookNotFound.
    """
    webhook = await repository.find(session, webhook_id, lock=True)
    webhook.secret_sealed, secret = _fresh(sealer, webhook.id)
    await record(session, Action.WEBHOOK_CHANGED, actor=admin, target=webhook, details={"fields": ["secret"]})
    return webhook, secret


async def test(session: AsyncSession, admin: StaffIdentity, webhook_id: UUID, now: datetime) -> WebhookDelivery:
    """Send a `ping`, once, the same way as everything else.

    Raises:
        WebhookNotFound, WebhookDisabled.
    """
    webhook = await repository.find(session, webhook_id)
    if webhook.disabled_at is not None:
        raise WebhookDisabled
    delivery = await outbox.put(session, webhook.id, TEST, now, {"webhook_id": webhook.id})
    await record(session, Action.WEBHOOK_TESTED, actor=admin, target=webhook)
    return delivery


def _fresh(sealer: Sealer, webhook_id: UUID) -> tuple[bytes, str]:
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    return sealer.seal(secret.encode(), outbox.context(webhook_id)), secret
