"""REST of standing rooms: the doctor's switch, and the public side with nothing but the address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.clinic import brand as brands
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.errors import ConsentOutdated
from teleconsulta.consents.schemas import ConsentText
from teleconsulta.invitations.router import Running, seat_out
from teleconsulta.invitations.schemas import SeatOut
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.languages import DEFAULT, Language
from teleconsulta.kernel.limits import Rate, by_address, limits_of
from teleconsulta.rooms.schemas import PublicDoctor
from teleconsulta.standing import service
from teleconsulta.standing.errors import QueueFull, StandingRoomClosed
from teleconsulta.standing.schemas import OwnStandingRoom, StandingRoomOut, Switch, Visit
from teleconsulta.turn.service import ice_urls

router = APIRouter(prefix="/api", tags=["standing rooms"])

LOOKING = Rate("standing room", times=30, seconds=60)
VISITING = Rate("walk in", times=6, seconds=600)
PER_DOCTOR = Rate("walk in doctor", times=60, seconds=3600)

Slug = Annotated[str, Path(max_length=120)]


@router.get("/users/me/standing-room", responses=problems(Unauthorized, SessionEnded, Forbidden, Unavailable))
async def own_standing_room(doctor: Doctor, running: Running, session: Session) -> OwnStandingRoom:
    """The doctor's own address for people without an appointment, and whether it is open."""
    return await service.own(session, running.settings, doctor, running.now)


@router.put("/users/me/standing-room", responses=problems(Unauthorized, SessionEnded, Forbidden, Unavailable))
async def switch_standing_room(wish: Switch, doctor: Doctor, running: Running, session: Session) -> OwnStandingRoom:
    """Open it, for twelve hours at most, or close it; who waits already goes on waiting."""
    return await service.switch(session, running.settings, doctor, wish.open, running.now)


@router.get("/standing-rooms/{slug}", dependencies=[by_address(LOOKING)], responses=problems(RateLimited, Unavailable))
async def standing_room(
    slug: Slug, running: Running, session: Session, language: Language = DEFAULT
) -> StandingRoomOut:
    """Whether somebody is received at this address now. Closed and unknown ones look the same. Changes nothing."""
    settings = running.settings
    try:
        user = await service.doctor_at(session, slug, running.now)
        doctor = PublicDoctor(name=user.name, council=user.council)
    except StandingRoomClosed:
        doctor = None
    return StandingRoomOut(
        open=doctor is not None,
        clinic_name=settings.clinic_name,
        doctor=doctor,
        consent=ConsentText.of(text(language)),
        ice_urls=ice_urls(settings) if doctor else [],
    )


@router.post(
    "/standing-rooms/{slug}/visits",
    status_code=201,
    dependencies=[by_address(VISITING)],
    responses=problems(StandingRoomClosed, QueueFull, ConsentOutdated, RateLimited, Unavailable),
)
async def visit(
    slug: Slug,
    wish: Visit,
    running: Running,
    session: Session,
    request: Request,
    response: Response,
    address: ClientAddress,
) -> SeatOut:
    """Come in without an appointment: a consultation of one's own, and the seat in it."""
    limits_of(request).spend(PER_DOCTOR, slug)
    store = request.app.state.presence
    seat = await service.visit(session, running.settings, running.tokens, store, slug, wish, running.now, address)
    return seat_out(running, seat, await brands.shown(session, running.now), request, response)
