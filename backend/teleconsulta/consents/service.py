"""Recording who agreed to which text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.auth.identity import ParticipantIdentity
from teleconsulta.consents import repository
from teleconsulta.consents.catalogue import TEXT_ID, text
from teleconsulta.consents.errors import ConsentOutdated, ConsultationOver, SeatRevoked
from teleconsulta.consents.models import Consent
from teleconsulta.consents.schemas import ConsentCreate
from teleconsulta.kernel.addresses import Address
from teleconsulta.kernel.errors import Unauthorized


async def give(
    session: AsyncSession, who: ParticipantIdentity, wish: ConsentCreate, now: datetime, ip: Address
) -> Consent:
    """Record a participant's consent; a repeat of the same one changes nothing.

    Raises:
        ConsentOutdated: it is not the current text of its language.
        SeatRevoked, ConsultationOver, Unauthorized: there is nothing to consent to any more.
    """
    seat = await repository.lock_seat(session, who.participant_id, who.room_id)
    if seat is None:
        raise Unauthorized
    state, revoked = seat
    if revoked:
        raise SeatRevoked
    if state != "open":
        raise ConsultationOver
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


def _says(consent: Consent) -> tuple[str, str | None, str | None, str | None]:
    return consent.sha256, consent.given_by, consent.representative_name, consent.representative_relationship


def _asks(wish: ConsentCreate) -> tuple[str, str | None, str | None, str | None]:
    who = wish.representative
    return wish.sha256, wish.given_by, who.name if who else None, who.relationship if who else None
