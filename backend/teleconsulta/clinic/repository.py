"""Every query over the two profiles. What nobody has filled in yet is there, empty, and not stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import User
from teleconsulta.clinic.models import DEFAULT_ZONE, ClinicProfile, DoctorProfile

_ONLY = 1


async def clinic(session: AsyncSession, now: datetime) -> ClinicProfile:
    """The clinic's profile, to be read; an empty one belongs to no session."""
    found = await session.get(ClinicProfile, _ONLY)
    return found or ClinicProfile(id=_ONLY, time_zone=DEFAULT_ZONE, updated_at=now)


async def clinic_for_change(session: AsyncSession, now: datetime) -> ClinicProfile:
    """The clinic's profile, stored and locked."""
    empty = {"id": _ONLY, "time_zone": DEFAULT_ZONE, "updated_at": now}
    await session.execute(insert(ClinicProfile).values(**empty).on_conflict_do_nothing())
    query = select(ClinicProfile).where(ClinicProfile.id == _ONLY).with_for_update()
    return (await session.scalars(query)).one()


async def doctor(session: AsyncSession, user_id: UUID, now: datetime) -> tuple[User, DoctorProfile] | None:
    """A doctor and their profile, to be read; None for everybody else."""
    user = await session.scalar(_doctors(user_id))
    if user is None:
        return None
    profile = await session.get(DoctorProfile, user_id)
    return user, profile or DoctorProfile(user_id=user_id, rqe=[], updated_at=now)


async def doctor_for_change(session: AsyncSession, user_id: UUID, now: datetime) -> tuple[User, DoctorProfile] | None:
    """A doctor, locked, and their profile, stored; None for everybody else."""
    user = await session.scalar(_doctors(user_id).with_for_update())
    if user is None:
        return None
    empty = {"user_id": user_id, "rqe": [], "updated_at": now}
    await session.execute(insert(DoctorProfile).values(**empty).on_conflict_do_nothing())
    return user, await session.get_one(DoctorProfile, user_id)


def _doctors(user_id: UUID) -> Select[User]:
    return select(User).where(User.id == user_id, User.role == "doctor")
