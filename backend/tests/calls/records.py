"""Calls that are over, written as the recorder writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.calls.models import Call, CallParticipant, CallStay, QualitySample, RoomEvent, StoredMessage
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.rooms.models import Room
from tests.builders import Consultation

QUALITY = {"samples": 3, "rtt_ms": 35.0, "loss_in": 0.001, "concealed": 0.002, "freezes": 0.0, "freeze_ms": 0.0}


async def ended_call(
    database: Database, room: Consultation, *, started_at: datetime | None = None, seconds: int = 600
) -> UUID:
    """A ten-minute call of doctor and patient, with a break of the patient's, two messages and a sample."""
    begun = started_at or now() - timedelta(hours=1)
    end = begun + timedelta(seconds=seconds)
    call_id = new_id()
    patient, doctor = room.patient.participant_id, room.doctor_participant_id
    async with database.session() as session:
        session.add(
            Call(
                id=call_id,
                room_id=room.room_id,
                doctor_id=room.doctor.id,
                patient_id=room.patient.person_id,
                state="ended",
                started_at=begun,
                last_seen_at=end,
                ended_at=end,
                end_reason="ended_by_doctor",
                path="relay",
            )
        )
        stored = await session.get_one(Room, room.room_id)
        stored.state, stored.outcome, stored.closed_at = "closed", "completed", end
        await session.flush()
        for who, role in ((patient, "patient"), (doctor, "doctor")):
            session.add(
                CallParticipant(
                    call_id=call_id, participant_id=who, role=role, path="relay", protocol="udp", quality=QUALITY
                )
            )
        half = begun + timedelta(seconds=seconds / 2)
        for who, joined, left, reason in (
            (doctor, begun, end, "ended_by_doctor"),
            (patient, begun, half, "timeout"),
            (patient, half + timedelta(seconds=60), end, "ended_by_doctor"),
        ):
            session.add(
                CallStay(call_id=call_id, participant_id=who, joined_at=joined, left_at=left, left_reason=reason)
            )
        for number, (who, role, text) in enumerate(((doctor, "doctor", "Bom dia"), (patient, "patient", "Olá 👋"))):
            at = begun + timedelta(seconds=number)
            session.add(
                StoredMessage(room_id=room.room_id, id=new_id(), participant_id=who, role=role, text=text, sent_at=at)
            )
        session.add(
            RoomEvent(room_id=room.room_id, call_id=call_id, at=begun, event="admitted", participant_id=patient)
        )
        session.add(
            QualitySample(
                call_id=call_id, participant_id=patient, at=half, path="relay", protocol="udp", quality={"rtt_ms": 35}
            )
        )
    return call_id
