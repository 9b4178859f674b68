"""REST of Web Push for the clinic's own people."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, Invalid, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, limits_of
from teleconsulta.notifications import service
from teleconsulta.notifications.errors import BadSubscription, TooManyBrowsers
from teleconsulta.notifications.schemas import PushKeyOut, PushSubscribe, PushUnsubscribe
from teleconsulta.notifications.vapid import Vapid

router = APIRouter(prefix="/api/push", tags=["notifications"])

TRYING = Rate("push test", times=5, seconds=60)


@router.get("/key")
async def push_key(request: Request) -> PushKeyOut:
    """The key that browsers subscribe with. Public, as the browser's own question about it is."""
    vapid: Vapid = request.app.state.vapid
    return PushKeyOut(public_key=vapid.public_key)


@router.put(
    "/subscription",
    status_code=204,
    responses=problems(Unauthorized, SessionEnded, Forbidden, BadSubscription, TooManyBrowsers, Invalid, Unavailable),
)
async def subscribe(wish: PushSubscribe, doctor: Doctor, session: Session, request: Request) -> Response:
    """Tell this browser when somebody comes."""
    state = request.app.state
    await service.subscribe(session, state.settings, state.sealer, wish, state.clock(), user_id=doctor.id)
    return Response(status_code=204)


@router.post(
    "/unsubscribe",
    status_code=204,
    responses=problems(Unauthorized, SessionEnded, Forbidden, Invalid, Unavailable),
)
async def unsubscribe(wish: PushUnsubscribe, doctor: Doctor, session: Session) -> Response:
    """Tell this browser nothing any more. A browser that is not told is no mistake."""
    await service.unsubscribe(session, doctor.id, wish.endpoint)
    return Response(status_code=204)


@router.post(
    "/test", status_code=202, responses=problems(Unauthorized, SessionEnded, Forbidden, RateLimited, Unavailable)
)
async def test_push(doctor: Doctor, session: Session, request: Request) -> Response:
    """Send a message to each of the doctor's own browsers, to see that it comes."""
    limits_of(request).spend(TRYING, str(doctor.id))
    await service.tell_user(session, doctor.id, "test", request.app.state.clock())
    return Response(status_code=202)
