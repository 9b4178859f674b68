"""REST of the examination: for administrators, and for the examination itself when it comes from outside."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel

from teleconsulta import __version__, audit
from teleconsulta.audit import Action
from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.checkup.examination import examine
from teleconsulta.checkup.installation import here
from teleconsulta.checkup.report import State, wrong
from teleconsulta.checkup.seen import Seen
from teleconsulta.checkup.words import said
from teleconsulta.kernel.addresses import FORWARDING, ClientAddress
from teleconsulta.kernel.errors import Conflict, Forbidden, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.files import file_limit
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.languages import Language
from teleconsulta.kernel.limits import Rate, by_address, limits_of

router = APIRouter(prefix="/api/checkup", tags=["operation"])

RUNS = Rate("checkup", times=6, seconds=60)
SEEN = Rate("checkup seen", times=60, seconds=60)


class CheckupBusy(Conflict):
    code, detail = "checkup_busy", "An examination is still going on."


class CheckupWish(BaseModel):
    """`language` is what the answer is written in."""

    language: Language


class CheckupLine(BaseModel):
    """`title` is what was looked at, `finding` what is so, `remedy` what to do about it; in the language asked for."""

    id: str
    state: State
    title: str
    finding: str
    remedy: str | None


class CheckupOut(BaseModel):
    """`seconds` is how long it took; `wrong` and `warnings` count lines."""

    at: datetime
    seconds: float
    wrong: int
    warnings: int
    lines: list[CheckupLine]


@router.post(
    "",
    responses=problems(Unauthorized, SessionEnded, Forbidden, CheckupBusy, RateLimited, Unavailable),
)
async def run(request: Request, wish: CheckupWish, admin: Admin, address: ClientAddress) -> CheckupOut:
    """Examine this installation from this server, as `teleconsulta check` does. Takes seconds; one at a time."""
    state = request.app.state
    limits_of(request).spend(RUNS, str(admin.id))
    if getattr(state, "checkup_runs", False):
        raise CheckupBusy
    state.checkup_runs = True
    try:
        begun_at, begun = state.clock(), time.monotonic()
        # Written before the examination: a transaction does not stay open over seconds of waiting for others.
        async with state.database.session() as session:
            await audit.record(session, Action.CHECKUP_RUN, actor=admin, ip=address)
        lines = await examine(here(state.settings, state.clock))
    finally:
        state.checkup_runs = False
    return CheckupOut(
        at=begun_at,
        seconds=round(time.monotonic() - begun, 1),
        wrong=wrong(lines),
        warnings=sum(line.state == "warning" for line in lines),
        lines=[CheckupLine(id=line.id, state=line.state, **said(line, wish.language)._asdict()) for line in lines],
    )


@router.get("/seen", dependencies=[by_address(SEEN)], include_in_schema=False)
async def seen(request: Request, authorization: Annotated[str, Header()] = "") -> Seen:
    """How this server sees the caller, told to whoever has its key: an examination from outside.

    Raises:
        Unauthorized, TokenExpired: it is not our key's token.
    """
    request.app.state.tokens.read(authorization.removeprefix("Bearer "), "checkup")
    peer = request.client.host if request.client else "unknown"
    forwarded = any(name in FORWARDING for name, _ in request.scope["headers"])
    return Seen(version=__version__, peer=peer, forwarded=forwarded, open_files=file_limit())
