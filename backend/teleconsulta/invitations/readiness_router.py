"""REST of the test of one's equipment, and of what is in one's way: public, by the personal link's token."""

from __future__ import annotations

import os

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from teleconsulta.invitations import readiness
from teleconsulta.invitations.errors import InvalidLink, LinkExpired, LinkRevoked
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import RateLimited, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.readiness.repository import readiness_out
from teleconsulta.readiness.schemas import ReadinessOut, TestWish, TroubleWish
from teleconsulta.rooms.errors import RoomClosed

router = APIRouter(prefix="/api/readiness", tags=["readiness"])

TESTS = Rate("readiness test", times=20, seconds=600)
TROUBLES = Rate("readiness trouble", times=30, seconds=60)
SAMPLES = Rate("readiness sample", times=24, seconds=600)

SAMPLE_BYTES = 192 * 1024
"""Enough to see 2 Mbit/s on a line of 100 ms, and little enough for a pre-paid plan."""
MOST_UPLOADED = 60 * 1024


class Sample(BaseModel):
    """Something of a size, to measure how long it takes. Nobody looks at it."""

    model_config = ConfigDict(extra="forbid")

    pad: str = Field(max_length=MOST_UPLOADED)


@router.post(
    "/tests",
    status_code=201,
    dependencies=[by_address(TESTS)],
    responses=problems(InvalidLink, LinkExpired, LinkRevoked, RoomClosed, RateLimited, Unavailable),
)
async def keep_test(wish: TestWish, session: Session, request: Request) -> ReadinessOut:
    """Keep the result of a test of camera, microphone, speaker and network; the doctor's agenda shows it."""
    state = request.app.state
    kept = readiness_out(await readiness.keep_test(session, state.tokens, wish, state.clock()))
    state.troubles.told("test", kept.causes)
    return kept


@router.post(
    "/troubles",
    status_code=204,
    dependencies=[by_address(TROUBLES)],
    responses=problems(InvalidLink, LinkExpired, RateLimited, Unavailable),
)
async def keep_trouble(wish: TroubleWish, session: Session, request: Request) -> Response:
    """Say what keeps one from the consultation; the doctor's screens show it at once. For pages that have no socket."""
    state = request.app.state
    await readiness.keep_trouble(session, state.tokens, wish, state.clock())
    state.troubles.told("link", [wish.cause])
    return Response(status_code=204)


@router.get("/sample", response_class=Response, dependencies=[by_address(SAMPLES)], responses=problems(RateLimited))
async def sample() -> Response:
    """Bytes that cannot be made smaller on the way, to measure how fast they arrive."""
    return Response(
        os.urandom(SAMPLE_BYTES), media_type="application/octet-stream", headers={"Cache-Control": "no-store"}
    )


@router.post("/sample", status_code=204, dependencies=[by_address(SAMPLES)], responses=problems(RateLimited))
async def upload(_sample: Sample) -> Response:
    """Takes bytes and forgets them, to measure how fast they leave."""
    return Response(status_code=204)
