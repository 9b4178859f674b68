"""Who is told by push, and asking for it in the transaction of its cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.jobs.queue import enqueue
from teleconsulta.jobs.worker import Handler, TryAgain
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.notifications import repository, sender
from teleconsulta.notifications.encryption import AUTH_BYTES, decode, encode, point
from teleconsulta.notifications.endpoints import BadEndpoint, checked
from teleconsulta.notifications.errors import BadSubscription, TooManyBrowsers
from teleconsulta.notifications.messages import MANNERS, PushKind, payload
from teleconsulta.notifications.models import PushSubscription
from teleconsulta.notifications.schemas import PushSubscribe
from teleconsulta.notifications.sender import Browser, Message
from teleconsulta.notifications.vapid import Vapid

ENTRYPOINT = "push.send"
MOST_BROWSERS = 10

log = structlog.get_logger(__name__)


async def subscribe(
    session: AsyncSession,
    settings: Settings,
    sealer: Sealer,
    wish: PushSubscribe,
    now: datetime,
    *,
    user_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> None:
    """Tell this browser from now on. Repeating it changes nothing.

    Raises:
        BadSubscription: it is no address of a push service, or has no keys.
        TooManyBrowsers.
    """
    try:
        endpoint = checked(wish.endpoint, loopback=settings.push_allow_loopback)
        key, auth = decode(wish.keys.p256dh.rstrip("=")), decode(wish.keys.auth.rstrip("="))
        point(key)
    except (BadEndpoint, ValueError) as error:
        raise BadSubscription from error
    if len(auth) != AUTH_BYTES:
        raise BadSubscription
    mark = hashed(endpoint)
    reader = {"user_id": user_id, "participant_id": participant_id}
    if await repository.count(session, **reader, without=mark) >= MOST_BROWSERS:
        raise TooManyBrowsers
    plain = orjson.dumps({"endpoint": endpoint, "key": encode(key), "auth": encode(auth)})
    sealed = sealer.seal(plain, _context(mark))
    await repository.keep(session, **reader, endpoint_hash=mark, sealed=sealed, language=wish.language, now=now)


async def unsubscribe(session: AsyncSession, user_id: UUID, endpoint: str) -> None:
    """Never tell this browser of the person's again."""
    await repository.forget_browser(session, user_id, hashed(endpoint))


async def tell_user(session: AsyncSession, user_id: UUID, kind: PushKind, now: datetime) -> None:
    """Ask for a message to every browser of somebody of the clinic."""
    await _ask(session, await repository.of_user(session, user_id), kind, now)


async def tell_participant(session: AsyncSession, participant_id: UUID, kind: PushKind, now: datetime) -> None:
    """Ask for a message to every browser of somebody who was invited."""
    await _ask(session, await repository.of_participant(session, participant_id), kind, now)


async def _ask(session: AsyncSession, subscriptions: Iterable[UUID], kind: PushKind, now: datetime) -> None:
    for subscription_id in subscriptions:
        await enqueue(session, ENTRYPOINT, subscription_id=subscription_id, kind=kind, at=now.isoformat())


def handler(settings: Settings, clock: Clock) -> Handler:
    """The worker's part: sends one message to one browser, and forgets a browser that is gone.

    Raises:
        ValueError: `VAPID_PRIVATE_KEY` is no key.
    """
    vapid = Vapid.of(settings)
    sealer = Sealer(settings.secret_key, settings.secret_key_previous)

    async def send(database: Database, ids: Mapping[str, str]) -> None:
        kind: PushKind = ids["kind"]  # type: ignore[assignment]  # written by `_ask`
        manner = MANNERS[kind]
        lasts = datetime.fromisoformat(ids["at"]) + manner.useful_for - clock()
        subscription_id = UUID(ids["subscription_id"])
        async with database.session() as session:
            kept = await repository.find(session, subscription_id)
        if kept is None or lasts.total_seconds() <= 0:
            return
        browser = _opened(sealer, kept)
        message = Message(payload(kind, kept.language), kind, manner.urgency, lasts)
        result = (
            "gone"
            if browser is None
            else await sender.send(browser, message, vapid, clock(), loopback=settings.push_allow_loopback)
        )
        if result == "later":
            raise TryAgain("push_delayed")
        if result == "gone":
            async with database.session() as session:
                await repository.forget(session, subscription_id)
        if result != "sent":
            log.info("push_not_sent", because=result)

    return send


def hashed(endpoint: str) -> bytes:
    return hashlib.sha256(endpoint.encode()).digest()


def _context(mark: bytes) -> str:
    return f"push {mark.hex()}"


def _opened(sealer: Sealer, kept: PushSubscription) -> Browser | None:
    """None: sealed under a key we do not have any more; the browser will subscribe anew."""
    opened = sealer.open(kept.sealed, _context(kept.endpoint_hash))
    if opened is None:
        return None
    found = orjson.loads(opened.plain)
    return Browser(found["endpoint"], decode(found["key"]), decode(found["auth"]))
