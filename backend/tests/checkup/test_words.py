"""Every line and every fault has its words in three languages, filled with the same values."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from teleconsulta import checkup
from teleconsulta.checkup.report import IDS, Line
from teleconsulta.checkup.words import CATALOGUES, said
from teleconsulta.checkup.words.words import Words
from teleconsulta.kernel.languages import LANGUAGES

ENGLISH = CATALOGUES["en"]
SOURCES = "\n".join(path.read_text() for path in Path(checkup.__path__[0]).glob("*.py"))
# Faults that are chosen by a variable in the code, with the values they come with.
CHOSEN = {"any.too_slow", "any.broken_off", "any.external", "any.itself", "any.lost", "any.full", "any.refused"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def everything(words: Words) -> dict[str, str]:
    return {
        **{f"{one}.title": text for one, text in words.titles.items()},
        **{f"{one}.fine": text for one, text in words.fine.items()},
        **{f"{fault}.said": found for fault, (found, _) in words.faults.items()},
        **{f"{fault}.remedy": remedy for fault, (_, remedy) in words.faults.items()},
        **{f"{state}.state": text for state, text in words.states.items()},
        "unset": words.unset,
        "after": words.after,
        "summary": words.summary,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_say_the_same_things_with_the_same_values(language: str) -> None:
    words, english = everything(CATALOGUES[language]), everything(ENGLISH)  # type: ignore[index]  # one of them
    assert words.keys() == english.keys()
    assert {key: fields(text) for key, text in words.items()} == {key: fields(text) for key, text in english.items()}
    assert all(text.strip() for text in words.values())


def test_every_line_has_a_title_and_a_word_for_being_fine() -> None:
    assert set(ENGLISH.titles) == set(ENGLISH.fine) - {"https.plain"} == set(IDS)


def test_every_fault_in_the_code_has_words() -> None:
    raised = re.findall(r'report\.(?:wrong|warn)\(\s*"([a-z-]+)",\s*"([a-z_]+)"', SOURCES)
    assert len(raised) > 40
    missing = [
        f"{one}.{fault}" for one, fault in raised if not {f"{one}.{fault}", f"any.{fault}"} & set(ENGLISH.faults)
    ]
    assert missing == []


def test_no_words_are_left_over() -> None:
    for fault in set(ENGLISH.faults) - CHOSEN:
        line, _, name = fault.partition(".")
        assert line == "any" or line in IDS
        assert f'"{name}"' in SOURCES, fault


def test_a_line_is_told_with_what_to_do() -> None:
    told = said(Line("https", "warning", "ends_soon", {"days": "3"}), "pt-BR")
    assert told.finding == "o certificado vence em 3 dias"
    assert told.remedy
    skipped = said(Line("schema", "skipped", "after", {"first": "database"}), "en")
    assert "Database (DATABASE_URL)" in skipped.finding
    assert skipped.remedy is None
