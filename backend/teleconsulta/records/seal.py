"""The last two lines of a dossier: the list of its rows, and the signature over that list. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from teleconsulta.records import canonical
from teleconsulta.records.signer import Signer

FORMAT = "teleconsulta-dossier/1"
ALGORITHM = "Ed25519"
CONTENTS, SIGNATURE = "contents", "signature"

_KEY = re.compile(r"[0-9a-f]{64}")
_SIGNED = re.compile(r"[0-9a-f]{128}")


def digest(row: bytes) -> str:
    """SHA-256 in hex over a line's bytes, without its line break."""
    return hashlib.sha256(row).hexdigest()


def seal(rows: Iterable[tuple[str, Mapping[str, Any]]], signer: Signer, about: Mapping[str, str]) -> bytes:
    """The whole file: every (kind, data) as a numbered line, then the list of them with `about`, then its signature."""
    lines: list[bytes] = []
    listed: list[list[str]] = []
    for kind, data in rows:
        made = _row(len(lines) + 1, kind, data)
        lines.append(made)
        listed.append([kind, digest(made)])
    contents = {**about, "format": FORMAT, "key": signer.public_hex, "rows": listed}
    lines.append(_row(len(lines) + 1, CONTENTS, contents))
    signed = {
        "algorithm": ALGORITHM,
        "contents_sha256": digest(lines[-1]),
        "signature": signer.sign(lines[-1]).hex(),
    }
    lines.append(_row(len(lines) + 1, SIGNATURE, signed))
    return b"".join(line + b"\n" for line in lines)


def _row(number: int, kind: str, data: Mapping[str, Any]) -> bytes:
    return canonical.line({"row": number, "kind": kind, "data": dict(data)})


@dataclass(frozen=True, slots=True)
class Listed:
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of rows as it was read. `key` is the public key in hex that it says it was signed with."""

    format: str
    key: str
    rows: tuple[Listed, ...]
    about: Mapping[str, str]

    @classmethod
    def of(cls, line: bytes) -> Contents | None:
        """None when this is no list of rows that this version understands."""
        found = canonical.parse(line)
        data = found.get("data") if found is not None and found.get("kind") == CONTENTS else None
        if not isinstance(data, dict):
            return None
        try:
            rows = tuple(Listed(str(kind), str(sha)) for kind, sha in data["rows"])
            about = {name: str(value) for name, value in data.items() if name != "rows"}
            key = str(data["key"])
        except (KeyError, TypeError, ValueError):
            return None
        return cls(str(data.get("format")), key, rows, about) if _KEY.fullmatch(key) else None


@dataclass(frozen=True, slots=True)
class Signature:
    row: int
    contents_sha256: str
    signature: bytes


def signature_of(line: bytes) -> Signature | None:
    """None when this is no signature line exactly as we write it."""
    found = canonical.parse(line)
    data = found.get("data") if found is not None and found.get("kind") == SIGNATURE else None
    if found is None or not isinstance(data, dict) or found.keys() != {"row", "kind", "data"}:
        return None
    if data.keys() != {"algorithm", "contents_sha256", "signature"} or data["algorithm"] != ALGORITHM:
        return None
    number, listed, signed = found["row"], data["contents_sha256"], data["signature"]
    if not isinstance(number, int) or not isinstance(listed, str) or not isinstance(signed, str):
        return None
    return Signature(number, listed, bytes.fromhex(signed)) if _SIGNED.fullmatch(signed) else None


def is_signed(line: bytes, key: str, signed: bytes) -> bool:
    """Whether the holder of this key (hex) signed exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signed, line)
    except (InvalidSignature, ValueError):
        return False
    return True
