"""Invitations to the staff, and the hand that sends their letters."""

from __future__ import annotations

import re

from httpx import AsyncClient
from sqlalchemy import select

from teleconsulta.auth import letters
from teleconsulta.auth.models import PasswordLink
from teleconsulta.consultations.tasks import work
from teleconsulta.jobs.worker import Handler
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.memory import MemorySender
from tests.auth.enrolled import outcome
from tests.builders import Staff

INVITED = {"email": "Nova@clinica.example", "name": "Dra. Nóra Ávila", "role": "doctor"}


class Worker:
    """The worker's hand: sends what is queued, one letter after another."""

    def __init__(self, database: Database, settings: Settings, sender: MemorySender) -> None:
        self.database, self.sender = database, sender
        self.handle: Handler = work(settings, sender=sender).handlers[letters.ENTRYPOINT]

    async def links(self) -> list[PasswordLink]:
        async with self.database.session() as session:
            return list((await session.scalars(select(PasswordLink).order_by(PasswordLink.id))).all())

    async def send(self) -> None:
        for link in await self.links():
            await self.handle(self.database, {"link_id": str(link.id)})

    async def token(self) -> str:
        """What stands in the newest letter's link."""
        await self.send()
        found = re.search(r"/senha(?:\?lang=\w+)?#(\S+)", self.sender.sent[-1].text)
        assert found is not None
        return found[1]


async def invite(client: AsyncClient, admin: Staff, **changes: str) -> dict[str, object]:
    answer = await client.post("/api/users", json={**INVITED, **changes}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def again(client: AsyncClient, admin: Staff, user_id: object) -> tuple[int, str | None]:
    path = f"/api/users/{user_id}/password-link"
    return outcome(await client.post(path, json={}, headers=admin.headers))
