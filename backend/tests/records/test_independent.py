"""docs/dossier.md is enough: a verifier written from that page alone, with nothing of ours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.records.sample import SIGNER, written

DOCUMENT = Path(__file__).parents[3] / "docs" / "dossier.md"


def check(file: bytes, key: str) -> list[dict[str, object]]:
    """Steps 1 to 6 of docs/dossier.md. Gives the rows' data, or raises."""
    *rows, contents, signature, rest = file.split(b"\n")
    if rest:
        raise ValueError("bytes after the last line break")
    listed = json.loads(contents)["data"]
    if listed["format"] != "teleconsulta-dossier/1" or listed["key"] != key:
        raise ValueError("format or key")
    signed = bytes.fromhex(json.loads(signature)["data"]["signature"])
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signed, contents)
    if [[json.loads(row)["kind"], hashlib.sha256(row).hexdigest()] for row in rows] != listed["rows"]:
        raise ValueError("rows")
    for row in map(json.loads, rows):
        data = row["data"]
        if row["kind"] == "consent_text" and sha256(data["text"]) != data["sha256"]:
            raise ValueError("consent text")
        if row["kind"] == "audit" and sha256(canonical(data["entry"])) != data["hash"]:
            raise ValueError("audit entry")
    return [json.loads(row) for row in rows]


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_it_agrees_with_ours() -> None:
    rows = check(written(), SIGNER.public_hex)
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["kind"] for row in rows} == {
        "header", "consultation", "identity", "consent_text", "consent", "consent_override", "participation", "stay",
        "interruption", "message", "event", "note", "document", "signed_copy", "audit", "audit_head",
    }  # fmt: skip


def test_every_line_is_canonical() -> None:
    for line in written().splitlines():
        assert canonical(json.loads(line)).encode() == line


def test_it_refuses_what_was_changed() -> None:
    file = written()
    with pytest.raises(ValueError, match="rows"):
        check(file.replace(b"Ol\xc3\xa1", b"Oi", 1), SIGNER.public_hex)
    with pytest.raises(InvalidSignature):
        check(file.replace(b'["header","', b'["headed","', 1), SIGNER.public_hex)
    with pytest.raises(ValueError, match="format or key"):
        check(file, "00" * 32)


def test_every_kind_of_row_is_documented() -> None:
    described = DOCUMENT.read_text("utf-8")
    for row in check(written(), SIGNER.public_hex):
        assert f"| `{row['kind']}` |" in described
        data = row["data"]
        assert isinstance(data, dict)
        for field in data:
            assert f"`{field}`" in described, (row["kind"], field)
