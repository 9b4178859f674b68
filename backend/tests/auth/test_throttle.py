"""Guessing gets slow and comes to an end; the owner is not locked out by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth import throttle
from teleconsulta.auth.errors import TooManyAttempts
from teleconsulta.auth.models import Throttle
from teleconsulta.auth.router import LOGIN
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.limits import Limits
from tests.auth.test_login import sign_in
from tests.builders import Builder
from tests.kernel.clients import client_from
from tests.support import SECRET

OWNER, STRANGER = "192.0.2.10", "198.51.100.7"


class TestWaitAfter:
    @pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (8, 16), (14, 900), (60, 900)])
    def test_the_wait_doubles_up_to_a_quarter_of_an_hour(self, failures: int, seconds: int) -> None:
        assert throttle.wait_after(failures) == timedelta(seconds=seconds)


async def test_two_hundred_guesses_from_one_address_are_stopped_and_the_owner_comes_in(
    app: FastAPI, build: Builder, database: Database
) -> None:
    doctor = await build.staff()
    app.state.limits._factor = 100  # the bucket per address is another test's
    async with client_from(app, STRANGER) as stranger:
        answers = []
        for burst in range(0, 200, 10):
            guesses = (sign_in(stranger, doctor.email, f"guess {burst + n}") for n in range(10))
            answers += await asyncio.gather(*guesses)
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {401, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "too_many_attempts"
    assert int(refused.headers["retry-after"]) == refused.json()["retry_after"] >= 1
    async with database.session() as session:
        tried = await session.scalar(select(func.count()).select_from(AuditEntry))
    assert tried == statuses.count(401) <= 15  # what reached the hash
    async with client_from(app, OWNER) as owner:
        assert (await sign_in(owner, doctor.email)).status_code == 200


async def test_a_storm_of_guesses_leaves_connections_to_the_others(app: FastAPI, build: Builder) -> None:
    doctor = await build.staff()
    async with client_from(app, STRANGER) as stranger, client_from(app, OWNER) as owner:
        storm = asyncio.gather(*(sign_in(stranger, f"user{n}@clinica.example", "guess") for n in range(60)))
        while not storm.done():
            assert (await owner.get("/api/auth/me", headers=doctor.headers)).status_code == 200
        assert {answer.status_code for answer in await storm} <= {401, 503}


async def test_an_unknown_account_is_throttled_alike(app: FastAPI) -> None:
    async with client_from(app, STRANGER) as stranger:
        answers = [(await sign_in(stranger, "nobody@clinica.example", "guess")).status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


async def test_success_wipes_the_count(app: FastAPI, build: Builder) -> None:
    doctor = await build.staff()
    async with client_from(app, OWNER) as owner:
        for _ in range(3):
            assert [(await sign_in(owner, doctor.email, "mistyped")).status_code for _ in range(4)] == [401] * 4
            assert (await sign_in(owner, doctor.email)).status_code == 200


class TestCountAttempt:
    """Over the table alone: a hundred days of guessing in a moment."""

    async def attempt(self, database: Database, address: str, moment_offset: timedelta) -> bool:
        keys = throttle.Keys.of(SECRET, "dra@clinica.example", address)
        try:
            async with database.session() as session:
                await throttle.count_attempt(session, keys, now() + moment_offset)
        except TooManyAttempts:
            return False
        return True

    async def test_many_addresses_together_get_a_hundred_guesses(self, database: Database) -> None:
        heard = [await self.attempt(database, f"203.0.{n}.1", timedelta()) for n in range(130)]
        assert heard == [True] * 100 + [False] * 30
        assert not await self.attempt(database, "203.0.200.1", timedelta(days=30))

    async def test_the_owners_known_address_is_still_heard(self, database: Database) -> None:
        keys = throttle.Keys.of(SECRET, "dra@clinica.example", OWNER)
        async with database.session() as session:
            await throttle.forgive(session, keys, now())
        for n in range(105):
            await self.attempt(database, f"203.0.{n}.1", timedelta())
        assert await self.attempt(database, OWNER, timedelta())

    async def test_a_new_password_clears_the_way(self, database: Database) -> None:
        for n in range(105):
            await self.attempt(database, f"203.0.{n}.1", timedelta())
        async with database.session() as session:
            await throttle.forgive_account(session, SECRET, "dra@clinica.example")
        assert await self.attempt(database, "203.0.201.1", timedelta())

    async def test_waiting_helps(self, database: Database) -> None:
        assert [await self.attempt(database, OWNER, timedelta()) for _ in range(6)] == [True] * 5 + [False]
        assert await self.attempt(database, OWNER, timedelta(seconds=3))
        assert not await self.attempt(database, OWNER, timedelta(seconds=5))

    async def test_a_refused_attempt_is_not_counted(self, database: Database) -> None:
        for _ in range(20):
            await self.attempt(database, OWNER, timedelta())
        async with database.session() as session:
            assert (await session.scalars(select(Throttle.failures))).all() == [5, 5]

    async def test_a_subscriber_with_many_addresses_of_one_network_counts_once(self, database: Database) -> None:
        heard = [await self.attempt(database, f"2001:db8:7:7::{n:x}", timedelta()) for n in range(1, 8)]
        assert heard == [True] * 5 + [False] * 2


async def test_one_address_may_not_try_one_password_on_every_account(app: FastAPI) -> None:
    app.state.limits = Limits(clock=lambda: 0.0)
    for _ in range(58):
        app.state.limits.spend(LOGIN, STRANGER)
    async with client_from(app, STRANGER) as stranger:
        answers = [await sign_in(stranger, f"user{n}@clinica.example", "Summer of 26") for n in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert answers[-1].json()["code"] == "rate_limited"
    assert int(answers[-1].headers["retry-after"]) >= 1
