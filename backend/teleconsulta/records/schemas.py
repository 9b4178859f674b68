"""What travels about leaving the record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class DossierKeyOut(BaseModel):
    """A public key of dossiers: 32 bytes in hex. `current`: what is issued now is signed with it."""

    key: str
    algorithm: Literal["Ed25519"]
    since: datetime
    current: bool


class DossierKeysOut(BaseModel):
    """Every key that dossiers of this installation were ever signed with, the newest first."""

    items: list[DossierKeyOut]
