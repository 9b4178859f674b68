"""REST of consent."""

from __future__ import annotations

from fastapi import APIRouter, Request

from teleconsulta.auth.identity import Participant
from teleconsulta.consents import service
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.errors import ConsentOutdated, ConsultationOver, SeatRevoked
from teleconsulta.consents.schemas import ConsentCreate, ConsentOut, ConsentText
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
        Unauthorized, TokenExpired, Forbidden, ConsentOutdated, SeatRevoked, ConsultationOver, RateLimited, Unavailable
    ),
)
async def give_consent(
    wish: ConsentCreate, participant: Participant, session: Session, request: Request, address: ClientAddress
) -> ConsentOut:
    """Agree to the current text. Without this nobody is let in. Repeating it gives the same answer."""
    consent = await service.give(session, participant, wish, request.app.state.clock(), address)
    return ConsentOut.of(consent)
