"""REST of invitations: the owner's side with a staff token, the public side with nothing but the link."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Doctor
from teleconsulta.clinic import brand as brands
from teleconsulta.clinic.brand import BrandOut
from teleconsulta.consents.catalogue import text
from teleconsulta.consents.schemas import ConsentText
from teleconsulta.invitations import seats, service
from teleconsulta.invitations.errors import (
    InvalidLink,
    InvitationNotFound,
    LinkExpired,
    LinkRevoked,
    NoEmail,
    TooEarly,
)
from teleconsulta.invitations.links import read_link
from teleconsulta.invitations.schemas import (
    InvitationCreate,
    InvitationOut,
    InvitationPreview,
    LinkPush,
    LinkToken,
    Resume,
    SeatConsent,
    SeatOut,
    SeatPerson,
)
from teleconsulta.invitations.seats import Seat
from teleconsulta.invitations.views import invitation_out, role_of, room_public
from teleconsulta.kernel import cookies
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import Forbidden, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.languages import known
from teleconsulta.kernel.limits import Rate, by_address, limits_of
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.notifications import service as push
from teleconsulta.notifications.errors import BadSubscription, TooManyBrowsers
from teleconsulta.rooms.errors import RoomClosed, RoomFull, RoomNotFound
from teleconsulta.turn.service import ice_urls

router = APIRouter(prefix="/api", tags=["invitations"])

PREVIEW = Rate("preview", times=30, seconds=60)
REDEEM = Rate("redeem", times=10, seconds=60)
RESUME = Rate("resume", times=60, seconds=60)
PER_LINK = Rate("redeem link", times=20, seconds=3600)
RESEND = Rate("resend", times=5, seconds=3600)


class Parts:
    """The pieces of the running server that a link needs; from `main`, by way of the request."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.settings: Settings = state.settings
        self.tokens: Tokens = state.tokens
        self.now: datetime = state.clock()


async def _parts(request: Request) -> Parts:
    return Parts(request)  # a class is called in a thread, an async function is not


Running = Annotated[Parts, Depends(_parts)]


@router.post(
    "/rooms/{room_id}/invitations",
    status_code=201,
    responses=problems(
        Unauthorized, SessionEnded, Forbidden, RoomNotFound, RoomFull, RoomClosed, LinkExpired, Unavailable
    ),
)
async def invite(
    room_id: UUID, wish: InvitationCreate, doctor: Doctor, running: Running, session: Session
) -> InvitationOut:
    """Invite one more person to a room of the doctor's own; four with the doctor are the most."""
    invited, delivery = await service.invite(session, running.settings, doctor, room_id, wish, running.now)
    return invitation_out(running.settings, running.tokens, invited, delivery, running.now, owner=True)


@router.post(
    "/invitations/{invitation_id}/resend",
    status_code=202,
    responses=problems(
        Unauthorized,
        SessionEnded,
        Forbidden,
        InvitationNotFound,
        NoEmail,
        LinkRevoked,
        RoomClosed,
        LinkExpired,
        RateLimited,
        Unavailable,
    ),
)
async def resend(
    invitation_id: UUID, doctor: Doctor, running: Running, session: Session, request: Request
) -> InvitationOut:
    """Send the letter again."""
    limits_of(request).spend(RESEND, str(invitation_id))
    invited, delivery = await service.resend(session, running.settings, doctor, invitation_id, running.now)
    return invitation_out(running.settings, running.tokens, invited, delivery, running.now, owner=True)


@router.delete(
    "/invitations/{invitation_id}",
    status_code=204,
    responses=problems(Unauthorized, SessionEnded, Forbidden, InvitationNotFound, Unavailable),
)
async def revoke(invitation_id: UUID, doctor: Doctor, running: Running, session: Session) -> Response:
    """Withdraw a link; who came in by it is put out within a second."""
    await service.revoke(session, doctor, invitation_id, running.now)
    return Response(status_code=204)


@router.post(
    "/invitations/preview",
    dependencies=[by_address(PREVIEW)],
    responses=problems(InvalidLink, LinkExpired, LinkRevoked, RoomClosed, RateLimited, Unavailable),
)
async def preview(wish: LinkToken, running: Running, session: Session) -> InvitationPreview:
    """Who calls, and when. Changes nothing: mail scanners open links, too."""
    invited = await seats.look(session, running.tokens, wish.token, running.now)
    return InvitationPreview(
        room=room_public(running.settings, invited, await brands.shown(session, running.now)),
        role=role_of(invited),
        first_name=invited.person.name.split()[0],
        consent=ConsentText.of(text(known(invited.person.language))),
    )


@router.post(
    "/invitations/push",
    status_code=204,
    dependencies=[by_address(PREVIEW)],
    responses=problems(
        InvalidLink, LinkExpired, LinkRevoked, RoomClosed, BadSubscription, TooManyBrowsers, RateLimited, Unavailable
    ),
)
async def remind_here(wish: LinkPush, running: Running, session: Session, request: Request) -> Response:
    """Remind the owner of this link in this browser, too. The seat is not taken by it."""
    invited = await seats.look(session, running.tokens, wish.token, running.now)
    who, sealer = invited.participant.id, request.app.state.sealer
    await push.subscribe(session, running.settings, sealer, wish.subscription, running.now, participant_id=who)
    return Response(status_code=204)


@router.post(
    "/invitations/redeem",
    dependencies=[by_address(REDEEM)],
    responses=problems(InvalidLink, LinkExpired, LinkRevoked, RoomClosed, TooEarly, RateLimited, Unavailable),
)
async def redeem(
    wish: LinkToken, running: Running, session: Session, request: Request, response: Response, address: ClientAddress
) -> SeatOut:
    """Take the seat of a link. Safe to repeat: on a second device, or after an answer that was lost."""
    link = read_link(running.tokens, wish.token)
    limits_of(request).spend(PER_LINK, str(link.invitation_id))
    seat = await seats.take(session, running.tokens, wish.token, running.now, address)
    return seat_out(running, seat, await brands.shown(session, running.now), request, response)


@router.post(
    "/invitations/resume",
    dependencies=[by_address(RESUME)],
    responses=problems(Unauthorized, LinkExpired, LinkRevoked, RoomClosed, TooEarly, RateLimited, Unavailable),
)
async def resume(wish: Resume, running: Running, session: Session, request: Request, response: Response) -> SeatOut:
    """Back into the seat after a reload, by the cookie that came with it."""
    cookie = request.cookies.get(seats.cookie_name(running.settings, wish.participant_id))
    seat = await seats.come_back(session, running.tokens, wish.participant_id, cookie, running.now)
    return seat_out(running, seat, await brands.shown(session, running.now), request, response)


def seat_out(running: Parts, seat: Seat, brand: BrandOut | None, request: Request, response: Response) -> SeatOut:
    """A seat as its page gets it, with the cookie to come back by."""
    invited = seat.invited
    name = seats.cookie_name(running.settings, invited.participant.id)
    left = max(0, int((seat.resume_until - running.now).total_seconds()))
    cookies.give(request, response, running.settings, name, seat.resume_token, left)
    return SeatOut(
        access_token=seat.access_token,
        expires_in=seat.expires_in,
        room=room_public(running.settings, invited, brand),
        participant=SeatPerson(id=invited.participant.id, name=invited.person.name, role=role_of(invited)),
        consent=SeatConsent(
            given=seat.consented,
            emergency=seat.emergency,
            text=ConsentText.of(text(known(invited.person.language))),
        ),
        ice_urls=ice_urls(running.settings),
    )
