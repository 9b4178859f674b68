"""REST of the demonstration; without `DEMO` nothing here exists."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request

from teleconsulta.auth.demo import ADMIN, DOCTOR, demo_password
from teleconsulta.demo import service
from teleconsulta.demo.schemas import DemoOut, DemoSeat, DemoSeatCreate, OutboxMail, OutboxMailFull
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import NotFound, RateLimited, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.mail.outbox import letter, letters
from teleconsulta.mail.service import outbox_folder

SEATS = Rate("demo seats", times=20, seconds=60)
READS = Rate("demo", times=120, seconds=60)


async def only_in_a_demonstration(request: Request) -> None:
    if not request.app.state.settings.demo:
        raise NotFound


router = APIRouter(
    prefix="/api/demo", tags=["demo"], dependencies=[Depends(only_in_a_demonstration)], responses=problems(NotFound)
)


@router.get("", dependencies=[by_address(READS)], responses=problems(NotFound, RateLimited))
async def demo(request: Request) -> DemoOut:
    """The accounts of the demonstration and the letters it has written."""
    settings = request.app.state.settings
    found = await asyncio.to_thread(letters, outbox_folder(settings))
    return DemoOut(
        doctor_email=DOCTOR.email,
        admin_email=ADMIN.email,
        password=await asyncio.to_thread(demo_password, settings),
        outbox=[OutboxMail.of(one) for one in found],
    )


@router.get("/outbox/{mail_id}", dependencies=[by_address(READS)], responses=problems(NotFound, RateLimited))
async def outbox_mail(mail_id: str, request: Request) -> OutboxMailFull:
    """One letter."""
    found = await asyncio.to_thread(letter, outbox_folder(request.app.state.settings), mail_id)
    if found is None:
        raise NotFound
    return OutboxMailFull.of(found)


@router.post(
    "/seats",
    status_code=201,
    dependencies=[by_address(SEATS)],
    responses=problems(NotFound, RateLimited, Unavailable),
)
async def take_seat(wish: DemoSeatCreate, request: Request, session: Session, address: ClientAddress) -> DemoSeat:
    """A seat in a throw-away consultation, beside whoever is waiting for one of this role."""
    state = request.app.state
    return await service.take_seat(
        session, state.settings, state.tokens, state.presence, wish.role, state.clock(), address
    )
