"""REST of receivers, for administrators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import DomainError, Forbidden, Invalid, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from teleconsulta.webhooks import repository, service
from teleconsulta.webhooks.errors import REFUSALS, TooManyWebhooks, WebhookDisabled, WebhookNotFound
from teleconsulta.webhooks.guard import Guard
from teleconsulta.webhooks.schemas import (
    WebhookCreate,
    WebhookDeliveryOut,
    WebhookOut,
    WebhookPatch,
    WebhookSecretOut,
    WebhooksOut,
)

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

ALWAYS: tuple[type[DomainError], ...] = (Unauthorized, SessionEnded, Forbidden, Unavailable)


async def _guard(request: Request) -> Guard:
    return Guard(loopback=request.app.state.settings.webhooks_allow_loopback)


Judge = Annotated[Guard, Depends(_guard)]


@router.get("", responses=problems(*ALWAYS))
async def list_webhooks(admin: Admin, session: Session) -> WebhooksOut:
    """Every receiver, in the order they were made."""
    return WebhooksOut(items=[WebhookOut.of(one) for one in await repository.every(session)])


@router.post("", status_code=201, responses=problems(*ALWAYS, *REFUSALS, TooManyWebhooks))
async def create_webhook(
    wish: WebhookCreate, admin: Admin, session: Session, judge: Judge, request: Request
) -> WebhookSecretOut:
    """One more receiver. Its secret is in this answer and nowhere else."""
    state = request.app.state
    return WebhookSecretOut.with_secret(*await service.create(session, state.sealer, judge, admin, wish, state.clock()))


@router.patch("/{webhook_id}", responses=problems(*ALWAYS, *REFUSALS, WebhookNotFound))
async def change_webhook(
    webhook_id: UUID, wish: WebhookPatch, admin: Admin, session: Session, judge: Judge, request: Request
) -> WebhookOut:
    """Another address, other events, or switched off and on."""
    return WebhookOut.of(await service.change(session, judge, admin, webhook_id, wish, request.app.state.clock()))


@router.post("/{webhook_id}/secret", responses=problems(*ALWAYS, WebhookNotFound))
async def renew_secret(webhook_id: UUID, admin: Admin, session: Session, request: Request) -> WebhookSecretOut:
    """Another secret, shown this once; the one before is void at once."""
    return WebhookSecretOut.with_secret(
        *await service.renew_secret(session, request.app.state.sealer, admin, webhook_id)
    )


@router.post("/{webhook_id}/test", status_code=202, responses=problems(*ALWAYS, WebhookNotFound, WebhookDisabled))
async def test_webhook(webhook_id: UUID, admin: Admin, session: Session, request: Request) -> WebhookDeliveryOut:
    """Send a `ping`. What came of it is in the receiver's deliveries."""
    return WebhookDeliveryOut.of(await service.test(session, admin, webhook_id, request.app.state.clock()))


@router.get("/{webhook_id}/deliveries", responses=problems(*ALWAYS, WebhookNotFound))
async def list_deliveries(
    webhook_id: UUID, admin: Admin, session: Session, limit: Limit = 20, cursor: Cursor = None
) -> Page[WebhookDeliveryOut]:
    """What was sent to a receiver, newest first."""
    await repository.find(session, webhook_id)
    found = await repository.page(session, webhook_id, limit + 1, _mark(cursor))
    rows = found[:limit]
    more = encode_cursor(str(rows[-1].id)) if len(found) > limit else None
    return Page(items=[WebhookDeliveryOut.of(row) for row in rows], next_cursor=more)


def _mark(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(decode_cursor(cursor, 1)[0])
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.") from error
