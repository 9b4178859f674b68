"""What sockets of one process have to tell those of others. One process alone has nobody to tell (`Alone`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from teleconsulta.signaling.protocol import ChatMessage
from teleconsulta.signaling.troubles import Readiness


class Spread(Protocol):
    """Waits for nothing, except for what was said before."""

    def chat(self, room_id: UUID, said: ChatMessage) -> None:
        """Somebody here said this."""

    def trouble(self, doctor_id: UUID, told: Readiness) -> None:
        """Somebody here said what is in their way."""

    async def said(self, room_id: UUID) -> Sequence[ChatMessage]:
        """What was said in a room lately, whoever heard it; nothing while that cannot be known."""


class Alone:
    """All there is is here."""

    def chat(self, room_id: UUID, said: ChatMessage) -> None: ...

    def trouble(self, doctor_id: UUID, told: Readiness) -> None: ...

    async def said(self, room_id: UUID) -> Sequence[ChatMessage]:
        return ()
