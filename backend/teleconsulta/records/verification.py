"""Is a dossier as it was signed? Every change is named in words. Pure, and needs neither server nor network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from teleconsulta.records.canonical import parse
from teleconsulta.records.comparison import Numbered, differences, name
from teleconsulta.records.inside import contradictions
from teleconsulta.records.seal import CONTENTS, FORMAT, SIGNATURE, Contents, digest, is_signed, signature_of

LIST = "The list of rows"
NO_END = "The file does not end with a line break: its end was cut off or changed."


@dataclass(frozen=True, slots=True)
class Examination:
    """What is wrong, in sentences; nothing is when there are none. `contents` is the list of rows, if it was there."""

    problems: tuple[str, ...]
    contents: Contents | None = None
    counts: Mapping[str, int] | None = None

    @property
    def ok(self) -> bool:
        return not self.problems


def examine(file: bytes, trusted: Collection[str] = ()) -> Examination:
    """Look at every byte. `trusted`: public keys in hex; when there are any, the dossier must be signed with one."""
    lines = file.split(b"\n")
    problems = [] if lines[-1] == b"" else [NO_END]
    if lines[-1] == b"":
        lines.pop()
    list_at, signature_at = _places(lines)
    if list_at is None:
        problems.append("This is no dossier, or its last two lines (list of rows, signature) are missing or changed.")
        return Examination(tuple(problems))
    if signature_at is not None and (list_at, signature_at) != (len(lines) - 2, len(lines) - 1):
        problems.append(f"{LIST} (line {list_at + 1}) and the signature (line {signature_at + 1}) are not at the end.")
    contents = Contents.of(lines[list_at])
    signature = None if signature_at is None else Numbered(signature_at + 1, lines[signature_at])
    wrong, vouched = _seal(Numbered(list_at + 1, lines[list_at]), contents, signature)
    problems += wrong
    if contents is None:
        return Examination(tuple(problems))
    if vouched:
        rows = [Numbered(at + 1, line) for at, line in enumerate(lines) if at not in (list_at, signature_at)]
        problems += differences(rows, contents.rows)
        if not problems:
            problems += contradictions(rows)
    if trusted and contents.key not in trusted:
        problems.append(f"It was signed with the key {contents.key}, which is none of the keys to be trusted.")
    return Examination(tuple(problems), contents, Counter(row.kind for row in contents.rows))


def _places(lines: Sequence[bytes]) -> tuple[int | None, int | None]:
    """Where the list of rows and the signature are, or were before one of them was changed."""
    kinds = [(parse(line) or {}).get("kind") for line in lines]
    last = {kind: at for at, kind in enumerate(kinds) if isinstance(kind, str)}
    list_at, signature_at = last.get(CONTENTS), last.get(SIGNATURE)
    if list_at is None and signature_at:
        list_at = signature_at - 1
    if signature_at is None and list_at == len(lines) - 2:
        signature_at = len(lines) - 1
    return list_at, signature_at


def _seal(line: Numbered, contents: Contents | None, signature: Numbered | None) -> tuple[list[str], bool]:
    """What is wrong with the last two lines, and whether the list can be used to look for changes in the rows."""
    if contents is None:
        return [f"{LIST} (line {line.number}) was changed; so nobody vouches for the rows."], False
    if contents.format != FORMAT:
        return [f"The format {contents.format!r} is not known to this version, which reads {FORMAT}."], False
    if signature is None:
        return ["The signature is missing; so nobody vouches for this file."], True
    changed = f"The signature (line {signature.number}) was changed."
    found = signature_of(signature.line)
    if found is None:
        return [changed], True
    if is_signed(line.line, contents.key, found.signature):
        wrong = found.contents_sha256 != digest(line.line) or found.row != len(contents.rows) + 2
        return ([changed] if wrong else []), True
    if found.contents_sha256 == digest(line.line):
        return [f"The signature (line {signature.number}) is not that of the key {contents.key}."], True
    return [f"{LIST} (line {line.number}) was changed after it was signed; so nobody vouches for the rows."], False


def told(found: Examination) -> str:
    """What a whole dossier holds, in two lines for the person who asked."""
    if found.contents is None or found.counts is None:
        return ""
    about = found.contents.about
    many = ", ".join(f"{name(kind)}: {count}" for kind, count in found.counts.items())
    return (
        f"Call {about.get('call_id')}, issued by {about.get('clinic')} at {about.get('issued_at')}.\n"
        f"{len(found.contents.rows)} rows ({many})."
    )
