"""From a browser that asked to be told to a message that it can read, with a real receiver in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select, text

from teleconsulta.consultations import abandoned
from teleconsulta.consultations.tasks import work
from teleconsulta.invitations import reminders
from teleconsulta.jobs import worker
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.notifications.models import PushSubscription
from teleconsulta.notifications.service import tell_user
from tests.builders import Builder, Staff
from tests.functional.live import serving
from tests.jobs.conftest import until
from tests.jobs.process import QUICK
from tests.notifications.receiver import PushService, push_service


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"push_allow_loopback": True, "demo": True})


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@asynccontextmanager
async def working(database: Database, settings: Settings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(database, work(settings, pace=QUICK), stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def subscribed(client: AsyncClient, doctor: Staff, service: PushService) -> None:
    answer = await client.put("/api/push/subscription", json=service.subscription, headers=doctor.headers)
    assert answer.status_code == 204, answer.text


async def kept(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(PushSubscription)) or 0


async def test_a_message_arrives_encrypted_signed_and_without_a_word_about_anybody(
    client: AsyncClient, build: Builder, database: Database, settings: Settings, service: PushService
) -> None:
    doctor = await build.staff()
    await subscribed(client, doctor, service)
    await subscribed(client, doctor, service)
    assert (await client.post("/api/push/test", headers=doctor.headers)).status_code == 202
    async with working(database, settings):
        await until(lambda: _has(service, 1))
    assert service.messages() == [{"kind": "test", "lang": "es"}]
    headers, _body = service.got[0]
    assert (headers["Content-Encoding"], headers["Urgency"], headers["Topic"]) == ("aes128gcm", "high", "test")
    assert 0 < int(headers["TTL"]) <= 60
    key = (await client.get("/api/push/key")).json()["public_key"]
    signer = service.signer()
    assert (signer["k"], signer["sub"]) == (key, settings.origin)
    async with database.session() as session:
        sealed = await session.scalar(text("SELECT encode(sealed, 'escape') FROM push_subscriptions"))
    assert "127.0.0.1" not in str(sealed)


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (400, 1), (307, 1)])
async def test_a_browser_that_is_gone_is_forgotten_and_nothing_is_tried_twice(
    client: AsyncClient,
    build: Builder,
    database: Database,
    settings: Settings,
    service: PushService,
    status: int,
    left: int,
) -> None:
    doctor = await build.staff()
    await subscribed(client, doctor, service)
    service.status = status
    await client.post("/api/push/test", headers=doctor.headers)

    async def done() -> bool:
        async with database.session() as session:
            return bool(await session.scalar(text("SELECT count(*) = 0 FROM pgqueuer")))

    async with working(database, settings):
        await until(done)
    assert (len(service.got), await kept(database)) == (1, left)


async def test_a_service_that_is_busy_is_asked_again(
    client: AsyncClient, build: Builder, database: Database, settings: Settings, service: PushService
) -> None:
    doctor = await build.staff()
    await subscribed(client, doctor, service)
    service.status = 503
    await client.post("/api/push/test", headers=doctor.headers)
    async with working(database, settings):
        await until(lambda: _has(service, 1))
        service.status = 201
        await until(lambda: _has(service, 2))
    assert await kept(database) == 1


async def test_what_is_too_late_is_not_sent(
    client: AsyncClient, build: Builder, database: Database, settings: Settings, service: PushService
) -> None:
    doctor = await build.staff()
    await subscribed(client, doctor, service)
    async with database.session() as session:
        await tell_user(session, doctor.id, "arrival", now() - timedelta(minutes=6))
        await tell_user(session, doctor.id, "arrival", now())
    async with working(database, settings):
        await until(lambda: _has(service, 1))
    assert len(service.got) == 1


async def test_an_arrival_rings_the_doctor_once_and_who_is_let_in_does_not(
    settings: Settings, build: Builder, database: Database, service: PushService
) -> None:
    from teleconsulta.main import create_app

    doctor = await build.staff()
    rooms = [await build.room(doctor=doctor) for _ in range(2)]
    async with serving(create_app(settings)) as live, AsyncClient(base_url=live.url) as client:
        client.headers["X-Teleconsulta"] = "1"
        client.headers["Origin"] = settings.origin
        await subscribed(client, doctor, service)
        people = [await live.connect(room.patient.token) for room in rooms]
        async with working(database, settings):
            await until(lambda: _has(service, 1))
        for person in people:
            await person.vanish()
    assert service.messages() == [{"kind": "arrival", "lang": "es"}]


async def test_an_invited_person_is_reminded_in_the_browser_that_they_asked_from(
    client: AsyncClient, build: Builder, database: Database, settings: Settings, service: PushService
) -> None:
    room = await build.room(starts_at=now() + timedelta(hours=23), scheduled=True)
    async with database.session() as session:
        await session.execute(text("UPDATE invitations SET created_at = now() - interval '2 days'"))
    token = build.tokens.issue(
        "invitation", str(room.patient.invitation_id), now() + timedelta(days=2), room=str(room.room_id), gen=1
    )
    wish = {"token": token, "subscription": service.subscription}
    assert (await client.post("/api/invitations/push", json=wish)).status_code == 204
    async with database.session() as session:
        assert await session.scalar(text("SELECT opened_at FROM invitations")) is None
    await reminders.sweep(settings, now)(database)
    async with working(database, settings):
        await until(lambda: _has(service, 1))
    assert service.messages() == [{"kind": "reminder_24h", "lang": "es"}]
    assert (await client.post("/api/invitations/push", json={**wish, "token": "x.y.z"})).status_code == 401


async def test_who_has_no_part_in_it_any_more_is_not_told(
    client: AsyncClient, build: Builder, database: Database, settings: Settings, service: PushService
) -> None:
    doctor, room = await build.staff(), await build.room()
    await subscribed(client, doctor, service)
    token = room.patient.link_token
    theirs = {**service.subscription, "endpoint": f"{service.url}/push/theirs"}
    answer = await client.post("/api/invitations/push", json={"token": token, "subscription": theirs})
    assert (answer.status_code, await kept(database)) == (204, 2)
    await abandoned.sweep(settings, now)(database)
    assert await kept(database) == 2
    async with database.session() as session:
        await session.execute(text("UPDATE rooms SET state = 'closed'"))
        await session.execute(text("UPDATE users SET disabled_at = now()"))
    await abandoned.sweep(settings, now)(database)
    assert await kept(database) == 1
    async with database.session() as session:
        await tell_user(session, doctor.id, "arrival", now())
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0


def test_a_production_server_refuses_unsafe_or_broken_settings(settings: Settings) -> None:
    from teleconsulta.main import RefusedToStart, create_app

    with pytest.raises(RefusedToStart, match="PUSH_ALLOW_LOOPBACK"):
        create_app(settings.model_copy(update={"demo": False}))
    with pytest.raises(RefusedToStart, match="VAPID_PRIVATE_KEY"):
        create_app(settings.model_copy(update={"vapid_private_key": "no key"}))


async def test_only_real_browsers_and_not_too_many(
    client: AsyncClient, build: Builder, database: Database, service: PushService
) -> None:
    doctor = await build.staff()
    good = service.subscription
    for bad in (
        {**good, "endpoint": "http://10.0.0.1/push"},
        {**good, "keys": {**good["keys"], "p256dh": "A" * 87}},
        {**good, "keys": {**good["keys"], "auth": "A" * 43}},
    ):
        answer = await client.put("/api/push/subscription", json=bad, headers=doctor.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "push_unsupported")
    codes = [
        (
            await client.put(
                "/api/push/subscription", json={**good, "endpoint": f"{service.url}/{n}"}, headers=doctor.headers
            )
        ).status_code
        for n in range(11)
    ]
    assert codes == [204] * 10 + [409]
    gone = await client.post("/api/push/unsubscribe", json={"endpoint": f"{service.url}/0"}, headers=doctor.headers)
    assert (gone.status_code, await kept(database)) == (204, 9)


async def _has(service: PushService, count: int) -> bool:
    return len(service.got) >= count
