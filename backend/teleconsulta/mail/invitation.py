"""The letter that carries a personal link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from teleconsulta.kernel.languages import Language
from teleconsulta.mail.dates import clock_time, long_date, zone_words
from teleconsulta.mail.layout import Content
from teleconsulta.mail.phrases import PHRASES


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What the letter tells. Times are aware and are said in `zone`, the reader's; `council` is the doctor's
    registration, as in "CRM/SP 123456"."""

    language: Language
    name: str
    role: str
    doctor: str
    council: str | None
    clinic: str
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime
    scheduled: bool
    moved: bool
    link: str
    zone: ZoneInfo
    clinic_lines: tuple[str, ...] = ()  # who the clinic is by law, in place of its name
    test_link: str | None = None  # where the equipment is tried beforehand

    @property
    def when(self) -> str:
        """The beginning, in words."""
        return long_date(self.starts_at, self.language, self.zone)

    @property
    def window(self) -> str:
        """The sentence that says when the link works."""
        return PHRASES[self.language]["window"].format(
            opens=clock_time(self.opens_at, self.zone),
            closes=clock_time(self.closes_at, self.zone),
            zone=zone_words(self.closes_at, self.language, self.zone),
        )

    @property
    def test(self) -> tuple[str, str, str] | None:
        """Why to test beforehand, and the way there."""
        phrases = PHRASES[self.language]
        return None if self.test_link is None else (phrases["test_why"], phrases["test"], self.test_link)

    @property
    def footer(self) -> tuple[str, ...]:
        """Who writes."""
        who = self.doctor if self.council is None else f"{self.doctor}, {self.council}"
        return (who, *(self.clinic_lines or (self.clinic,)), PHRASES[self.language]["automatic"])


class _Words(TypedDict):
    summary: str
    subject_scheduled: str
    subject_now: str
    subject_moved: str
    patient_scheduled: str
    patient_now: str
    other_scheduled: str
    other_now: str
    moved: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "summary": "Consulta por vídeo com {doctor}",
        "subject_scheduled": "Consulta por vídeo com {doctor}: {when}",
        "subject_now": "{doctor} espera você na consulta por vídeo",
        "subject_moved": "Novo horário da consulta por vídeo com {doctor}: {when}",
        "patient_scheduled": "Sua consulta por vídeo com {doctor} está marcada para {when}.",
        "patient_now": "{doctor} espera você agora para uma consulta por vídeo.",
        "other_scheduled": "Convidamos você para uma consulta por vídeo com {doctor}, marcada para {when}.",
        "other_now": "Convidamos você para uma consulta por vídeo com {doctor}, que começa agora.",
        "moved": "O horário mudou. Vale o que está neste e-mail.",
    },
    "en": {
        "summary": "Video consultation with {doctor}",
        "subject_scheduled": "Video consultation with {doctor}: {when}",
        "subject_now": "{doctor} is waiting for you in the video consultation",
        "subject_moved": "New time of the video consultation with {doctor}: {when}",
        "patient_scheduled": "Your video consultation with {doctor} is on {when}.",
        "patient_now": "{doctor} is waiting for you now for a video consultation.",
        "other_scheduled": "You are invited to take part in a video consultation with {doctor}, on {when}.",
        "other_now": "You are invited to take part in a video consultation with {doctor}, which begins now.",
        "moved": "The time has changed. What this e-mail says is right.",
    },
    "es": {
        "summary": "Consulta por video con {doctor}",
        "subject_scheduled": "Consulta por video con {doctor}: {when}",
        "subject_now": "{doctor} le espera en la consulta por video",
        "subject_moved": "Nuevo horario de la consulta por video con {doctor}: {when}",
        "patient_scheduled": "Su consulta por video con {doctor} es el {when}.",
        "patient_now": "{doctor} le espera ahora para una consulta por video.",
        "other_scheduled": "Le invitamos a participar en una consulta por video con {doctor}, el {when}.",
        "other_now": "Le invitamos a participar en una consulta por video con {doctor}, que empieza ahora.",
        "moved": "El horario cambió. Vale lo que dice este correo.",
    },
}


def invitation(facts: InvitationFacts) -> Content:
    """The letter in the reader's language."""
    words, phrases = _WORDS[facts.language], PHRASES[facts.language]
    known = {"doctor": facts.doctor, "name": facts.name, "when": facts.when}
    whose = "patient" if facts.role == "patient" else "other"
    timing = "scheduled" if facts.scheduled else "now"
    first = {
        ("patient", "scheduled"): words["patient_scheduled"],
        ("patient", "now"): words["patient_now"],
        ("other", "scheduled"): words["other_scheduled"],
        ("other", "now"): words["other_now"],
    }[whose, timing]
    subject = words["subject_scheduled"] if facts.scheduled else words["subject_now"]
    if facts.moved and facts.scheduled:
        subject = words["subject_moved"]
    return Content(
        language=facts.language,
        subject=subject.format(**known),
        greeting=phrases["greeting"].format(**known),
        paragraphs=(first.format(**known), *([words["moved"]] if facts.moved else []), phrases["steps"]),
        button=phrases["button"],
        link=facts.link,
        small=(
            phrases["personal"],
            facts.window,
            *([phrases["replaced"]] if facts.moved else []),
            phrases["emergency"],
        ),
        footer=facts.footer,
        test=facts.test,
    )


def summary(facts: InvitationFacts) -> str:
    """What the consultation is called in the reader's calendar."""
    return _WORDS[facts.language]["summary"].format(doctor=facts.doctor)
