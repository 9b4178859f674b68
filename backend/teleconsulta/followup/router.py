"""REST of the interval between visits, by a consultation of the doctor's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.followup import service
from teleconsulta.followup.schemas import DecisionWish, FollowUpOut, VisitWish
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.rooms.errors import RoomNotFound

router = APIRouter(prefix="/api/rooms/{room_id}/follow-up", tags=["follow-up"])

_REFUSALS = problems(Unauthorized, SessionEnded, Forbidden, RoomNotFound, Invalid, Unavailable)


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Now = Annotated[Clock, Depends(_clock)]


@router.get("", responses=_REFUSALS)
async def read_follow_up(room_id: UUID, doctor: Doctor, session: Session, now: Now) -> FollowUpOut:
    """When the patient was last seen in person, and how long the rule of 180 days leaves."""
    return await service.read(session, doctor, room_id, now())


@router.put("", responses=_REFUSALS)
async def note_visit(room_id: UUID, wish: VisitWish, doctor: Doctor, session: Session, now: Now) -> FollowUpOut:
    """Keep the day of the last visit in person."""
    return await service.note_visit(session, doctor, room_id, wish, now())


@router.post("/decisions", status_code=201, responses=_REFUSALS)
async def decide(room_id: UUID, wish: DecisionWish, doctor: Doctor, session: Session, now: Now) -> FollowUpOut:
    """Keep the doctor's decision about the next visit."""
    return await service.decide(session, doctor, room_id, wish, now())
