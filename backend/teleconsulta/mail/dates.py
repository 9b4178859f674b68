"""Dates and times as people say them, in the clinic's zone, with the zone named."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from teleconsulta.kernel.languages import Language

ZONE = ZoneInfo("America/Sao_Paulo")

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
    "pt-BR": "{weekday}, {day} de {month} de {year}, às {time} (horário de Brasília)",
    "en": "{weekday}, {day} {month} {year}, at {time} (Brasília time)",
    "es": "{weekday}, {day} de {month} de {year}, a las {time} (hora de Brasilia)",
}


def long_date(moment: datetime, language: Language) -> str:
    """As in "quinta-feira, 26 de novembro de 2026, às 14:30 (horário de Brasília)"."""
    local = moment.astimezone(ZONE)
    return _FORMS[language].format(
        weekday=_WEEKDAYS[language][local.weekday()],
        day=local.day,
        month=_MONTHS[language][local.month - 1],
        year=local.year,
        time=clock_time(moment),
    )


def clock_time(moment: datetime) -> str:
    """As in "14:30"."""
    return moment.astimezone(ZONE).strftime("%H:%M")
