"""The words of an examination, the same for the command line and the page."""

from __future__ import annotations

from typing import NamedTuple

from teleconsulta.checkup.report import Line
from teleconsulta.checkup.words import en, es, pt_br
from teleconsulta.checkup.words.words import Words
from teleconsulta.kernel.languages import Language

CATALOGUES: dict[Language, Words] = {"pt-BR": pt_br.WORDS, "en": en.WORDS, "es": es.WORDS}


class Said(NamedTuple):
    """`remedy` is None where there is nothing to do."""

    title: str
    finding: str
    remedy: str | None


def said(line: Line, language: Language) -> Said:
    """What a line says in this language."""
    words = CATALOGUES[language]
    title = words.titles[line.id]
    if line.state == "skipped":
        first = words.titles.get(line.values.get("first", ""), "")
        return Said(title, words.after.format(first=first) if line.fault == "after" else words.unset, None)
    if line.state == "ok":
        fine = words.fine[f"{line.id}.{line.fault}" if line.fault else line.id]
        return Said(title, fine.format(**line.values), None)
    # What can happen to anything has the same words everywhere.
    found = words.faults.get(f"{line.id}.{line.fault}") or words.faults[f"any.{line.fault}"]
    return Said(title, found[0].format(**line.values), found[1].format(**line.values))
