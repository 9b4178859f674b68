"""Every event of every kind of outsider, aimed at somebody else's consultation: nothing arrives, nothing changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import Builder
from tests.functional.conftest import Visit
from tests.functional.live import Person


def aimed(target: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Everything a client can say, about one person."""
    return [
        ("signal", {"to": target, "session": "s", "candidates": [{"candidate": "c"}]}),
        ("admit", {"participant_id": target}),
        ("refuse", {"participant_id": target}),
        ("remove", {"participant_id": target}),
        ("media_state", {"audio": True, "from": target}),
        ("media_state", {"audio": True, "to": target}),
        ("chat_message", {"id": uuid4(), "text": "Olá", "room_id": target}),
        ("chat_message", {"id": uuid4(), "text": "Olá", "role": "doctor"}),
        ("call_report", {"connection": "connected", "participant_id": target}),
        ("call_end", {"outcome": "completed", "room_id": target}),
        ("leave", {"participant_id": target}),
    ]


@pytest.mark.timeout(120)
async def test_nobody_outside_reaches_a_consultation(visit: Visit, build: Builder) -> None:
    room, doctor, patient = await visit.call(build)
    other, other_doctor, other_patient = await visit.call(build)
    waiting = await visit.join((await build.guest(room.room_id, "companion")).token)
    await waiting.state()
    await doctor.hears("participant_joined", where=lambda event: event["participant"]["role"] == "companion")
    feed = await visit.join((await build.staff()).token)
    before = visit.live.app.state.presence.get(room.room_id)
    heard = {id(person): len(person.heard) for person in (doctor, patient)}
    outsiders: list[tuple[str, Person]] = [
        ("another doctor", other_doctor),
        ("another patient", other_patient),
        ("a dashboard", feed),
        ("who waits", waiting),
    ]
    for target in (room.patient.participant_id, room.doctor_participant_id, room.room_id):
        for who, outsider in outsiders:
            for event, payload in aimed(target):
                answer = await outsider.says(event, **payload)
                assert answer["ok"] is False, (who, event)
                assert answer["code"] in {"bad_message", "forbidden", "not_found", "not_admitted"}, (who, event)
    assert visit.live.app.state.presence.get(room.room_id) == before
    for person in (doctor, patient):
        assert person.heard[heard[id(person)] :] == []
    # What belongs to the other consultation stays there, word for word.
    assert (await other_patient.says("chat_message", id=uuid4(), text="Segredo"))["ok"]
    await other_doctor.hears("chat_message", text="Segredo")
    assert (await doctor.says("media_state", audio=True))["ok"]
    await patient.hears("media_state")
    for person in (doctor, patient, waiting, feed):
        assert "Segredo" not in repr(person.heard)
        assert str(other.room_id) not in repr(person.heard)
