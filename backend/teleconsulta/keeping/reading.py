"""The part of the export that a person reads: one page, without scripts, in their own language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from teleconsulta.keeping.words import WORDS

Row = Mapping[str, Any]


def page(whole: Row, staff: Mapping[str, str], person_id: UUID, language: str, zone: str) -> bytes:
    """HTML, UTF-8. `whole` is what the JSON beside it holds; `staff` has names by ids; times are shown in `zone`."""
    words = WORDS.get(language, WORDS["pt-BR"])
    tables: Mapping[str, Sequence[Row]] = whole["kept"]
    here = ZoneInfo(zone)

    def moment(value: object) -> str:
        return datetime.fromisoformat(str(value)).astimezone(here).strftime("%Y-%m-%d %H:%M") if value else "—"

    def word(stem: str, value: object) -> str:
        return words.get(f"{stem}.{value}", str(value)) if value else "—"

    seats = {seat["id"]: seat for seat in tables.get("room_participants", [])}

    def who(participant_id: str) -> str:
        seat = seats.get(participant_id, {})
        if seat.get("person_id") == str(person_id):
            return str(tables["people"][0]["name"])
        return staff.get(str(seat.get("user_id")), word("role", seat.get("role")))

    shown = _template().render(
        language=language if language in WORDS else "pt-BR",
        w=words,
        whole=whole,
        person=tables["people"][0],
        tables=tables,
        staff=staff,
        moment=moment,
        word=word,
        who=who,
        calls_of=lambda room_id: [call for call in tables.get("calls", []) if call["room_id"] == room_id],
        zone=zone,
    )
    return shown.encode()


@cache
def _template() -> Template:
    loader = PackageLoader("teleconsulta.keeping")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("subject.html")
