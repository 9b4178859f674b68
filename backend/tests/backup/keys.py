"""A pair of keys, made once, and a backup put together by hand: no database is needed to damage one."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from teleconsulta.backup import age
from teleconsulta.backup.manifest import CARD, DUMP, Card, Contents, Table, head_of, name_for
from teleconsulta.backup.places import Place, put

IDENTITY, PUBLIC = age.new_pair()
TAKEN = datetime(2026, 5, 4, 3, tzinfo=UTC)


def identity_file(folder: Path) -> Path:
    path = folder / "identity"
    path.write_text(f"# public key: {PUBLIC}\n{IDENTITY}\n")
    return path


def by_hand(place: Place, *, secret: str = "", taken_at: datetime = TAKEN, payload: bytes = b"x" * 200_000) -> Card:
    """A whole backup whose dump is `payload`."""
    contents = Contents(
        name=name_for(taken_at, sha256(taken_at.isoformat().encode()).digest()),
        taken_at=taken_at,
        version="0",
        schema_head=None,
        server=18,
        program=18,
        tables={"rooms": Table(rows=1, sha256="0" * 64)},
    )
    with place.writing(contents.name + DUMP) as out:
        counted = age.Counted(out)
        age.encrypt(io.BytesIO(head_of(contents, secret) + payload), counted, age.recipients([PUBLIC]))
    card = Card(
        name=contents.name,
        taken_at=taken_at,
        version="0",
        schema_head=None,
        rows={"rooms": 1},
        size=counted.size,
        sha256=counted.sha256,
        recipients=[PUBLIC],
    )
    put(place, card.name + CARD, card)
    return card
