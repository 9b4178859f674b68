"""From rows to what travels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.consultations.schemas import RoomOut
from teleconsulta.invitations import repository as invitations
from teleconsulta.invitations.views import invitation_out
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.readiness import repository as readiness
from teleconsulta.rooms.repository import RoomRow


async def rooms_out(
    session: AsyncSession,
    settings: Settings,
    tokens: Tokens,
    rows: Sequence[RoomRow],
    now: datetime,
    *,
    reader: UUID,
) -> list[RoomOut]:
    """Rooms with their invitations, in three questions however many rooms. Links only for a room's own doctor."""
    invited = await invitations.of_rooms(session, [row.room.id for row in rows])
    everybody = [one.invitation.id for those in invited.values() for one in those]
    letters = await invitations.latest_deliveries(session, everybody)
    tests = await readiness.latest_tests(session, [one.participant.id for those in invited.values() for one in those])
    found = []
    for row in rows:
        owner = row.room.doctor_id == reader
        links = [
            invitation_out(
                settings,
                tokens,
                one,
                letters.get(one.invitation.id),
                now,
                owner=owner,
                readiness=tests.get(one.participant.id),
            )
            for one in invited.get(row.room.id, [])
        ]
        found.append(
            RoomOut.model_validate(
                {
                    "id": row.room.id,
                    "doctor": {"id": row.doctor.id, "name": row.doctor.name},
                    "patient": {
                        "id": row.patient.id,
                        "name": row.patient.name,
                        "email": row.patient.email,
                        "time_zone": row.patient.time_zone,
                    },
                    "state": row.room.state,
                    "scheduled": row.room.scheduled,
                    "starts_at": row.window.starts_at,
                    "ends_at": row.window.ends_at,
                    "opens_at": row.window.opens_at,
                    "closes_at": row.window.closes_at,
                    "time_zone": row.room.time_zone or settings.clinic_zone,
                    "modality": row.room.modality,
                    "channel": row.room.channel,
                    "outcome": row.room.outcome,
                    "outcome_reason": row.room.outcome_reason,
                    "closed_at": row.room.closed_at,
                    "created_at": row.room.created_at,
                    "demo": row.room.demo,
                    "invitations": links,
                }
            )
        )
    return found
