"""Buckets that empty at once and fill evenly."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from teleconsulta.auth.router import LOGIN
from teleconsulta.kernel.errors import RateLimited
from teleconsulta.kernel.limits import Limits, Rate
from tests.kernel.clients import client_from

TEN_A_MINUTE = Rate("redeem", times=10, seconds=60)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def spend(limits: Limits, times: int, key: str = "a", rate: Rate = TEN_A_MINUTE) -> int:
    """How many of so many tries pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.spend(rate, key)
        except RateLimited:
            continue
        passed += 1
    return passed


class TestLimits:
    def test_ten_pass_and_the_eleventh_is_told_when(self) -> None:
        limits = Limits(clock=Clock())
        assert spend(limits, 10) == 10
        with pytest.raises(RateLimited) as refusal:
            limits.spend(TEN_A_MINUTE, "a")
        assert refusal.value.retry_after == 6

    @pytest.mark.parametrize(("seconds", "passed"), [(0, 0), (5.9, 0), (6, 1), (30, 5), (60, 10), (6000, 10)])
    def test_it_fills_up_evenly(self, seconds: float, passed: int) -> None:
        clock = Clock()
        limits = Limits(clock=clock)
        spend(limits, 10)
        clock.now = seconds
        assert spend(limits, 20) == passed

    def test_who_keeps_trying_gets_no_less(self) -> None:
        clock = Clock()
        limits = Limits(clock=clock)
        spend(limits, 500)
        clock.now = 6
        assert spend(limits, 5) == 1

    def test_keys_and_rules_are_apart(self) -> None:
        limits = Limits(clock=Clock())
        assert spend(limits, 20, "a") == spend(limits, 20, "b") == 10
        assert spend(limits, 20, "a", Rate("other", 3, 60)) == 3

    def test_memory_is_bounded_and_the_idle_are_forgotten_first(self) -> None:
        limits = Limits(clock=Clock(), max_keys=100)
        spend(limits, 10, "busy")
        for number in range(1000):
            spend(limits, 1, f"stranger {number}")
            assert spend(limits, 1, "busy") == 0
        assert sum(len(buckets) for buckets in limits._buckets.values()) == 100

    def test_a_demonstration_is_generous(self) -> None:
        assert spend(Limits(factor=30, clock=Clock()), 1000) == 300


async def test_an_address_that_is_made_up_does_not_help(app: FastAPI) -> None:
    app.state.limits = Limits(clock=Clock())
    spend(app.state.limits, LOGIN.times - 2, "198.51.100.9", LOGIN)
    body = {"email": "nobody@clinica.example", "password": "x"}
    async with client_from(app, "198.51.100.9") as client, client_from(app, "198.51.100.10") as other:
        statuses = []
        for number in range(4):
            headers = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
            statuses.append((await client.post("/api/auth/login", json=body, headers=headers)).status_code)
        assert statuses == [401, 401, 429, 429]
        assert (await other.post("/api/auth/login", json={**body, "email": "b@c.example"})).status_code == 401
