"""The product's REST side as a doctor and a patient use it, for preparing and playing synthetic consultations."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bench.processes import BenchError
from bench.wire import Json, Socket, open_socket

DOCTOR, ADMIN = "medica@demo.local", "admin@demo.local"
RENEW_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Visit:
    """A room with a patient on the way. `link` is the secret part of the personal link."""

    room_id: str
    link: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A redeemed link."""

    room_id: str
    participant_id: str
    token: str
    consent: Json


class Clinic:
    """A doctor, the demo's unless another is named, and the HTTP connections of everybody who meets them."""

    def __init__(self, origin: str, password: str, email: str = DOCTOR) -> None:
        self.origin = origin
        self._email, self._password = email, password
        self._token = ""
        self._token_at = 0.0
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=8)
        self._http = httpx.AsyncClient(base_url=origin, headers={"X-Teleconsulta": "1"}, timeout=30, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def hire(self, email: str) -> None:
        """A doctor's account more, with the same password. This must be the admin's connection."""
        wish = {"email": email, "name": "Dra. de Medida", "role": "doctor", "password": self._password}
        await self.post("/api/users", wish, token=await self.staff_token())

    async def staff_token(self) -> str:
        """An access token that is good for some minutes more."""
        if time.monotonic() - self._token_at > RENEW_SECONDS:
            answer = await self.post("/api/auth/login", {"email": self._email, "password": self._password})
            self._token, self._token_at = answer["access_token"], time.monotonic()
        return self._token

    async def new_visit(self) -> Visit:
        """An instant consultation of the demo doctor's."""
        wish = {"patient": {"name": "Paciente de Medida", "email": None}}
        room = await self.post("/api/rooms", wish, token=await self.staff_token())
        return Visit(room["id"], urlsplit(room["invitations"][0]["link"]).fragment)

    async def redeem(self, visit: Visit) -> Seat:
        answer = await self.post("/api/invitations/redeem", {"token": visit.link})
        return Seat(
            answer["room"]["id"], answer["participant"]["id"], answer["access_token"], answer["consent"]["text"]
        )

    async def consent(self, seat: Seat) -> None:
        text = seat.consent
        agreed = {name: text[name] for name in ("version", "sha256", "language")}
        await self.post("/api/consents", {**agreed, "given_by": "self", "device": "desktop"}, token=seat.token)

    async def enter_as_doctor(self, room_id: str) -> tuple[Socket, Json]:
        """The doctor's socket in a room, and the room's state."""
        return await self.enter(room_id, await self.staff_token())

    async def enter(self, room_id: str, token: str) -> tuple[Socket, Json]:
        auth = {
            "token": token,
            "room_id": room_id,
            "protocol": 1,
            "incarnation": f"bench-{time.monotonic_ns()}",
            "device": "desktop",
            "media": {"audio": True, "video": True, "screen": False, "recording": False},
        }
        socket = await open_socket(self.origin, auth)
        state: Json = await socket.hear("room_state")
        return socket, state

    async def post(self, path: str, body: Json, *, token: str | None = None) -> Json:
        """
        Raises:
            BenchError: the answer is not a success, even after waiting as long as a rate limit asked.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        for _ in range(20):
            answer = await self._http.post(path, json=body, headers=headers)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        if not answer.is_success:
            raise BenchError(f"POST {path} was answered {answer.status_code}: {answer.text[:200]}")
        found: Any = answer.json() if answer.content else {}
        return dict(found)
