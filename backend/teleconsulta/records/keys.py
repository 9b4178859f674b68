"""The public keys that dossiers were ever signed with: published for as long as a dossier may be looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import Action, record
from teleconsulta.records.models import DossierKey
from teleconsulta.records.signer import Signer


async def publish(session: AsyncSession, signer: Signer, now: datetime) -> None:
    """Put the key among the published ones before it is first used; the audit log vouches for when that was."""
    key = signer.public_hex
    if await session.get(DossierKey, key) is not None:
        return
    new = insert(DossierKey).values(key=key, since=now).on_conflict_do_nothing().returning(DossierKey.key)
    if await session.scalar(new) is not None:
        await record(session, Action.DOSSIER_KEY_PUBLISHED, details={"key": key})


async def published(session: AsyncSession) -> list[DossierKey]:
    """Every key that was ever used, the newest first."""
    return list(await session.scalars(select(DossierKey).order_by(DossierKey.since.desc(), DossierKey.key)))
