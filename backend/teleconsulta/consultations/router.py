"""REST of consultations (`/api/rooms`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor, Staff
from teleconsulta.consultations import service
from teleconsulta.consultations.schemas import RoomClose, RoomCreate, RoomOut, RoomPatch
from teleconsulta.consultations.views import rooms_out
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, limits_of
from teleconsulta.kernel.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.kernel.turns import in_turn
from teleconsulta.rooms import repository as rooms
from teleconsulta.rooms.errors import InThePast, RoomClosed, RoomNotFound, SlotTaken

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

OPENING = Rate("open room", times=300, seconds=3600)


class Parts:
    """The pieces of the running server that a consultation needs; from `main`, by way of the request."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.settings: Settings = state.settings
        self.tokens: Tokens = state.tokens
        self.now: datetime = state.clock()


async def _parts(request: Request) -> Parts:
    return Parts(request)  # a class is called in a thread, an async function is not


Running = Annotated[Parts, Depends(_parts)]
StateFilter = Annotated[Literal["open", "closed"] | None, Query()]
Since = Annotated[AwareDatetime | None, Query(alias="from", description="Booked to start at or after.")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="Booked to start before.")]


@router.post(
    "",
    status_code=201,
    dependencies=[in_turn],
    responses=problems(Unauthorized, SessionEnded, Forbidden, SlotTaken, Invalid, InThePast, RateLimited, Unavailable),
)
async def open_room(wish: RoomCreate, doctor: Doctor, running: Running, session: Session, request: Request) -> RoomOut:
    """Open a consultation, now or at a time; the patient's e-mail leaves when this has been stored."""
    limits_of(request).spend(OPENING, str(doctor.id))
    row = await service.open_room(session, running.settings, doctor, wish, running.now)
    return (await rooms_out(session, running.settings, running.tokens, [row], running.now, reader=doctor.id))[0]


@router.get("", responses=problems(Unauthorized, SessionEnded, Forbidden, Invalid, Unavailable))
async def list_rooms(
    staff: Staff,
    running: Running,
    session: Session,
    state: StateFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RoomOut]:
    """The doctor's own consultations, or everybody's for an admin; the last opened first."""
    filters = rooms.Filters(state, since, until)
    rows, mark = await rooms.page(session, staff, filters, limit, _mark(cursor))
    items = await rooms_out(session, running.settings, running.tokens, rows, running.now, reader=staff.id)
    following = encode_cursor(mark[0].isoformat(), str(mark[1])) if mark else None
    return Page(items=items, next_cursor=following)


@router.get("/{room_id}", responses=problems(Unauthorized, SessionEnded, Forbidden, RoomNotFound, Unavailable))
async def read_room(room_id: UUID, staff: Staff, running: Running, session: Session) -> RoomOut:
    """One consultation."""
    row = await rooms.find(session, staff, room_id)
    return (await rooms_out(session, running.settings, running.tokens, [row], running.now, reader=staff.id))[0]


@router.patch(
    "/{room_id}",
    dependencies=[in_turn],
    responses=problems(
        Unauthorized, SessionEnded, Forbidden, RoomNotFound, RoomClosed, SlotTaken, Invalid, InThePast, Unavailable
    ),
)
async def move_room(room_id: UUID, wish: RoomPatch, doctor: Doctor, running: Running, session: Session) -> RoomOut:
    """Move a consultation: new links are sent, the old ones die."""
    row = await service.move(session, running.settings, doctor, room_id, wish, running.now)
    return (await rooms_out(session, running.settings, running.tokens, [row], running.now, reader=doctor.id))[0]


@router.post(
    "/{room_id}/phone",
    responses=problems(Unauthorized, SessionEnded, Forbidden, RoomNotFound, RoomClosed, Unavailable),
)
async def by_phone(room_id: UUID, doctor: Doctor, running: Running, session: Session) -> RoomOut:
    """Go on by telephone: the record says so and since when, and whoever is in the room is told. The room stays open
    until it is closed, for which `converted_to_phone` is the outcome then. A repeat changes nothing."""
    row = await service.by_phone(session, doctor, room_id, running.now)
    return (await rooms_out(session, running.settings, running.tokens, [row], running.now, reader=doctor.id))[0]


@router.post(
    "/{room_id}/close",
    responses=problems(Unauthorized, SessionEnded, Forbidden, RoomNotFound, RoomClosed, Unavailable),
)
async def close_room(room_id: UUID, wish: RoomClose, doctor: Doctor, running: Running, session: Session) -> RoomOut:
    """Close a consultation with its outcome; a call that is running ends. Before its time this cancels it: whoever
    was told of the time is told so."""
    row = await service.close(session, running.settings, doctor, room_id, wish, running.now)
    return (await rooms_out(session, running.settings, running.tokens, [row], running.now, reader=doctor.id))[0]


def _mark(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    made_at, room_id = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(made_at), UUID(room_id)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.") from error
