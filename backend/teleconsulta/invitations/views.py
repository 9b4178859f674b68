"""From rows to what travels."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from pydantic import TypeAdapter

from teleconsulta.clinic.brand import BrandOut
from teleconsulta.invitations.links import link_to
from teleconsulta.invitations.models import Delivery
from teleconsulta.invitations.repository import Invited
from teleconsulta.invitations.schemas import DeliveryState, InvitationOut, InvitationState, InvitedRole
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.readiness.schemas import ReadinessOut
from teleconsulta.rooms.schemas import Modality, PublicDoctor, RoomPublic

_modality: TypeAdapter[Modality] = TypeAdapter(Modality)
_role: TypeAdapter[InvitedRole] = TypeAdapter(InvitedRole)


def invitation_out(
    settings: Settings,
    tokens: Tokens,
    invited: Invited,
    delivery: Delivery | None,
    now: datetime,
    *,
    owner: bool,
    readiness: ReadinessOut | None = None,
) -> InvitationOut:
    """An invitation as staff see it; the link in it is for the room's owner only."""
    state = state_of(invited, now)
    usable = owner and state == "active"
    sent = delivery is not None and delivery.state == "sent"
    return InvitationOut(
        id=invited.invitation.id,
        participant_id=invited.participant.id,
        name=invited.person.name,
        email=invited.person.email,
        role=role_of(invited),
        link=link_to(settings, tokens, invited.invitation, invited.window.closes_at, invited.person.language)
        if usable
        else None,
        state=state,
        delivery=_delivery_state(delivery),
        delivery_code=delivery.error_code if delivery is not None and not sent else None,
        sent_at=delivery.sent_at if delivery is not None else None,
        opened_at=invited.invitation.opened_at,
        created_at=invited.invitation.created_at,
        readiness=readiness,
    )


def state_of(invited: Invited, now: datetime) -> InvitationState:
    if invited.invitation.revoked_at is not None:
        return "revoked"
    over = invited.room.state == "closed" or invited.window.phase(now) == "over"
    return "expired" if over else "active"


def role_of(invited: Invited) -> InvitedRole:
    return _role.validate_python(invited.participant.role)


def room_public(settings: Settings, invited: Invited, brand: BrandOut | None) -> RoomPublic:
    room, window = invited.room, invited.window
    return RoomPublic(
        id=room.id,
        state="closed" if room.state == "closed" else "open",
        modality=_modality.validate_python(room.modality),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        time_zone=room.time_zone or settings.clinic_zone,
        doctor=PublicDoctor(name=invited.doctor.name, council=invited.doctor.council),
        clinic_name=settings.clinic_name,
        brand=brand,
        demo=room.demo,
    )


def _delivery_state(delivery: Delivery | None) -> DeliveryState:
    if delivery is None or delivery.state == "withdrawn":
        return "none"
    return cast(DeliveryState, delivery.state)
