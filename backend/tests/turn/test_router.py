"""Who is given relay credentials: people whom the doctor has let in, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from teleconsulta.kernel.clock import now
from teleconsulta.presence.model import Authorisation, Facts, RoomState, Seat, Who
from tests.builders import Builder, Consultation
from tests.support import PUBLIC_URL

URL = "/api/turn-credentials"


def sit(app: FastAPI, consultation: Consultation, *, patient: str | None, closed: bool = False) -> None:
    """The room in the server's memory, with the doctor in it and the patient in this state."""
    moment = now()
    facts = Facts(
        room_id=consultation.room_id,
        doctor_id=consultation.doctor.id,
        doctor_participant_id=consultation.doctor_participant_id,
        doctor_name="Dra. Íris Valadão",
        patient_id=consultation.patient.person_id,
        patient_name="Benedita Quaresma",
        modality="teleconsulta",
        starts_at=moment,
        ends_at=moment,
        closes_at=moment,
        scheduled=False,
        demo=False,
    )
    doctor = _seat(consultation.doctor_participant_id, "doctor", moment)
    seats = [replace(doctor, state="admitted")]
    if patient is not None:
        seat = _seat(consultation.patient.participant_id, "patient", moment)
        seats.append(replace(seat, state="admitted" if patient == "admitted" else "waiting"))
    app.state.presence.open(RoomState(facts, seats=tuple(seats), closed=closed))


def _seat(participant_id: UUID, role: str, moment: datetime) -> Seat:
    who = Who(participant_id, "nome", "doctor" if role == "doctor" else "patient", Authorisation("self"))
    return Seat(who, "waiting", f"socket of {role}", "incarnation", moment)


async def test_an_admitted_patient_gets_them(app: FastAPI, client: AsyncClient, build: Builder) -> None:
    room = await build.room()
    sit(app, room, patient="admitted")
    answer = await client.get(URL, headers=room.patient.headers)
    assert answer.status_code == 200, answer.text
    (server,) = answer.json()["ice_servers"]
    assert server["urls"][0].startswith("turn:turn.clinica.example")
    assert server["username"].endswith(f":{room.patient.participant_id}")
    assert answer.json()["expires_at"].endswith("Z")


async def test_the_rooms_doctor_gets_them(app: FastAPI, client: AsyncClient, build: Builder) -> None:
    room = await build.room()
    sit(app, room, patient=None)
    answer = await client.get(URL, params={"room_id": str(room.room_id)}, headers=room.doctor.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["ice_servers"][0]["username"].endswith(f":{room.doctor_participant_id}")


@pytest.mark.parametrize("patient", ["waiting", None])
async def test_who_waits_or_is_away_gets_none(
    app: FastAPI, client: AsyncClient, build: Builder, patient: str | None
) -> None:
    room = await build.room()
    sit(app, room, patient=patient)
    answer = await client.get(URL, headers=room.patient.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_admitted")


async def test_nobody_gets_them_in_a_closed_room(app: FastAPI, client: AsyncClient, build: Builder) -> None:
    room = await build.room()
    sit(app, room, patient="admitted", closed=True)
    assert (await client.get(URL, headers=room.patient.headers)).status_code == 403


async def test_another_doctor_and_another_room_get_none(app: FastAPI, client: AsyncClient, build: Builder) -> None:
    room, other = await build.room(), await build.room()
    sit(app, room, patient="admitted")
    asked = {"room_id": str(room.room_id)}
    assert (await client.get(URL, params=asked, headers=other.doctor.headers)).status_code == 403
    assert (await client.get(URL, params=asked, headers=other.patient.headers)).status_code == 403
    assert (await client.get(URL, headers=room.doctor.headers)).status_code == 403


async def test_without_a_token_there_is_nothing(client: AsyncClient) -> None:
    assert (await client.get(f"{PUBLIC_URL}{URL}")).status_code == 401
