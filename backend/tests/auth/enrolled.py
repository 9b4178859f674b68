"""Somebody with an authenticator app, and a server whose clock stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from fastapi import FastAPI
from httpx import AsyncClient, Response

from teleconsulta.kernel.clock import now
from tests.builders import PASSWORD


class Time:
    """The server's clock; `pass_by` moves it."""

    def __init__(self, app: FastAPI) -> None:
        self.moment = now()
        app.state.clock = lambda: self.moment

    def pass_by(self, **spans: float) -> None:
        self.moment += timedelta(**spans)


@dataclass
class Authenticator:
    """The app on somebody's phone, and the recovery codes they wrote down."""

    secret: str
    recovery: list[str]

    def code(self, moment: datetime) -> str:
        return pyotp.TOTP(self.secret).at(moment)


async def enrol(client: AsyncClient, headers: dict[str, str], time: Time) -> Authenticator:
    """Set a second factor up; the server's clock then stands at the next code."""
    started = await client.post("/api/auth/totp", json={}, headers=headers)
    assert started.status_code == 201, started.text
    app = Authenticator(started.json()["secret"], [])
    confirmed = await client.post("/api/auth/totp/confirm", json={"code": app.code(time.moment)}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    app.recovery = confirmed.json()["recovery_codes"]
    time.pass_by(seconds=30)
    return app


async def sign_in_with(client: AsyncClient, email: str, otp: str | None, password: str = PASSWORD) -> Response:
    body = {"email": email, "password": password, **({} if otp is None else {"otp": otp})}
    return await client.post("/api/auth/login", json=body)


def bearer(answer: Response) -> dict[str, str]:
    """The headers of who has just signed in."""
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def outcome(answer: Response) -> tuple[int, str | None]:
    return answer.status_code, None if answer.is_success else answer.json()["code"]
