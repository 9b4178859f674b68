"""Rows that a test needs but does not talk about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from teleconsulta.auth.models import StaffSession, User
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.models import Consent
from teleconsulta.invitations.models import Invitation
from teleconsulta.kernel.clock import now
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.passwords import hash_password
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import Room, RoomParticipant

PASSWORD = "girassol amarelo 42"
_hashes: dict[str, str] = {}


@dataclass(frozen=True)
class Staff:
    """A user of the clinic with an open session."""

    id: UUID
    email: str
    session_id: UUID
    token: str  # access token

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Guest:
    """An invited person: their link and the access token it is redeemed for."""

    participant_id: UUID
    person_id: UUID
    invitation_id: UUID
    link_token: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Consultation:
    room_id: UUID
    doctor: Staff
    doctor_participant_id: UUID
    patient: Guest


class Builder:
    """Makes people, rooms and their tokens directly in the database."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self.database = database
        self.tokens = tokens

    async def staff(self, role: str = "doctor", name: str = "Dra. Íris Valadão") -> Staff:
        if PASSWORD not in _hashes:
            _hashes[PASSWORD] = await hash_password(PASSWORD)
        moment = now()
        user_id, session_id = new_id(), new_id()
        email = f"{role}-{user_id.hex}@clinica.example"
        async with self.database.session() as session:
            session.add(
                User(
                    id=user_id,
                    email=email,
                    name=name,
                    role=role,
                    slug=f"{role}-{user_id.hex}",
                    council="CRM/SP 123456" if role == "doctor" else None,
                    password_hash=_hashes[PASSWORD],
                    created_at=moment,
                    disabled_at=None,
                )
            )
            await session.flush()
            session.add(
                StaffSession(
                    id=session_id,
                    user_id=user_id,
                    created_at=moment,
                    last_used_at=moment,
                    expires_at=moment + timedelta(hours=12),
                    ended_at=None,
                    end_reason=None,
                )
            )
        token = self.tokens.issue(
            "access", str(user_id), moment + timedelta(minutes=10), role=role, sid=str(session_id)
        )
        return Staff(user_id, email, session_id, token)

    async def room(
        self,
        *,
        doctor: Staff | None = None,
        starts_at: datetime | None = None,
        minutes: int = 60,
        scheduled: bool = False,
        demo: bool = False,
        consent: bool = True,
        patient_name: str = "Benedita Quaresma",
    ) -> Consultation:
        """An open room that can be entered now, its doctor, and a patient who has consented."""
        owner = doctor or await self.staff()
        moment = now()
        starts = starts_at or moment
        room_id, participant_id, person_id = new_id(), new_id(), new_id()
        async with self.database.session() as session:
            session.add(
                Person(
                    id=person_id, name=patient_name, email="bia@paciente.example", language="pt-BR", created_at=moment
                )
            )
            await session.flush()
            session.add(
                Room(
                    id=room_id,
                    doctor_id=owner.id,
                    patient_id=person_id,
                    during=Range(starts, starts + timedelta(minutes=minutes)),
                    scheduled=scheduled,
                    modality="teleconsulta",
                    demo=demo,
                    state="open",
                    outcome=None,
                    outcome_reason=None,
                    created_at=moment,
                    closed_at=None,
                )
            )
            await session.flush()
            session.add(
                RoomParticipant(
                    id=participant_id,
                    room_id=room_id,
                    role="doctor",
                    user_id=owner.id,
                    person_id=None,
                    created_at=moment,
                    admitted_at=moment,
                    revoked_at=None,
                )
            )
        patient = await self.guest(
            room_id, "patient", person_id=person_id, consent=consent, consented_at=min(moment, starts)
        )
        return Consultation(room_id, owner, participant_id, patient)

    async def guest(
        self,
        room_id: UUID,
        role: str,
        *,
        person_id: UUID | None = None,
        name: str = "Caetano Quaresma",
        consent: bool = True,
        consented_at: datetime | None = None,
    ) -> Guest:
        """One more invited person of a room, with link, access token and (unless told) consent."""
        moment = now()
        participant_id, invitation_id = new_id(), new_id()
        who = person_id or new_id()
        async with self.database.session() as session:
            if person_id is None:
                session.add(Person(id=who, name=name, email=None, language="pt-BR", created_at=moment))
                await session.flush()
            session.add(
                RoomParticipant(
                    id=participant_id,
                    room_id=room_id,
                    role=role,
                    user_id=None,
                    person_id=who,
                    created_at=moment,
                    admitted_at=None,
                    revoked_at=None,
                )
            )
            await session.flush()
            session.add(
                Invitation(
                    id=invitation_id,
                    room_id=room_id,
                    participant_id=participant_id,
                    generation=1,
                    created_at=moment,
                    revoked_at=None,
                    opened_at=None,
                    redeemed_count=0,
                )
            )
            if consent:
                session.add(
                    Consent(
                        room_id=room_id,
                        participant_id=participant_id,
                        text_id="teleconsulta",
                        version=text("pt-BR").version,
                        language="pt-BR",
                        sha256=text("pt-BR").sha256,
                        given_by="self",
                        representative_name=None,
                        representative_relationship=None,
                        device=None,
                        given_at=consented_at or moment,
                        withdrawn_at=None,
                    )
                )
        closes = moment + timedelta(hours=2)
        link = self.tokens.issue("invitation", str(invitation_id), closes, room=str(room_id), gen=1)
        token = self.tokens.issue("participant", str(participant_id), closes, room=str(room_id), role=role)
        return Guest(participant_id, who, invitation_id, link, token)
