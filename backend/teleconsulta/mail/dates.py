"""Dates and times as people say them, in the zone they are given, with the zone named."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from teleconsulta.kernel.languages import Language

_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "pt-BR": (
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "pt-BR": (
        "janeiro", "fevereiro", "março", "abril", "maio", "junho",
        "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
_FORMS: dict[Language, str] = {
    "pt-BR": "{weekday}, {day} de {month} de {year}, às {time} ({zone})",
    "en": "{weekday}, {day} {month} {year}, at {time} ({zone})",
    "es": "{weekday}, {day} de {month} de {year}, a las {time} ({zone})",
}
_PLACES: dict[Language, str] = {"pt-BR": "horário de {place}", "en": "{place} time", "es": "hora de {place}"}
_CAPITAL = "America/Sao_Paulo"
_BRASILIA: dict[Language, str] = {"pt-BR": "Brasília", "en": "Brasília", "es": "Brasilia"}
# The names of the database have no accents, and name Salvador by its state.
_SPELT = {
    "Araguaina": "Araguaína",
    "Bahia": "Salvador",
    "Belem": "Belém",
    "Cuiaba": "Cuiabá",
    "Eirunepe": "Eirunepé",
    "Maceio": "Maceió",
    "Noronha": "Fernando de Noronha",
    "Santarem": "Santarém",
}


def long_date(moment: datetime, language: Language, zone: ZoneInfo) -> str:
    """As in "quinta-feira, 26 de novembro de 2026, às 14:30 (horário de Brasília)"."""
    local = moment.astimezone(zone)
    return _FORMS[language].format(
        weekday=_WEEKDAYS[language][local.weekday()],
        day=local.day,
        month=_MONTHS[language][local.month - 1],
        year=local.year,
        time=clock_time(moment, zone),
        zone=zone_words(moment, language, zone),
    )


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """As in "14:30"."""
    return moment.astimezone(zone).strftime("%H:%M")


def zone_words(moment: datetime, language: Language, zone: ZoneInfo) -> str:
    """As in "horário de Brasília"; another zone also says how far it is from UTC then, "horário de Manaus, UTC−4"."""
    if zone.key == _CAPITAL:
        return _PLACES[language].format(place=_BRASILIA[language])
    area, _, place = zone.key.rpartition("/")
    offset = _offset(moment.astimezone(zone).utcoffset() or timedelta())
    if not area or area == "Etc":
        return offset
    spelt = _SPELT.get(place, place.replace("_", " ")) if area == "America" else place.replace("_", " ")
    return f"{_PLACES[language].format(place=spelt)}, {offset}"


def _offset(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
