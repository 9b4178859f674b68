"""From an event to its receivers: a row and a job in the event's own transaction, then attempts by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Handler, Sweep, TryAgain
from teleconsulta.kernel import clock as clocks
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.webhooks import events, repository, sender
from teleconsulta.webhooks.events import Event
from teleconsulta.webhooks.guard import Guard
from teleconsulta.webhooks.models import Webhook, WebhookDelivery

ENTRYPOINT = "webhooks.deliver"
AT_ONCE = 2
"""So many attempts at once: receivers that hang must not hold up letters."""
WAITS = tuple(timedelta(seconds=one) for one in (10, 60, 300, 900, 3600, 10800, 21600, 43200))
"""Between one attempt and the next; after the last one, a day later, it is given up."""
FORGOTTEN_AFTER = timedelta(seconds=30)
SWEPT = 200

log = structlog.get_logger(__name__)


async def emit(session: AsyncSession, event: Event, at: datetime, **ids: UUID) -> None:
    """Tell whoever listens, once the caller's transaction commits. Nobody is told of what was undone."""
    for webhook_id in await repository.listening(session, event):
        await put(session, webhook_id, event, at, ids)


async def put(
    session: AsyncSession, webhook_id: UUID, event: str, at: datetime, ids: Mapping[str, UUID]
) -> WebhookDelivery:
    """One delivery to one receiver."""
    identifier, moment = new_id(), clocks.now()
    delivery = WebhookDelivery(
        id=identifier,
        webhook_id=webhook_id,
        event=event,
        body=events.body(identifier, event, at, ids),
        state="queued",
        attempts=0,
        status=None,
        error_code=None,
        duration_ms=None,
        created_at=moment,
        next_at=moment,
        finished_at=None,
    )
    session.add(delivery)
    await session.flush()
    await enqueue(session, ENTRYPOINT, delivery_id=identifier)
    return delivery


def handler(sealer: Sealer, guard: Guard, clock: Clock, waits: Sequence[timedelta] = WAITS) -> Handler:
    """The worker's part: one attempt, written down with what came of it."""

    async def deliver(database: Database, ids: Mapping[str, str]) -> None:
        identifier = UUID(ids["delivery_id"])
        async with database.session() as session:
            claimed = await repository.claim(session, identifier)
            if claimed is None:
                if await repository.is_there(session, identifier):
                    raise TryAgain("busy")
                return
            delivery, webhook = claimed
            if delivery.state != "queued":
                return
            again = await _attempt(delivery, webhook, sealer, guard, clock, waits)
        if again is not None:
            raise TryAgain(delivery.error_code or "refused", after=again)

    return deliver


async def _attempt(
    delivery: WebhookDelivery,
    webhook: Webhook,
    sealer: Sealer,
    guard: Guard,
    clock: Clock,
    waits: Sequence[timedelta],
) -> timedelta | None:
    """Try it once. How long to wait before the next time, if there is one."""
    opened = sealer.open(webhook.secret_sealed, context(webhook.id))
    if webhook.disabled_at is not None or opened is None:
        delivery.state, delivery.finished_at = "withdrawn", clock()
        delivery.error_code = None if opened is not None else "secret_lost"
        return None
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Teleconsulta",
        "Teleconsulta-Event": delivery.event,
        "Teleconsulta-Delivery": str(delivery.id),
        "Teleconsulta-Signature": events.signature(opened.plain.decode(), delivery.body, clock()),
    }
    attempt = await sender.post(guard, webhook.url, headers, delivery.body)
    delivery.attempts += 1
    delivery.status, delivery.error_code, delivery.duration_ms = attempt.status, attempt.code, attempt.milliseconds
    if attempt.code is None:
        delivery.state, delivery.finished_at = "delivered", clock()
        return None
    if attempt.code == "address_forbidden" or delivery.event == events.TEST or delivery.attempts > len(waits):
        delivery.state, delivery.finished_at = "failed", clock()
        log.warning("webhook_given_up", delivery_id=str(delivery.id), code=attempt.code)
        return None
    wait = waits[delivery.attempts - 1]
    delivery.next_at = clock() + wait
    return wait


def sweep(clock: Clock) -> Sweep:
    """Puts deliveries back into the queue whose job was lost."""

    async def requeue(database: Database) -> None:
        async with database.session() as session:
            for identifier in await repository.overdue(session, clock() - FORGOTTEN_AFTER, SWEPT):
                await enqueue(session, ENTRYPOINT, delivery_id=identifier)

    return requeue


def resealing(sealer: Sealer) -> Sweep:
    """While a key is being replaced: seals every secret under the new one, so that the old one may go."""

    async def reseal(database: Database) -> None:
        async with database.session() as session:
            for webhook in await repository.every(session):
                opened = sealer.open(webhook.secret_sealed, context(webhook.id))
                if opened is not None and opened.stale:
                    webhook.secret_sealed = sealer.seal(opened.plain, context(webhook.id))

    return reseal


def context(webhook_id: UUID) -> str:
    """Whose secret it is, for the seal."""
    return f"webhook {webhook_id}"
