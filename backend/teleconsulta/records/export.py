"""Taking out every call of a period into a folder, from the server's own command line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.calls import accesses, export, history
from teleconsulta.calls.history import Filters
from teleconsulta.calls.schemas import CallsFile, CallSummary
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.settings import Settings
from teleconsulta.records import dossier
from teleconsulta.records.facts import Issuer, gather
from teleconsulta.records.fhir.bundle import bundle
from teleconsulta.records.signer import Signer

Kind = Literal["csv", "json", "dossier", "fhir"]
KINDS: tuple[Kind, ...] = ("csv", "json", "dossier", "fhir")


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever sits at the server's command line sees every call."""

    id: UUID
    role: str = "admin"


OPERATOR = Operator(UUID(int=0))


def prepare(folder: Path) -> None:
    """Make an empty folder that only the account that runs this may enter.

    Raises:
        FileExistsError: there is something in it already.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def write(
    session: AsyncSession, settings: Settings, folder: Path, kinds: Collection[Kind], wanted: Filters, clock: Clock
) -> int:
    """Write files of these kinds for every call that fits, and put it on the audit log. How many calls.

    The files are not to outlive a transaction that fails: then nobody would know that they were taken out.
    """
    calls = [call async for call in history.every(session, OPERATOR, wanted)]
    details = {"items": len(calls), "format": ",".join(kind for kind in KINDS if kind in kinds), "by": "command"}
    await record(session, Action.CALLS_EXPORTED, details=details)
    for kind in kinds:
        if kind != "dossier":  # which notes itself
            await accesses.note(session, None, kind, [call.id for call in calls])
    if "csv" in kinds:
        _save(folder / "calls.csv", "".join([line async for line in export.rows(_each(calls))]).encode())
    if "json" in kinds:
        _save(folder / "calls.json", CallsFile(items=calls).model_dump_json().encode())
    issuer, signer = Issuer.of(settings), Signer(settings.secret_key)
    for call in calls:
        if "dossier" in kinds:
            made = await dossier.issue(
                session, OPERATOR, call.id, issuer=issuer, signer=signer, now=clock(), actor=None
            )
            _save(folder / "dossiers" / made.name, made.content)
        if "fhir" in kinds:
            facts = await gather(session, OPERATOR, call.id, issuer)
            _save(folder / "fhir" / dossier.file_name(facts, "fhir.json"), orjson.dumps(bundle(facts, clock())))
    return len(calls)


async def _each(calls: Sequence[CallSummary]) -> AsyncIterator[CallSummary]:
    for call in calls:
        yield call


def _save(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
