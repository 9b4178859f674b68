"""Receivers: kept by administrators, told in the event's own transaction, tried again, and given up in the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from httpx import AsyncClient
from sqlalchemy import select, text

from teleconsulta.audit import Action
from teleconsulta.calls import ledger, notes
from teleconsulta.consultations.tasks import work
from teleconsulta.jobs import worker
from teleconsulta.jobs.worker import TryAgain
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.webhooks import events, outbox
from teleconsulta.webhooks.guard import Guard
from teleconsulta.webhooks.models import Webhook, WebhookDelivery
from tests.builders import Builder
from tests.jobs.conftest import until
from tests.jobs.process import QUICK
from tests.support import SECRET, settings_for
from tests.webhooks.receiver import OK, receiver

NO = b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"
HERE = Guard(loopback=True)
HOOK_SECRET = "whsec_of_a_test"


async def listening(database: Database, url: str, *wanted: str) -> UUID:
    identifier = new_id()
    sealed = Sealer(SECRET).seal(HOOK_SECRET.encode(), outbox.context(identifier))
    async with database.session() as session:
        session.add(
            Webhook(
                id=identifier,
                url=url,
                description=None,
                events=list(wanted or events.EVENTS),
                secret_sealed=sealed,
                created_at=now(),
                disabled_at=None,
            )
        )
    return identifier


async def deliveries(database: Database) -> list[WebhookDelivery]:
    async with database.session() as session:
        return list((await session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id))).all())


async def attempt(database: Database, delivery: WebhookDelivery) -> TryAgain | None:
    deliver = outbox.handler(Sealer(SECRET), HERE, now, (timedelta(seconds=1), timedelta(seconds=9)))
    try:
        await deliver(database, {"delivery_id": str(delivery.id)})
    except TryAgain as wish:
        return wish
    return None


async def test_a_consultation_is_told_as_it_happens(client: AsyncClient, build: Builder, database: Database) -> None:
    await listening(database, "https://hooks.example/all")
    await listening(database, "https://hooks.example/ends", "room.closed")
    room = await build.room(patient_name="Nome Secreto")
    await client.post("/api/invitations/redeem", json={"token": room.patient.link_token})
    await client.post("/api/invitations/redeem", json={"token": room.patient.link_token})
    call_id = new_id()
    opened = notes.CallOpened(call_id, room.room_id, room.doctor.id, room.patient.person_id, now())
    started = notes.Happened(room.room_id, call_id, now(), "call_started", action=Action.CALL_STARTED)
    ended = notes.Happened(room.room_id, call_id, now(), "call_ended", action=Action.CALL_ENDED)
    batches: list[list[notes.Note]] = [[opened, started], [started, ended]]
    for batch in batches:  # a repeated note tells nothing twice
        async with database.session() as session:
            await ledger.write(session, batch)
    url = f"/api/rooms/{room.room_id}/close"
    await client.post(url, json={"outcome": "completed"}, headers=room.doctor.headers)
    told = await deliveries(database)
    expected = ["invitation.opened", "call.started", "call.ended", "room.closed", "room.closed"]
    assert [one.event for one in told] == expected
    assert orjson.loads(told[1].body)["data"] == {"call_id": str(call_id), "room_id": str(room.room_id)}
    assert not any(word in one.body for one in told for word in (b"Secreto", b"paciente.example", b"completed"))


async def test_what_is_undone_is_told_to_nobody(database: Database, build: Builder) -> None:
    await listening(database, "https://hooks.example/")
    room = await build.room()
    async with database.session() as session:
        await outbox.emit(session, "room.closed", now(), room_id=room.room_id)
        await session.rollback()
    async with database.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0
    assert await deliveries(database) == []


async def test_a_receiver_that_was_away_hears_of_it_later(database: Database) -> None:
    async with receiver(NO, OK) as there:
        await listening(database, there.url)
        async with database.session() as session:
            await outbox.emit(session, "call.started", now(), call_id=new_id())
        delivery = (await deliveries(database))[0]
        wish = await attempt(database, delivery)
        assert wish is not None
        assert (wish.code, wish.after) == ("refused", timedelta(seconds=1))
        assert await attempt(database, delivery) is None
        assert await attempt(database, delivery) is None  # a job that comes twice sends nothing more
    stored = (await deliveries(database))[0]
    assert (stored.state, stored.attempts, stored.status, stored.error_code) == ("delivered", 2, 204, None)
    assert stored.duration_ms is not None
    first, second = there.heard
    assert first.body == second.body == stored.body
    assert events.is_genuine(HOOK_SECRET, second.body, second.headers["teleconsulta-signature"], now())


async def test_it_is_given_up_in_the_end_and_at_once_for_an_inner_address(database: Database) -> None:
    async with receiver(NO) as there:
        await listening(database, there.url)
        await listening(database, "https://127.0.0.1.example.invalid/")
        async with database.session() as session:
            await outbox.emit(session, "call.started", now(), call_id=new_id())
        one, _ = await deliveries(database)
        waits = [wish.after if (wish := await attempt(database, one)) else None for _ in range(3)]
    assert waits == [timedelta(seconds=1), timedelta(seconds=9), None]
    assert [done.state for done in await deliveries(database)] == ["failed", "queued"]
    async with database.session() as session:
        await outbox.put(session, one.webhook_id, "room.closed", now(), {})
    inner = (await deliveries(database))[2]
    await outbox.handler(Sealer(SECRET), Guard(), now)(database, {"delivery_id": str(inner.id)})
    last = (await deliveries(database))[2]
    assert (last.state, last.error_code, last.attempts) == ("failed", "address_forbidden", 1)


async def test_the_worker_delivers(database: Database, dsn: str, tmp_path: Path) -> None:
    settings = settings_for(dsn, tmp_path, demo=True, webhooks_allow_loopback=True)
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(database, work(settings, pace=QUICK), stop))
    async with receiver() as there:
        await listening(database, there.url)
        async with database.session() as session:
            await outbox.emit(session, "call.started", now(), call_id=new_id())

        async def delivered() -> bool:
            return [one.state for one in await deliveries(database)] == ["delivered"]

        await until(delivered)
    stop.set()
    await working
    assert len(there.heard) == 1


class TestTheAdministrator:
    async def test_sees_the_secret_once_and_nobody_reads_it_again(
        self, client: AsyncClient, build: Builder, database: Database
    ) -> None:
        admin = await build.staff("admin")
        wish = {"url": "https://8.8.8.8/hook", "events": ["call.ended", "call.started"], "description": "Prontuário"}
        made = await client.post("/api/webhooks", json=wish, headers=admin.headers)
        assert made.status_code == 201, made.text
        secret = made.json()["secret"]
        assert made.json()["events"] == ["call.started", "call.ended"]
        listed = await client.get("/api/webhooks", headers=admin.headers)
        assert secret not in listed.text
        async with database.session() as session:
            assert secret.encode() not in (await session.scalars(select(Webhook.secret_sealed))).one()
            assert secret not in str((await session.execute(text("SELECT details FROM audit_entries"))).all())
        url = f"/api/webhooks/{made.json()['id']}"
        renewed = await client.post(f"{url}/secret", headers=admin.headers)
        assert renewed.json()["secret"] != secret
        off = await client.patch(url, json={"active": False}, headers=admin.headers)
        assert off.json()["active"] is False
        refused = await client.post(f"{url}/test", headers=admin.headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_disabled")

    async def test_presses_the_test_button(self, client: AsyncClient, build: Builder, database: Database) -> None:
        admin = await build.staff("admin")
        async with receiver() as there:
            identifier = await listening(database, there.url, "room.closed")
            url = f"/api/webhooks/{identifier}"
            assert (await client.post(f"{url}/test", headers=admin.headers)).status_code == 202
            await attempt(database, (await deliveries(database))[0])
        answer = await client.get(f"{url}/deliveries", headers=admin.headers)
        (item,) = answer.json()["items"]
        assert (item["event"], item["state"], item["status"]) == ("ping", "delivered", 204)

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://8.8.8.8/", "webhook_needs_https"),
            ("https://169.254.169.254/latest", "webhook_address_forbidden"),
            ("https://2130706433/", "webhook_address_forbidden"),
            ("https://user:pass@8.8.8.8/", "validation"),
            ("https://8.8.8.8/#part", "validation"),
            ("ftp://8.8.8.8/", "validation"),
            ("https://8.8.8.8:99999/", "validation"),
        ],
    )
    async def test_cannot_point_inside(self, client: AsyncClient, build: Builder, url: str, code: str) -> None:
        admin = await build.staff("admin")
        wish = {"url": url, "events": ["call.started"]}
        answer = await client.post("/api/webhooks", json=wish, headers=admin.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_production_refuses_the_developers_setting(settings: Settings) -> None:
    loose = settings.model_copy(update={"webhooks_allow_loopback": True})
    assert any("WEBHOOKS_ALLOW_LOOPBACK" in line for line in loose.complaints())
