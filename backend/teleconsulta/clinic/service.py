"""Changing the profiles. The audit log keeps which fields were changed, never what they say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.auth.models import User
from teleconsulta.clinic import repository
from teleconsulta.clinic.models import ClinicProfile, DoctorProfile
from teleconsulta.clinic.schemas import ClinicWish, DoctorProfileWish
from teleconsulta.clinic.values import council
from teleconsulta.kernel.errors import NotFound


async def change_clinic(session: AsyncSession, admin: StaffIdentity, wish: ClinicWish, now: datetime) -> ClinicProfile:
    """The profile as the wish has it, whole."""
    profile = await repository.clinic_for_change(session, now)
    changed = _apply(profile, wish)
    profile.updated_at = now
    await audit.record(session, Action.CLINIC_CHANGED, actor=admin, details={"fields": changed})
    return profile


async def doctor_profile(session: AsyncSession, user_id: UUID, now: datetime) -> tuple[User, DoctorProfile]:
    """Raises:
    NotFound: no such user, or no doctor.
    """
    found = await repository.doctor(session, user_id, now)
    if found is None:
        raise NotFound
    return found


async def change_doctor_profile(
    session: AsyncSession, actor: StaffIdentity, user_id: UUID, wish: DoctorProfileWish, now: datetime
) -> tuple[User, DoctorProfile]:
    """The profile as the wish has it, whole; name and council are the user's own, so everybody sees them at once.

    Raises:
        NotFound: no such user, or no doctor.
    """
    found = await repository.doctor_for_change(session, user_id, now)
    if found is None:
        raise NotFound
    user, profile = found
    changed = _apply(profile, wish, without={"display_name", "crm_number", "crm_uf"})
    written = council(wish.crm_number, wish.crm_uf) if wish.crm_number and wish.crm_uf else None
    if user.name != wish.display_name:
        changed.append("display_name")
    if user.council != written:
        changed.append("crm_number")
    user.name, user.council, profile.updated_at = wish.display_name, written, now
    await audit.record(session, Action.PROFILE_CHANGED, actor=actor, target=user, details={"fields": changed})
    return user, profile


def _apply(profile: ClinicProfile | DoctorProfile, wish: BaseModel, *, without: set[str] | None = None) -> list[str]:
    """Set what differs; the names of it."""
    changed = []
    for name in type(wish).model_fields.keys() - (without or set()):
        value = getattr(wish, name)
        if getattr(profile, name) != value:
            setattr(profile, name, value)
            changed.append(name)
    return sorted(changed)
