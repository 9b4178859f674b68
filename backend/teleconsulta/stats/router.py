"""Counts over running rooms, for staff: a doctor counts their own, an admin all. No names, no addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from teleconsulta.auth.identity import Staff
from teleconsulta.presence.store import Store

router = APIRouter(prefix="/api/webrtc", tags=["stats"])


class RoomStats(BaseModel):
    """One room with anybody in it; `connections` counts open sockets, `participants` also who is briefly away."""

    room_id: UUID
    participants: int
    connections: int
    waiting: int
    call_started_at: datetime | None


class WebrtcStats(BaseModel):
    rooms: int
    connections: int
    calls: int
    details: list[RoomStats]


@router.get("/stats")
async def webrtc_stats(request: Request, staff: Staff) -> WebrtcStats:
    """Rooms, connections and calls at this moment, on this server."""
    presence: Store = request.app.state.presence
    rooms = presence.rooms() if staff.role == "admin" else presence.rooms_of(staff.id)
    details = [
        RoomStats(
            room_id=room.id,
            participants=len(room.seats),
            connections=sum(seat.online for seat in room.seats),
            waiting=len(room.waiting),
            call_started_at=room.call.started_at if room.call else None,
        )
        for room in rooms
        if room.seats
    ]
    return WebrtcStats(
        rooms=len(details),
        connections=sum(room.connections for room in details),
        calls=sum(room.call_started_at is not None for room in details),
        details=details,
    )
