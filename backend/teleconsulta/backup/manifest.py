"""What a backup says about itself. The card lies beside it and is readable; the contents lead the encrypted part.

    <name>.dump.age = age( MAGIC, contents as one line of JSON, seal as one line, pg_dump's custom format )
    <name>.json     = card

Hashes are inside only: beside, they would let a stranger confirm a guess about a small table. The seal is a MAC of the
contents by SECRET_KEY: whoever knows the public key can encrypt something, only this installation can seal it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from teleconsulta.backup.errors import Damaged

MAGIC = b"teleconsulta backup 1\n"
UNSEALED = "-"
MOST_HEAD = 4 << 20
DUMP, CARD = ".dump.age", ".json"
NAME = re.compile(r"teleconsulta-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
DRILL = "last-drill.json"

Sealed = Literal["ours", "not ours", "unknown"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Table(_Frozen):
    """`sha256` covers the sorted hashes of all rows as text (`fingerprint`)."""

    rows: int
    sha256: str


class Contents(_Frozen):
    """`server` and `program` are major versions of PostgreSQL: of the server, and of the pg_dump that read it."""

    name: str
    taken_at: datetime
    version: str
    schema_head: str | None
    server: int
    program: int
    tables: dict[str, Table]


class Card(_Frozen):
    """`size` in bytes and `sha256` are those of the encrypted file."""

    name: str
    taken_at: datetime
    version: str
    schema_head: str | None
    rows: dict[str, int]
    size: int
    sha256: str
    recipients: list[str]


class Drill(_Frozen):
    """A restoration that was tried and found equal."""

    name: str
    at: datetime
    taken_at: datetime


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def name_for(moment: datetime, chance: bytes) -> str:
    """Sorts by time; `moment` is UTC, three bytes of `chance` keep two of one second apart."""
    return f"teleconsulta-{moment:%Y%m%dT%H%M%SZ}-{chance[:3].hex()}"


def head_of(contents: Contents, secret: str) -> bytes:
    """What comes before the dump."""
    line = orjson.dumps(contents.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    seal = _seal(line, secret) if secret else UNSEALED
    return MAGIC + line + b"\n" + seal.encode() + b"\n"


class Opening:
    """A sink for the decrypted bytes: reads the head, asks `proceed` where the dump is to go, and passes it on.

    Raises:
        Damaged: this does not begin as a backup does.
    """

    def __init__(self, keys: Sequence[str], proceed: Callable[[Contents, Sealed], Sink]) -> None:
        self._keys, self._proceed = [key for key in keys if key], proceed
        self._head = b""
        self._sink: Sink | None = None
        self.contents: Contents | None = None
        self.sealed: Sealed = "unknown"

    def write(self, data: bytes, /) -> int:
        if self._sink is not None:
            self._sink.write(data)
            return len(data)
        self._head += data
        parts = self._head.split(b"\n", 3)
        if len(self._head) > MOST_HEAD or not self._head.startswith(MAGIC[: len(self._head)]):
            raise Damaged
        if len(parts) == 4:
            self._begin(parts[1], parts[2].decode(errors="replace"))
            self._head = b""
            self.write(parts[3])
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def _begin(self, line: bytes, seal: str) -> None:
        try:
            self.contents = Contents.model_validate_json(line)
        except ValidationError as error:
            raise Damaged from error
        if self._keys and seal != UNSEALED:
            ours = any(hmac.compare_digest(_seal(line, key), seal) for key in self._keys)
            self.sealed = "ours" if ours else "not ours"
        self._sink = self._proceed(self.contents, self.sealed)


def differences(before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    """The tables that are not the same, each with what is wrong. Empty: everything is equal."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            found.append(f"{name} ({'missing' if new is None else 'unexpected'})")
        elif old.rows != new.rows:
            found.append(f"{name} ({new.rows} rows instead of {old.rows})")
        elif old.sha256 != new.sha256:
            found.append(f"{name} (rows differ)")
    return found


def outdated(cards: Iterable[Card], keep: timedelta, now: datetime) -> list[Card]:
    """What may go: older than `keep`, and never the newest, however old it is."""
    known = sorted(cards, key=lambda card: (card.taken_at, card.name))
    return [card for card in known[:-1] if card.taken_at < now - keep]


def _seal(line: bytes, secret: str) -> str:
    key = hmac.digest(secret.encode(), b"teleconsulta: seal of backups", "sha256")
    return hmac.new(key, line, sha256).hexdigest()
