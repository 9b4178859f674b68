"""The last messages of every room somebody is in, so that history is at hand while the database is not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

from teleconsulta.signaling.protocol import ChatMessage

KEPT = 200


class ChatLog:
    """Messages by room, oldest first, each once by its id."""

    def __init__(self) -> None:
        self._rooms: dict[UUID, OrderedDict[UUID, ChatMessage]] = {}
        self._opened: set[UUID] = set()

    def open(self, room_id: UUID, messages: Iterable[ChatMessage]) -> None:
        """Begin with what the record holds. What was said meanwhile comes after it."""
        self._opened.add(room_id)
        newer = self._rooms.get(room_id, OrderedDict())
        self._rooms[room_id] = OrderedDict((message.id, message) for message in messages)
        for message in newer.values():
            self.add(room_id, message)

    def add(self, room_id: UUID, message: ChatMessage) -> ChatMessage | None:
        """Keep a message. The answer is the one already there under this id, if any."""
        room = self._rooms.setdefault(room_id, OrderedDict())
        known = room.get(message.id)
        if known is None:
            room[message.id] = message
            while len(room) > KEPT:
                room.popitem(last=False)
        return known

    def knows(self, room_id: UUID) -> bool:
        """Whether a room's history was asked for, and not only what was said since."""
        return room_id in self._opened

    def of(self, room_id: UUID) -> Sequence[ChatMessage]:
        return tuple(self._rooms.get(room_id, {}).values())

    def forget_others_than(self, room_ids: Iterable[UUID]) -> None:
        """Drop rooms that nobody is in any more."""
        kept = set(room_ids)
        self._rooms = {room_id: room for room_id, room in self._rooms.items() if room_id in kept}
        self._opened &= kept
