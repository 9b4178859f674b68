"""What leaves the record over REST. A doctor takes their own calls out, an admin all; every time is audited."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from teleconsulta import audit
from teleconsulta.audit import Action, Ref
from teleconsulta.auth.identity import Staff
from teleconsulta.calls import accesses
from teleconsulta.kernel.addresses import ClientAddress
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import NotFound, RateLimited, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address
from teleconsulta.records import dossier, keys
from teleconsulta.records.facts import Issuer, gather
from teleconsulta.records.fhir import bundle as fhir
from teleconsulta.records.schemas import DossierKeyOut, DossierKeysOut
from teleconsulta.records.seal import ALGORITHM
from teleconsulta.records.signer import Signer

router = APIRouter(prefix="/api", tags=["records"])

ASKING_FOR_KEYS = Rate("dossier keys", times=60, seconds=60)


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}}, **problems(NotFound)}


@router.get("/calls/{call_id}/dossier", response_class=Response, responses=_file(dossier.MEDIA_TYPE))
async def read_dossier(
    staff: Staff, session: Session, call_id: UUID, request: Request, address: ClientAddress
) -> Response:
    """The record of a call as one signed file (docs/dossier.md); `teleconsulta verify` checks it without a server."""
    settings = request.app.state.settings
    made = await dossier.issue(
        session,
        staff,
        call_id,
        issuer=Issuer.of(settings),
        signer=Signer(settings.secret_key),
        now=request.app.state.clock(),
        actor=staff,
        ip=address,
    )
    return _attachment(made.content, dossier.MEDIA_TYPE, made.name)


@router.get("/calls/{call_id}/fhir", response_class=Response, responses=_file(fhir.MEDIA_TYPE))
async def read_fhir(
    staff: Staff, session: Session, call_id: UUID, request: Request, address: ClientAddress
) -> Response:
    """The record of a call as a FHIR R4 bundle, for the clinic's own system."""
    facts = await gather(session, staff, call_id, Issuer.of(request.app.state.settings))
    content = orjson.dumps(fhir.bundle(facts, request.app.state.clock()))
    details = {"format": "fhir", "sha256": hashlib.sha256(content).hexdigest()}
    target, room_id = Ref("call", call_id), facts.call.room_id
    await audit.record(
        session, Action.CALL_EXPORTED, actor=staff, target=target, room_id=room_id, details=details, ip=address
    )
    await accesses.note(session, staff, "fhir", [call_id])
    return _attachment(content, fhir.MEDIA_TYPE, dossier.file_name(facts, "fhir.json"))


@router.get("/dossier-keys", dependencies=[by_address(ASKING_FOR_KEYS)], responses=problems(RateLimited, Unavailable))
async def dossier_keys(session: Session, request: Request) -> DossierKeysOut:
    """The public keys that dossiers are and were signed with. Public: whoever holds a dossier may check it."""
    signer = Signer(request.app.state.settings.secret_key)
    await keys.publish(session, signer, request.app.state.clock())
    return DossierKeysOut(
        items=[
            DossierKeyOut(key=one.key, algorithm=ALGORITHM, since=one.since, current=one.key == signer.public_hex)
            for one in await keys.published(session)
        ]
    )


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
