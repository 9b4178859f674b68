"""A real SMTP server in the test's own event loop, that can refuse, hang and remember."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = str | None
"""What DATA is answered instead of accepting, or None to accept."""


class Postbox:
    """Takes letters. `answer` decides on each attempt by its number; `accepted` counts Message-IDs."""

    def __init__(self) -> None:
        self.attempts = 0
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer: Callable[[int], Answer] = lambda _number: None
        self.to_recipient: Callable[[str], Answer] = lambda _address: None
        self.hang: asyncio.Event | None = None
        self.changed = asyncio.Condition()
        self.port = 0

    @property
    def accepted(self) -> Counter[str]:
        return Counter(str(letter["Message-ID"]) for letter in self.letters)

    def has(self, letters: int) -> bool:
        return len(self.letters) >= letters

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(condition)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if (refusal := self.to_recipient(address)) is not None:
            await self._count()
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        number = self.attempts
        await self._count()
        if self.hang is not None:
            await self.hang.wait()
        if (refusal := self.answer(number)) is not None:
            return refusal
        async with self.changed:
            content = envelope.content
            self.letters.append(
                message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
            )
            self.recipients.extend(envelope.rcpt_tos)
            self.changed.notify_all()
        return "250 Message accepted for delivery"

    async def _count(self) -> None:
        async with self.changed:
            self.attempts += 1
            self.changed.notify_all()


@asynccontextmanager
async def smtp_server() -> AsyncIterator[Postbox]:
    """A listening server; `url` style: `smtp://127.0.0.1:{box.port}`."""
    box = Postbox()
    loop = asyncio.get_running_loop()
    talks: list[SMTP] = []

    def talk() -> SMTP:
        talks.append(SMTP(box, hostname="smtp.test", loop=loop))
        return talks[-1]

    server = await loop.create_server(talk, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        if box.hang is not None:
            box.hang.set()
        server.close()
        for one in talks:
            if isinstance(one.transport, asyncio.WriteTransport):
                one.transport.abort()
        await asyncio.sleep(0)  # the loop closes what was aborted
