"""Letters in a list."""

from __future__ import annotations

from teleconsulta.mail.message import Mail


class MemorySender:
    """Keeps what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.sent.append(mail)
