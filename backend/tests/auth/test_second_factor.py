"""The second factor: nobody enters without it who has one, and each code opens once."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.auth import second_factor
from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import RecoveryCode, User
from teleconsulta.consultations.tasks import work
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from tests.auth.enrolled import Authenticator, Time, bearer, enrol, outcome, sign_in_with
from tests.builders import Builder, Staff
from tests.support import SECRET


@pytest.fixture
async def doctor(build: Builder) -> Staff:
    return await build.staff()


@pytest.fixture
async def phone(client: AsyncClient, doctor: Staff, time: Time) -> Authenticator:
    """The doctor's app, set up."""
    return await enrol(client, doctor.headers, time)


async def actions(database: Database) -> list[str]:
    async with database.session() as session:
        return list((await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq))).all())


class TestSettingUp:
    async def test_it_is_asked_for_only_after_it_was_confirmed(
        self, client: AsyncClient, doctor: Staff, time: Time, database: Database
    ) -> None:
        started = (await client.post("/api/auth/totp", json={}, headers=doctor.headers)).json()
        assert started["uri"].startswith("otpauth://totp/")
        assert started["secret"] in started["uri"]
        assert started["qr"]["path"].startswith("M0 0h7")
        assert outcome(await sign_in_with(client, doctor.email, None)) == (200, None)
        app = Authenticator(started["secret"], [])
        wrong = await client.post("/api/auth/totp/confirm", json={"code": "000000"}, headers=doctor.headers)
        right = {"code": app.code(time.moment)}
        assert outcome(wrong) == (422, "wrong_code")
        codes = await client.post("/api/auth/totp/confirm", json=right, headers=doctor.headers)
        assert len(codes.json()["recovery_codes"]) == 10
        assert outcome(await sign_in_with(client, doctor.email, None)) == (401, "otp_required")
        state = (await client.get("/api/auth/totp", headers=doctor.headers)).json()
        assert (state["active_since"] is not None, state["recovery_codes_left"], state["required"]) == (True, 10, False)
        assert (await client.get("/api/auth/me", headers=doctor.headers)).json()["second_factor"] is True
        assert "second_factor:added" in await actions(database)

    async def test_nothing_can_be_confirmed_that_was_not_started(self, client: AsyncClient, doctor: Staff) -> None:
        answer = await client.post("/api/auth/totp/confirm", json={"code": "123456"}, headers=doctor.headers)
        assert outcome(answer) == (409, "second_factor_missing")
        removed = await client.request("DELETE", "/api/auth/totp", json={"code": "123456"}, headers=doctor.headers)
        assert outcome(removed) == (409, "second_factor_missing")

    async def test_one_that_is_active_is_shown_to_nobody_again(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time
    ) -> None:
        assert outcome(await client.post("/api/auth/totp", json={}, headers=doctor.headers)) == (
            409,
            "second_factor_active",
        )
        again = {"code": phone.code(time.moment)}
        answer = await client.post("/api/auth/totp/confirm", json=again, headers=doctor.headers)
        assert outcome(answer) == (409, "second_factor_active")
        state = await client.get("/api/auth/totp", headers=doctor.headers)
        assert phone.secret not in state.text

    async def test_sessions_that_were_opened_without_it_are_over(
        self, client: AsyncClient, doctor: Staff, time: Time
    ) -> None:
        other = bearer(await sign_in_with(client, doctor.email, None))
        await enrol(client, doctor.headers, time)
        assert outcome(await client.get("/api/auth/me", headers=other)) == (401, "session_ended")
        assert outcome(await client.get("/api/auth/me", headers=doctor.headers)) == (200, None)

    async def test_the_table_holds_neither_secret_nor_codes(
        self, phone: Authenticator, doctor: Staff, database: Database
    ) -> None:
        async with database.session() as session:
            sealed = await session.scalar(select(User.totp_sealed).where(User.id == doctor.id))
            hashes = (await session.scalars(select(RecoveryCode.code_hash))).all()
        assert sealed is not None
        assert phone.secret.encode() not in sealed
        assert {len(kept) for kept in hashes} == {32}
        opened = Sealer(SECRET).open(sealed, f"totp {doctor.id}")
        assert opened is not None
        assert opened.plain.decode() == phone.secret

    async def test_somebody_who_is_gone_sets_up_nothing(self, database: Database) -> None:
        ghost = StaffIdentity(new_id(), "x", "x@clinica.example", "doctor", "x", None, new_id())
        async with database.session() as session:
            with pytest.raises(SessionEnded):
                await second_factor.own(session, ghost)


class TestSigningIn:
    async def test_a_code_opens_once(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time, database: Database
    ) -> None:
        code = phone.code(time.moment)
        assert outcome(await sign_in_with(client, doctor.email, f"{code[:3]} {code[3:]}")) == (200, None)
        assert outcome(await sign_in_with(client, doctor.email, code)) == (401, "invalid_credentials")
        time.pass_by(seconds=30)
        assert outcome(await sign_in_with(client, doctor.email, phone.code(time.moment))) == (200, None)
        assert (await actions(database))[-3:] == ["session:opened", "session:refused", "session:opened"]

    async def test_one_code_sent_many_times_at_once_opens_one_session(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time
    ) -> None:
        code = phone.code(time.moment)
        answers = await asyncio.gather(*(sign_in_with(client, doctor.email, code) for _ in range(4)))
        assert [answer.status_code for answer in answers].count(200) == 1

    @pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
    async def test_clocks_may_be_a_step_apart(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time, seconds: int, fits: bool
    ) -> None:
        code = phone.code(time.moment)
        time.pass_by(hours=1)
        at = time.moment
        time.pass_by(seconds=seconds)
        answer = await sign_in_with(client, doctor.email, phone.code(at))
        assert answer.is_success is fits
        assert outcome(await sign_in_with(client, doctor.email, code)) == (401, "invalid_credentials")

    async def test_without_the_password_nothing_tells_that_there_is_one(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time
    ) -> None:
        code = phone.code(time.moment)
        answers = [
            await sign_in_with(client, doctor.email, None, "not the password"),
            await sign_in_with(client, doctor.email, code, "not the password"),
            await sign_in_with(client, "nobody@clinica.example", code),
            await sign_in_with(client, doctor.email, "000000"),
        ]
        assert {outcome(answer) for answer in answers} == {(401, "invalid_credentials")}
        assert not any("set-cookie" in answer.headers for answer in answers)
        # The right code beside a wrong password was not used up by it.
        assert outcome(await sign_in_with(client, doctor.email, code)) == (200, None)

    async def test_asking_without_a_code_is_recorded_and_opens_nothing(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, database: Database
    ) -> None:
        answer = await sign_in_with(client, doctor.email, " - ")
        assert outcome(answer) == (401, "otp_required")
        assert "set-cookie" not in answer.headers
        assert (await actions(database))[-1] == "session:challenged"

    async def test_guessing_codes_gets_slow_and_asking_in_between_does_not_help(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time
    ) -> None:
        found = []
        for _ in range(3):
            found.append(outcome(await sign_in_with(client, doctor.email, "000000")))
            found.append(outcome(await sign_in_with(client, doctor.email, None)))
        assert found[:5] == [(401, "invalid_credentials"), (401, "otp_required")] * 2 + [(401, "invalid_credentials")]
        assert found[5] == (429, "too_many_attempts")

    async def test_a_recovery_code_opens_once(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, database: Database
    ) -> None:
        code = phone.recovery[3]
        assert outcome(await sign_in_with(client, doctor.email, code.upper())) == (200, None)
        assert outcome(await sign_in_with(client, doctor.email, code)) == (401, "invalid_credentials")
        state = await client.get("/api/auth/totp", headers=doctor.headers)
        assert state.json()["recovery_codes_left"] == 9
        async with database.session() as session:
            used = select(AuditEntry.details).where(AuditEntry.action == "second_factor:recovery_code_used")
            assert (await session.scalars(used)).all() == [{"left": 9}]

    async def test_somebody_elses_recovery_code_opens_nothing(
        self, client: AsyncClient, build: Builder, phone: Authenticator, time: Time
    ) -> None:
        other = await build.staff()
        await enrol(client, other.headers, time)
        assert outcome(await sign_in_with(client, other.email, phone.recovery[0])) == (401, "invalid_credentials")


NEW_KEY = "Yw3Rk8Zp5Nd1Vt6Hs9Lc2Mx7Qb4Gj0Fa-uEoI"


class TestWhenTheKeyChanges:
    async def test_a_code_opens_before_and_after_the_secret_is_sealed_anew(
        self,
        app: FastAPI,
        client: AsyncClient,
        doctor: Staff,
        phone: Authenticator,
        time: Time,
        database: Database,
        settings: Settings,
    ) -> None:
        app.state.sign_in._sealer = Sealer(NEW_KEY, SECRET)
        assert outcome(await sign_in_with(client, doctor.email, phone.code(time.moment))) == (200, None)
        changed = settings.model_copy(update={"secret_key": NEW_KEY, "secret_key_previous": SECRET})
        for _ in range(2):  # the second time there is nothing left to do
            for sweep in work(changed).sweeps:
                await sweep(database)
        app.state.sign_in._sealer = Sealer(NEW_KEY)
        time.pass_by(seconds=30)
        assert outcome(await sign_in_with(client, doctor.email, phone.code(time.moment))) == (200, None)

    async def test_with_both_keys_gone_a_recovery_code_still_opens(
        self, app: FastAPI, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time, database: Database
    ) -> None:
        app.state.sign_in._sealer = Sealer(NEW_KEY)
        answer = await sign_in_with(client, doctor.email, phone.code(time.moment))
        assert outcome(answer) == (401, "invalid_credentials")
        await second_factor.resealing(Sealer(NEW_KEY))(database)  # what does not open stays as it is
        assert outcome(await sign_in_with(client, doctor.email, phone.recovery[0])) == (200, None)


class TestTakingItAway:
    async def test_a_code_takes_it_away_and_a_wrong_one_does_not(
        self, client: AsyncClient, doctor: Staff, phone: Authenticator, time: Time, database: Database
    ) -> None:
        wrong = await client.request("DELETE", "/api/auth/totp", json={"code": "000000"}, headers=doctor.headers)
        assert outcome(wrong) == (422, "wrong_code")
        other = bearer(await sign_in_with(client, doctor.email, phone.code(time.moment)))
        time.pass_by(seconds=30)
        right = {"code": phone.code(time.moment)}
        assert (await client.request("DELETE", "/api/auth/totp", json=right, headers=doctor.headers)).status_code == 204
        assert outcome(await sign_in_with(client, doctor.email, None)) == (200, None)
        assert outcome(await client.get("/api/auth/me", headers=other)) == (401, "session_ended")
        assert outcome(await client.get("/api/auth/me", headers=doctor.headers)) == (200, None)
        done = await actions(database)
        assert "second_factor:refused" in done
        assert "second_factor:removed" in done
        async with database.session() as session:
            assert (await session.scalars(select(RecoveryCode))).all() == []

    async def test_guessing_at_it_gets_slow(self, client: AsyncClient, doctor: Staff, phone: Authenticator) -> None:
        found = [
            outcome(await client.request("DELETE", "/api/auth/totp", json={"code": "000000"}, headers=doctor.headers))
            for _ in range(6)
        ]
        assert found == [(422, "wrong_code")] * 5 + [(429, "too_many_attempts")]

    async def test_an_admin_takes_it_away_from_who_has_lost_it(
        self, client: AsyncClient, build: Builder, doctor: Staff, phone: Authenticator
    ) -> None:
        admin = await build.staff("admin")
        path = f"/api/users/{doctor.id}/totp"
        assert (await client.delete(path, headers=admin.headers)).status_code == 204
        assert outcome(await client.get("/api/auth/me", headers=doctor.headers)) == (401, "session_ended")
        assert outcome(await sign_in_with(client, doctor.email, None)) == (200, None)
        assert outcome(await client.delete(path, headers=admin.headers)) == (409, "second_factor_missing")
        nobody = await client.delete(f"/api/users/{new_id()}/totp", headers=admin.headers)
        assert outcome(nobody) == (404, "not_found")
