"""Whether a dossier's rows agree with each other: a signed one may tell of a record that was tampered with. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from teleconsulta.records.canonical import line as canonical
from teleconsulta.records.canonical import parse
from teleconsulta.records.comparison import Numbered

BEFORE = "on the server, before this dossier was made"


def contradictions(lines: Sequence[Numbered]) -> list[str]:
    """Texts that do not have their hash, entries of the audit log that were changed or do not follow each other."""
    problems: list[str] = []
    last: tuple[int, str] | None = None
    for one in lines:
        number, row = one.number, parse(one.line)
        if row is None or row.get("row") != number or not isinstance(row.get("data"), dict):
            problems.append(f"Row {number} was not written by this program.")
            continue
        data = row["data"]
        if row.get("kind") == "consent_text" and _sha256(str(data.get("text")).encode()) != data.get("sha256"):
            problems.append(f"Row {number}: the text of the consent does not have the hash that was recorded.")
        if row.get("kind") == "audit":
            found, last = _audit(number, data, last)
            problems += found
    return problems


def _audit(number: int, data: dict[str, Any], last: tuple[int, str] | None) -> tuple[list[str], tuple[int, str]]:
    entry = data.get("entry")
    entry = entry if isinstance(entry, dict) else {}
    told, own = entry.get("seq"), str(data.get("hash"))
    seq = told if isinstance(told, int) else 0
    problems = []
    if _sha256(canonical(entry)) != own:
        problems.append(f"Row {number}: entry {seq} of the audit log was changed {BEFORE}.")
    if last is not None and seq <= last[0]:
        problems.append(f"Row {number}: entry {seq} of the audit log stands after entry {last[0]}.")
    if last is not None and seq == last[0] + 1 and entry.get("previous") != last[1]:
        problems.append(f"Row {number}: the audit log was cut before entry {seq} {BEFORE}.")
    return problems, (seq, own)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
