"""For who runs the server: is the process alive, can it serve, what does it count."""

from __future__ import annotations

import hmac
from functools import cache
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from teleconsulta.kernel import migrate
from teleconsulta.kernel.addresses import is_direct_loopback
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Forbidden, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.metrics import Metrics
from teleconsulta.kernel.settings import Settings

router = APIRouter(tags=["operation"])

Check = Literal["ok", "failed"]


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """`checks` has `database`, `schema`, and `redis` where it is used; `accepting` fails while the process stops."""

    status: Check
    checks: dict[str, Check]


@router.get("/healthz")
async def healthz() -> Health:
    """The process lives; 200 even while the database is away, or every node would be restarted for nothing."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready."}})
async def readyz(request: Request, response: Response) -> Readiness:
    """Everything needed to serve is there."""
    database: Database = request.app.state.database
    checks: dict[str, Check] = {"database": "failed", "schema": "failed"}
    try:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
            checks["database"] = "ok"
            revision = await session.scalar(text("SELECT version_num FROM alembic_version"))
        if revision == _head():
            checks["schema"] = "ok"
    except (Unavailable, ProgrammingError):
        pass
    checks |= {name: "ok" if good else "failed" for name, good in request.app.state.more_checks().items()}
    ready = all(check == "ok" for check in checks.values())
    if not ready:
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return Readiness(status="ok" if ready else "failed", checks=checks)


@router.get("/metrics", response_class=Response, responses=problems(Forbidden))
async def metrics(request: Request) -> Response:
    """Prometheus text, for this very machine or with `METRICS_TOKEN` as a bearer."""
    settings: Settings = request.app.state.settings
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    known = bool(settings.metrics_token) and hmac.compare_digest(given.encode(), str(settings.metrics_token).encode())
    if not (known or is_direct_loopback(request.scope)):
        raise Forbidden
    counters: Metrics = request.app.state.metrics
    await counters.refresh()
    return Response(counters.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@cache
def _head() -> str:
    return migrate.head()
