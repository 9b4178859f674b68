"""Every query over receivers and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.webhooks.errors import WebhookNotFound
from teleconsulta.webhooks.models import Webhook, WebhookDelivery


async def every(session: AsyncSession) -> Sequence[Webhook]:
    return (await session.scalars(select(Webhook).order_by(Webhook.id))).all()


async def count(session: AsyncSession) -> int:
    return (await session.scalar(select(func.count()).select_from(Webhook))) or 0


async def find(session: AsyncSession, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """Raises:
    WebhookNotFound: there is none.
    """
    found = await session.get(Webhook, webhook_id, with_for_update=lock or None)
    if found is None:
        raise WebhookNotFound
    return found


async def listening(session: AsyncSession, event: str) -> Sequence[UUID]:
    """The receivers that want to be told."""
    query = select(Webhook.id).where(Webhook.disabled_at.is_(None), Webhook.events.contains([event]))
    return (await session.scalars(query.order_by(Webhook.id))).all()


async def claim(session: AsyncSession, delivery_id: UUID) -> tuple[WebhookDelivery, Webhook] | None:
    """A delivery and its receiver; the delivery is ours until we commit. None while another worker has it."""
    query = (
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.id == delivery_id)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def is_there(session: AsyncSession, delivery_id: UUID) -> bool:
    return bool(await session.scalar(select(exists().where(WebhookDelivery.id == delivery_id))))


async def overdue(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Deliveries that were to be tried before then and were not, the oldest first."""
    query = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.state == "queued", WebhookDelivery.next_at < before)
        .order_by(WebhookDelivery.next_at)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def page(session: AsyncSession, webhook_id: UUID, limit: int, before: UUID | None) -> Sequence[WebhookDelivery]:
    """A receiver's deliveries, newest first, older than `before`."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    return (await session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit))).all()
