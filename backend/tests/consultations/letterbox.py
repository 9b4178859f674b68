"""Every letter that waits, handed over as the worker would at a given moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from icalendar import Calendar
from icalendar import Event as ReadEvent
from sqlalchemy import select

from teleconsulta.invitations import letters, reminders
from teleconsulta.invitations.models import Delivery
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.calendar import as_ics
from teleconsulta.mail.memory import MemorySender
from teleconsulta.mail.message import Mail


class Letterbox:
    """`moment` is what the worker's clock says; the server's own goes on as ever."""

    def __init__(self, database: Database, settings: Settings, moment: datetime) -> None:
        self.database, self.settings, self.moment = database, settings, moment
        clock: Callable[[], datetime] = lambda: self.moment  # noqa: E731 - it has to see the moment change
        self._sender = MemorySender()
        self._send = letters.handler(settings, Tokens(settings.secret_key), self._sender, clock)
        self._remind = reminders.sweep(settings, clock)

    async def empty(self) -> list[Mail]:
        """What is sent by looking once for reminders and once for letters."""
        await self._remind(self.database)
        async with self.database.session() as session:
            waiting = await session.scalars(select(Delivery.id).where(Delivery.state == "queued").order_by(Delivery.id))
            found = waiting.all()
        before = len(self._sender.sent)
        for identifier in found:
            await self._send(self.database, {"delivery_id": str(identifier)})
        return self._sender.sent[before:]

    async def at(self, moment: datetime) -> list[Mail]:
        self.moment = moment
        return await self.empty()


def entry(mail: Mail) -> tuple[str, ReadEvent]:
    """The method and the event of a letter's calendar part."""
    assert mail.event is not None
    calendar = Calendar.from_ical(as_ics(mail.event))
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return str(calendar["METHOD"]), event
