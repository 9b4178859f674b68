"""`GET /api/turn-credentials`: for people who are in a room, and only for them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import ParticipantIdentity, StaffIdentity, Visitor
from teleconsulta.kernel.errors import RateLimited, TokenExpired, Unauthorized
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address, limits_of
from teleconsulta.presence.store import Store
from teleconsulta.turn.errors import NotAdmitted
from teleconsulta.turn.schemas import TurnOut
from teleconsulta.turn.service import ice_servers

router = APIRouter(prefix="/api", tags=["turn"])

BY_ADDRESS = Rate("turn", times=120, seconds=60)
BY_PERSON = Rate("turn person", times=20, seconds=60)

RoomQuery = Annotated[UUID | None, Query(description="The room; needed with a staff token.")]


@router.get(
    "/turn-credentials",
    dependencies=[by_address(BY_ADDRESS)],
    responses=problems(Unauthorized, TokenExpired, SessionEnded, NotAdmitted, RateLimited),
)
async def turn_credentials(request: Request, visitor: Visitor, room_id: RoomQuery = None) -> TurnOut:
    """Fresh relay credentials, as before an ICE restart. Who waits, or has left, gets none."""
    state = request.app.state
    participant_id = _admitted(state.presence, visitor, room_id)
    limits_of(request).spend(BY_PERSON, str(participant_id))
    return TurnOut.of(ice_servers(state.settings, participant_id, state.clock()))


def _admitted(store: Store, visitor: StaffIdentity | ParticipantIdentity, room_id: UUID | None) -> UUID:
    """The participant this visitor is in the room right now: authorised to be there, and let in by the doctor.

    Raises:
        NotAdmitted: they wait, are not there, or it is not their room; a stranger cannot tell which.
    """
    if isinstance(visitor, ParticipantIdentity):
        if room_id is not None and room_id != visitor.room_id:
            raise NotAdmitted
        room_id = visitor.room_id
    room = store.get(room_id) if room_id is not None else None
    if room is None or room.closed:
        raise NotAdmitted
    if isinstance(visitor, StaffIdentity):
        if visitor.id != room.facts.doctor_id:
            raise NotAdmitted
        participant_id = room.facts.doctor_participant_id
    else:
        participant_id = visitor.participant_id
    seat = room.seat_of(participant_id)
    if seat is None or not seat.admitted or not seat.who.may_enter:
        raise NotAdmitted
    return participant_id
