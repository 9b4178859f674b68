"""REST of consent."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor, Participant
from teleconsulta.consents import service
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.errors import (
    AlreadyAuthorised,
    ConsentOutdated,
    ConsultationOver,
    NoSuchPatient,
    OnlyForThePatient,
    SeatRevoked,
)
from teleconsulta.consents.schemas import ConsentCreate, ConsentOut, ConsentText, OverrideCreate, OverrideOut
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, RateLimited, TokenExpired, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.languages import DEFAULT, Language
from teleconsulta.kernel.limits import Rate, by_address

router = APIRouter(prefix="/api/consents", tags=["consents"])

GIVING = Rate("consent", times=60, seconds=60)


@router.get("/text")
async def consent_text(language: Language = DEFAULT) -> ConsentText:
    """The current text in one language. Public: it may be read before the link is opened."""
    return ConsentText.of(text(language))


@router.post(
    "",
    status_code=201,
    dependencies=[by_address(GIVING)],
    responses=problems(
        Unauthorized,
        TokenExpired,
        Forbidden,
        ConsentOutdated,
        OnlyForThePatient,
        SeatRevoked,
        ConsultationOver,
        RateLimited,
        Unavailable,
    ),
)
async def give_consent(
    wish: ConsentCreate, participant: Participant, session: Session, request: Request, address: ClientAddress
) -> ConsentOut:
    """Agree to the current text. Without this nobody is let in. Repeating it gives the same answer."""
    consent = await service.give(session, participant, wish, request.app.state.clock(), address)
    return ConsentOut.of(consent)


@router.post(
    "/withdraw",
    status_code=204,
    dependencies=[by_address(GIVING)],
    responses=problems(Unauthorized, TokenExpired, Forbidden, SeatRevoked, ConsultationOver, RateLimited, Unavailable),
)
async def withdraw_consent(
    participant: Participant, session: Session, request: Request, address: ClientAddress
) -> Response:
    """Take the agreement back, before the consultation or within it: whoever is in the room is put out within a second.

    What was done until then stays on record. To come again, one agrees again and waits to be let in. Safe to repeat.
    """
    await service.withdraw(session, participant, request.app.state.clock(), address)
    return Response(status_code=204)


@router.post(
    "/overrides",
    status_code=201,
    responses=problems(
        Unauthorized,
        SessionEnded,
        Forbidden,
        NoSuchPatient,
        OnlyForThePatient,
        AlreadyAuthorised,
        SeatRevoked,
        ConsultationOver,
        Unavailable,
    ),
)
async def override_consent(
    wish: OverrideCreate, doctor: Doctor, session: Session, request: Request, address: ClientAddress
) -> OverrideOut:
    """In an emergency: let the patient of a room of the doctor's own come in without an agreement.

    The reason goes on record, its hash into the audit log. The patient still comes by their link, and is let in as
    everybody is."""
    return OverrideOut.of(await service.override(session, doctor, wish, request.app.state.clock(), address))
