"""A consultation whose people agree, take it back, and are seen without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from teleconsulta.audit.models import AuditEntry
from teleconsulta.consents.catalogue import text
from teleconsulta.kernel.db import Database
from tests.builders import Consultation
from tests.functional.conftest import Visit
from tests.functional.live import Person

REASON = "Perdeu a consciência, ninguém responde por ele."


@dataclass
class Story:
    """A room, whoever is connected to it, and what its people can ask by REST."""

    room: Consultation
    visit: Visit
    http: httpx.AsyncClient
    database: Database
    patient: Person | None = None
    doctor: Person | None = None

    async def arrive(self) -> Person:
        self.patient = await self.visit.patient(self.room, incarnation="patient-page")
        await self.patient.state()
        return self.patient

    async def lead(self) -> Person:
        if self.doctor is None:
            self.doctor = await self.visit.doctor(self.room, incarnation="doctors-page")
            await self.doctor.state()
        return self.doctor

    async def admit(self) -> Any:
        return await (await self.lead()).says("admit", participant_id=self.room.patient.participant_id)

    async def talk(self) -> None:
        await self.lead()
        patient = await self.arrive()
        assert (await self.admit())["ok"]
        await patient.hears("call_started")

    async def withdraw(self) -> None:
        answer = await self.http.post("/api/consents/withdraw", headers=self.room.patient.headers)
        assert answer.status_code == 204, answer.text

    async def agree(self, **changes: Any) -> httpx.Response:
        current = text("pt-BR")
        wish = {"version": current.version, "sha256": current.sha256, "language": "pt-BR", "given_by": "self"}
        return await self.http.post("/api/consents", json={**wish, **changes}, headers=self.room.patient.headers)

    async def override(self, headers: dict[str, str] | None = None, **changes: Any) -> httpx.Response:
        wish = {"participant_id": str(self.room.patient.participant_id), "reason": REASON, **changes}
        return await self.http.post("/api/consents/overrides", json=wish, headers=headers or self.room.doctor.headers)

    async def actions(self) -> list[str]:
        async with self.database.session() as session:
            return list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
