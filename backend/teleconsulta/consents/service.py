"""Recording who agreed to which text, who took it back, and when a doctor did not wait for it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import ParticipantIdentity, StaffIdentity
from teleconsulta.consents import repository
from teleconsulta.consents.catalogue import TEXT_ID, text
from teleconsulta.consents.errors import (
    AlreadyAuthorised,
    ConsentOutdated,
    ConsultationOver,
    NoSuchPatient,
    OnlyForThePatient,
    SeatRevoked,
)
from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.consents.repository import Seat
from teleconsulta.consents.schemas import ConsentCreate, OverrideCreate
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.errors import Unauthorized


async def give(
    session: AsyncSession, who: ParticipantIdentity, wish: ConsentCreate, now: datetime, ip: Address
) -> Consent:
    """Record a participant's consent; a repeat of the same one changes nothing.

    Raises:
        ConsentOutdated: it is not the current text of its language.
        OnlyForThePatient: a companion or interpreter is not represented by anybody.
        SeatRevoked, ConsultationOver, Unauthorized: there is nothing to consent to any more.
    """
    seat = await _open_seat(session, who)
    if wish.given_by == "representative" and seat.role != "patient":
        raise OnlyForThePatient
    current = text(wish.language)
    if (wish.version, wish.sha256) != (current.version, current.sha256):
        raise ConsentOutdated(version=current.version, sha256=current.sha256)
    known = await repository.given(session, who.participant_id)
    if known is not None and _says(known) == _asks(wish):
        return known
    consent = Consent(
        room_id=who.room_id,
        participant_id=who.participant_id,
        text_id=TEXT_ID,
        version=wish.version,
        language=wish.language,
        sha256=wish.sha256,
        given_by=wish.given_by,
        representative_name=wish.representative.name if wish.representative else None,
        representative_relationship=wish.representative.relationship if wish.representative else None,
        device=wish.device,
        given_at=now,
        withdrawn_at=None,
    )
    session.add(consent)
    await session.flush()
    details = {"version": wish.version, "sha256": wish.sha256, "language": wish.language, "given_by": wish.given_by}
    await record(session, Action.CONSENT_GIVEN, actor=who, target=consent, room_id=who.room_id, details=details, ip=ip)
    return consent


async def withdraw(session: AsyncSession, who: ParticipantIdentity, now: datetime, ip: Address) -> None:
    """Take back every agreement of a participant, and end a doctor's override: nothing authorises them any more.

    Whoever sits in the room is put out within a second, and waits anew after agreeing anew. What was done until now
    stays on record. A repeat changes nothing.

    Raises:
        SeatRevoked, ConsultationOver, Unauthorized: there is nothing to withdraw any more.
    """
    await _open_seat(session, who)
    standing = await repository.standing_consents(session, who.participant_id)
    waived = await repository.override(session, who.participant_id)
    if not standing and waived is None:
        return
    for consent in standing:
        consent.withdrawn_at = now
    if waived is not None:
        waived.ended_at = now
    await session.flush()
    await repository.forget_admission(session, who.participant_id)
    target = standing[0] if standing else waived
    await record(session, Action.CONSENT_WITHDRAWN, actor=who, target=target, room_id=who.room_id, ip=ip)
    await announce(session, "consent_withdrawn", participant_id=who.participant_id, room_id=who.room_id)


async def override(
    session: AsyncSession, doctor: StaffIdentity, wish: OverrideCreate, now: datetime, ip: Address
) -> ConsentOverride:
    """Let a patient come who cannot agree, in an emergency (CFM 2.314/2022, art. 15). A repeat gives the same answer.

    Raises:
        NoSuchPatient: not a seat in a room of this doctor's.
        OnlyForThePatient, SeatRevoked, ConsultationOver.
        AlreadyAuthorised: they have agreed.
    """
    seat = await repository.lock_seat_of_own_room(session, wish.participant_id, doctor.id)
    if seat is None:
        raise NoSuchPatient
    if seat.role != "patient":
        raise OnlyForThePatient
    _still_there(seat)
    if await repository.given(session, seat.id) is not None:
        raise AlreadyAuthorised
    known = await repository.override(session, seat.id)
    if known is not None:
        return known
    made = ConsentOverride(
        room_id=seat.room_id,
        participant_id=seat.id,
        doctor_id=doctor.id,
        reason=wish.reason,
        made_at=now,
        ended_at=None,
    )
    session.add(made)
    await session.flush()
    # The reason is clinical: the record keeps what it says, and the log by its hash that it was said.
    details = {"participant_id": str(seat.id), "reason_sha256": sha256(wish.reason.encode()).hexdigest()}
    await record(
        session, Action.CONSENT_OVERRIDDEN, actor=doctor, target=made, room_id=seat.room_id, details=details, ip=ip
    )
    return made


async def _open_seat(session: AsyncSession, who: ParticipantIdentity) -> Seat:
    seat = await repository.lock_seat(session, who.participant_id, who.room_id)
    if seat is None:
        raise Unauthorized
    _still_there(seat)
    return seat


def _still_there(seat: Seat) -> None:
    if seat.revoked:
        raise SeatRevoked
    if not seat.room_open:
        raise ConsultationOver


def _says(consent: Consent) -> tuple[str, str | None, str | None, str | None]:
    return consent.sha256, consent.given_by, consent.representative_name, consent.representative_relationship


def _asks(wish: ConsentCreate) -> tuple[str, str | None, str | None, str | None]:
    who = wish.representative
    return wish.sha256, wish.given_by, who.name if who else None, who.relationship if who else None
