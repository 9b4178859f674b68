"""Puts the application together: the only file that knows every package."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import structlog
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from teleconsulta import __version__
from teleconsulta.admin import accesses
from teleconsulta.admin import router as admin
from teleconsulta.audit.keeper import HeadKeeper
from teleconsulta.auth import factor_router as second_factor
from teleconsulta.auth import router as auth
from teleconsulta.auth import sessions_router as sign_ins
from teleconsulta.auth import users_router as users
from teleconsulta.auth.keeper import SessionKeeper
from teleconsulta.auth.sign_in import SignIn
from teleconsulta.backup.status import BackupWatch
from teleconsulta.calls import router as calls
from teleconsulta.checkup import router as checkup
from teleconsulta.clinic import brand_router as brand
from teleconsulta.clinic import router as clinic
from teleconsulta.consents import router as consents
from teleconsulta.consultations import router as consultations
from teleconsulta.demo import router as demo
from teleconsulta.documents import router as documents
from teleconsulta.documents import signed
from teleconsulta.followup import router as followup
from teleconsulta.incidents import router as incidents
from teleconsulta.invitations import readiness_router as readiness
from teleconsulta.invitations import router as invitations
from teleconsulta.keeping import people_router as people
from teleconsulta.keeping import router as keeping
from teleconsulta.kernel import clock, operation
from teleconsulta.kernel.addresses import networks
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.http import add_handlers
from teleconsulta.kernel.limits import DEMO_FACTOR, Limits
from teleconsulta.kernel.metrics import Metrics
from teleconsulta.kernel.middleware import ApiCors, Door, Outermost
from teleconsulta.kernel.openapi import STYLE, document, page
from teleconsulta.kernel.packing import Packing
from teleconsulta.kernel.pages import Pages
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.kernel.turns import Turns
from teleconsulta.notes import router as notes
from teleconsulta.notifications import router as push
from teleconsulta.notifications.vapid import Vapid
from teleconsulta.records import router as records
from teleconsulta.signaling import protocol, reports, troubles, waiting
from teleconsulta.signaling.app import Signaling
from teleconsulta.signaling.message import Message
from teleconsulta.standing import router as standing
from teleconsulta.stats import router as stats
from teleconsulta.turn import router as turn
from teleconsulta.turn.service import ice_urls
from teleconsulta.watching import Watching
from teleconsulta.webhooks import router as webhooks

STATIC = Path(__file__).resolve().parents[2] / "frontend" / "dist"
LANGUAGES = ("pt-BR", "en", "es")
ROUTERS = (
    operation.router,
    auth.router,
    second_factor.router,
    sign_ins.router,
    users.router,
    clinic.router,
    admin.router,
    consultations.router,
    invitations.router,
    readiness.router,
    consents.router,
    turn.router,
    calls.router,
    records.router,
    notes.router,
    documents.router,
    followup.router,
    standing.router,
    push.router,
    stats.router,
    webhooks.router,
    accesses.router,
    keeping.router,
    people.router,
    incidents.router,
    brand.router,
    checkup.router,
    demo.router,
)

log = structlog.get_logger(__name__)


class RefusedToStart(Exception):
    """The settings are not those of a safe server; the message names the variables, never their values."""


class ConfigOut(BaseModel):
    """What a page needs to know before anybody signs in; `ice_urls` is for the test of a device and its network,
    `clinic_zone` the IANA name of the zone that the clinic keeps its agenda in."""

    version: str
    demo: bool
    clinic_name: str
    clinic_zone: str
    languages: list[Literal["pt-BR", "en", "es"]]
    data_region: str | None
    ice_urls: list[str]


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings; its lifespan runs the listener and the sockets.

    Raises:
        RefusedToStart: a production server would be unsafe.
    """
    settings = settings.with_demo_defaults()
    complaints = settings.complaints()
    if settings.database_url is None:
        complaints.append("DATABASE_URL is missing: `teleconsulta serve` starts a database of its own without it.")
    try:
        trusted = networks(settings.trusted_proxies)
    except ValueError:
        complaints.append("TRUSTED_PROXIES holds something that is neither an address nor a network.")
    try:
        vapid = Vapid.of(settings)
    except ValueError:
        complaints.append("VAPID_PRIVATE_KEY is no key: give 32 bytes in base64url, or leave it out.")
    if complaints or settings.database_url is None:
        raise RefusedToStart("\n".join(complaints))

    app = FastAPI(
        title="Teleconsulta",
        version=__version__,
        description="Video consultations for small clinics. Every refusal is a `Problem` with a stable `code`.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.clock = clock.now
    app.state.database = Database(settings.database_url)
    app.state.tokens = Tokens(settings.secret_key, settings.secret_key_previous, clock=lambda: app.state.clock())
    app.state.vapid = vapid
    app.state.sealer = Sealer(settings.secret_key, settings.secret_key_previous)
    app.state.sign_in = SignIn(
        settings, app.state.database, app.state.tokens, app.state.sealer, lambda: app.state.clock()
    )
    app.state.trusted_networks = trusted
    app.state.limits = Limits(factor=DEMO_FACTOR if settings.demo else 1)
    app.state.metrics = Metrics()
    app.state.watching = Watching(settings, app.state.database, app.state.metrics)
    app.state.troubles = app.state.watching.troubles
    app.state.booking_turns = Turns()
    # The last one added is the outermost.
    app.add_middleware(Packing)
    app.add_middleware(Door, settings=settings, uploads=[signed.UPLOAD])
    app.add_middleware(ApiCors, settings=settings)
    app.add_middleware(Outermost, settings=settings, observe=app.state.metrics.observe)
    add_handlers(app)
    _add_routes(app, settings)
    return app


def _add_routes(app: FastAPI, settings: Settings) -> None:
    # FastAPI builds the routes of an included router a second time, 7 ms each, even when nothing is added: taken as
    # they stand they make a server's first answers quicker, and every test.
    app.router.routes.extend(route for router in ROUTERS for route in router.routes)

    @app.get("/api/config", tags=["operation"])
    async def config() -> ConfigOut:
        """Public facts about this installation."""
        return ConfigOut(
            version=__version__,
            demo=settings.demo,
            clinic_name=settings.clinic_name,
            clinic_zone=settings.clinic_zone,
            languages=list(LANGUAGES),
            data_region=settings.data_region,
            ice_urls=ice_urls(settings),
        )

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        return openapi_document(app)

    @app.get("/api/docs", include_in_schema=False, response_class=HTMLResponse)
    async def docs() -> str:
        return page(openapi_document(app))

    @app.get("/api/docs.css", include_in_schema=False)
    async def docs_style() -> Response:
        return Response(STYLE, media_type="text/css")

    state, watching = app.state, app.state.watching
    counted = (state.metrics.registry, watching.troubles, watching.forwarder.tell)
    Signaling(settings, state.database, state.tokens, lambda: state.clock(), *counted).mount(app)
    pages = Pages(settings.static_dir or STATIC)
    app.mount("/", pages, name="pages")


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of the REST interface, with the models of the socket messages."""
    if app.openapi_schema is None:
        messages = [
            model
            for model in (vars(protocol) | vars(reports) | vars(troubles) | vars(waiting)).values()
            if isinstance(model, type) and issubclass(model, Message) and model is not Message
        ]
        app.openapi_schema = document(app, messages)
    return app.openapi_schema


def sessions_in_rooms(app: FastAPI) -> set[UUID]:
    """The staff sessions that have a socket in a consultation at this moment."""
    signaling: Signaling = app.state.signaling
    return {one.session_id for one in signaling.sockets if one.session_id is not None and one.room_id is not None}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts what runs beside the requests; a database that is away does not keep the process from living."""
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.state.database.close)
        keeper = HeadKeeper(app.state.database, settings.var_dir)
        keeper.start()
        stack.push_async_callback(keeper.stop)
        sessions = SessionKeeper(app.state.database, lambda: sessions_in_rooms(app), lambda: app.state.clock())
        sessions.start()
        stack.push_async_callback(sessions.stop)
        backups = BackupWatch(settings, app.state.metrics.registry)
        backups.start()
        stack.push_async_callback(backups.stop)
        app.state.watching.start()
        stack.push_async_callback(app.state.watching.stop)
        await app.state.signaling.start()
        stack.push_async_callback(app.state.signaling.drain)
        log.info("server_started", version=__version__, demo=settings.demo)
        yield
        log.info("server_stopping")
