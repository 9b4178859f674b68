"""REST of the profiles: everybody reads the clinic's, the admin writes it; a doctor's is theirs and the admin's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin, Doctor
from teleconsulta.clinic import repository, service
from teleconsulta.clinic.schemas import ClinicOut, ClinicWish, DoctorProfileOut, DoctorProfileWish
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address

router = APIRouter(prefix="/api")

READ_CLINIC = Rate("read clinic", times=60, seconds=60)


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Now = Annotated[Clock, Depends(_clock)]


@router.get("/clinic", tags=["clinic"], dependencies=[by_address(READ_CLINIC)], responses=problems(RateLimited))
async def read_clinic(session: Session, now: Now) -> ClinicOut:
    """The clinic as the law wants it named; what nobody has filled in yet is null."""
    return ClinicOut.of(await repository.clinic(session, now()))


@router.put("/clinic", tags=["clinic"], responses=problems(Unauthorized, SessionEnded, Forbidden, Invalid, Unavailable))
async def change_clinic(wish: ClinicWish, admin: Admin, session: Session, now: Now) -> ClinicOut:
    """Replace the clinic's profile."""
    return ClinicOut.of(await service.change_clinic(session, admin, wish, now()))


@router.get("/users/me/profile", tags=["users"], responses=problems(Unauthorized, SessionEnded, Forbidden, Unavailable))
async def read_own_profile(doctor: Doctor, session: Session, now: Now) -> DoctorProfileOut:
    """The doctor as documents name them."""
    return DoctorProfileOut.of(*await service.doctor_profile(session, doctor.id, now()))


@router.put(
    "/users/me/profile",
    tags=["users"],
    responses=problems(Unauthorized, SessionEnded, Forbidden, Invalid, Unavailable),
)
async def change_own_profile(wish: DoctorProfileWish, doctor: Doctor, session: Session, now: Now) -> DoctorProfileOut:
    """Replace the doctor's own profile; documents issued before stay as they are."""
    return DoctorProfileOut.of(*await service.change_doctor_profile(session, doctor, doctor.id, wish, now()))


@router.get(
    "/users/{user_id}/profile",
    tags=["users"],
    responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound, Unavailable),
)
async def read_profile(user_id: UUID, admin: Admin, session: Session, now: Now) -> DoctorProfileOut:
    """A doctor's profile, for an admin."""
    return DoctorProfileOut.of(*await service.doctor_profile(session, user_id, now()))


@router.put(
    "/users/{user_id}/profile",
    tags=["users"],
    responses=problems(Unauthorized, SessionEnded, Forbidden, NotFound, Invalid, Unavailable),
)
async def change_profile(
    user_id: UUID, wish: DoctorProfileWish, admin: Admin, session: Session, now: Now
) -> DoctorProfileOut:
    """Replace a doctor's profile, for an admin."""
    return DoctorProfileOut.of(*await service.change_doctor_profile(session, admin, user_id, wish, now()))
