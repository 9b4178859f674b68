"""The texts of the authorisation: versioned files, with the SHA-256 of exactly what people read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from teleconsulta.kernel.languages import Language, known

TEXT_ID = "teleconsulta"
CURRENT = "2026-11-27"

_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `sha256` is over the UTF-8 bytes of the file: title, summary and body together."""

    id: str
    version: str
    language: Language
    sha256: str
    raw: str
    title: str
    summary: str
    body: str


@cache
def text(language: Language, version: str = CURRENT) -> Text:
    """The text of a version: a file with `# title`, `> summary` and the body, in Markdown."""
    raw = (_FOLDER / version / f"{language}.md").read_text("utf-8").replace("\r\n", "\n")
    title, summary, body = raw.split("\n", 2)
    return Text(
        id=TEXT_ID,
        version=version,
        language=language,
        sha256=hashlib.sha256(raw.encode()).hexdigest(),
        raw=raw,
        title=title.removeprefix("# "),
        summary=summary.removeprefix("> "),
        body=body.strip(),
    )


def agreed(version: str, language: str, sha256: str) -> Text | None:
    """The text that a recorded consent is about, or None when no file here has that hash any more."""
    versions = {folder.name for folder in _FOLDER.iterdir() if folder.is_dir()}
    if version not in versions or not (_FOLDER / version / f"{known(language)}.md").is_file():
        return None
    found = text(known(language), version)
    return found if found.sha256 == sha256 else None
