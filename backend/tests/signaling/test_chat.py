"""The last messages of a room."""

from __future__ import annotations

from uuid import UUID, uuid4

from teleconsulta.signaling.chat import KEPT, ChatLog
from teleconsulta.signaling.protocol import ChatMessage
from tests.presence.people import BIA, NOON

ROOM, OTHER = UUID(int=1), UUID(int=2)


def said(text: str) -> ChatMessage:
    who = {"from": BIA.id, "name": BIA.name, "role": BIA.role}
    return ChatMessage.model_validate({"id": uuid4(), "text": text, "sent_at": NOON, **who})


def test_a_repeat_is_answered_with_what_is_there() -> None:
    log, message = ChatLog(), said("Olá")
    assert log.add(ROOM, message) is None
    assert log.add(ROOM, message.model_copy(update={"text": "other"})) is message
    assert list(log.of(ROOM)) == [message]
    assert list(log.of(OTHER)) == []


def test_only_the_last_are_kept() -> None:
    log = ChatLog()
    for number in range(KEPT + 3):
        log.add(ROOM, said(str(number)))
    assert [m.text for m in log.of(ROOM)][0 :: KEPT - 1] == ["3", str(KEPT + 2)]


def test_what_was_said_meanwhile_follows_what_the_record_holds() -> None:
    log, old, new = ChatLog(), said("old"), said("new")
    log.add(ROOM, new)
    log.open(ROOM, [old])
    assert list(log.of(ROOM)) == [old, new]
    log.forget_others_than([OTHER])
    assert list(log.of(ROOM)) == []
