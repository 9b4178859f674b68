"""The letter that carries a personal link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from teleconsulta.kernel.languages import Language
from teleconsulta.mail.dates import clock_time, long_date
from teleconsulta.mail.layout import Content


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What the letter tells. Times are aware; `council` is the doctor's registration, as in "CRM/SP 123456"."""

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
    clinic_lines: tuple[str, ...] = ()  # who the clinic is by law, in place of its name


class _Words(TypedDict):
    subject_scheduled: str
    subject_now: str
    subject_moved: str
    greeting: str
    patient_scheduled: str
    patient_now: str
    other_scheduled: str
    other_now: str
    moved: str
    steps: str
    button: str
    personal: str
    window: str
    replaced: str
    emergency: str
    automatic: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "subject_scheduled": "Consulta por vídeo com {doctor}: {when}",
        "subject_now": "{doctor} espera você na consulta por vídeo",
        "subject_moved": "Novo horário da consulta por vídeo com {doctor}: {when}",
        "greeting": "Olá, {name}.",
        "patient_scheduled": "Sua consulta por vídeo com {doctor} está marcada para {when}.",
        "patient_now": "{doctor} espera você agora para uma consulta por vídeo.",
        "other_scheduled": "Convidamos você para uma consulta por vídeo com {doctor}, marcada para {when}.",
        "other_now": "Convidamos você para uma consulta por vídeo com {doctor}, que começa agora.",
        "moved": "O horário mudou. Vale o que está neste e-mail.",
        "steps": (
            "Na hora, toque no botão abaixo. Não é preciso instalar nada nem criar conta: basta um celular, tablet ou "
            "computador com câmera e internet."
        ),
        "button": "Entrar na consulta",
        "personal": "Este link é só seu. Não o repasse a ninguém.",
        "window": "O link funciona a partir das {opens} e até as {closes} (horário de Brasília).",
        "replaced": "Os links enviados antes deixaram de funcionar.",
        "emergency": "Em uma emergência, ligue para 192 (SAMU) ou vá ao pronto-socorro mais próximo.",
        "automatic": "Este e-mail foi enviado automaticamente.",
    },
    "en": {
        "subject_scheduled": "Video consultation with {doctor}: {when}",
        "subject_now": "{doctor} is waiting for you in the video consultation",
        "subject_moved": "New time of the video consultation with {doctor}: {when}",
        "greeting": "Hello, {name}.",
        "patient_scheduled": "Your video consultation with {doctor} is on {when}.",
        "patient_now": "{doctor} is waiting for you now for a video consultation.",
        "other_scheduled": "You are invited to take part in a video consultation with {doctor}, on {when}.",
        "other_now": "You are invited to take part in a video consultation with {doctor}, which begins now.",
        "moved": "The time has changed. What this e-mail says is right.",
        "steps": (
            "When it is time, press the button below. There is nothing to install and no account to make: a phone, "
            "tablet or computer with a camera and internet is enough."
        ),
        "button": "Join the consultation",
        "personal": "This link is yours alone. Do not pass it on.",
        "window": "The link works from {opens} until {closes} (Brasília time).",
        "replaced": "Links that were sent before no longer work.",
        "emergency": "In an emergency, call 192 (the ambulance service in Brazil) or go to the nearest emergency room.",
        "automatic": "This e-mail was sent automatically.",
    },
    "es": {
        "subject_scheduled": "Consulta por video con {doctor}: {when}",
        "subject_now": "{doctor} le espera en la consulta por video",
        "subject_moved": "Nuevo horario de la consulta por video con {doctor}: {when}",
        "greeting": "Hola, {name}.",
        "patient_scheduled": "Su consulta por video con {doctor} es el {when}.",
        "patient_now": "{doctor} le espera ahora para una consulta por video.",
        "other_scheduled": "Le invitamos a participar en una consulta por video con {doctor}, el {when}.",
        "other_now": "Le invitamos a participar en una consulta por video con {doctor}, que empieza ahora.",
        "moved": "El horario cambió. Vale lo que dice este correo.",
        "steps": (
            "A la hora, toque el botón de abajo. No hay que instalar nada ni crear una cuenta: basta un teléfono, una "
            "tableta o una computadora con cámara e internet."
        ),
        "button": "Entrar a la consulta",
        "personal": "Este enlace es solo suyo. No lo comparta con nadie.",
        "window": "El enlace funciona desde las {opens} y hasta las {closes} (hora de Brasilia).",
        "replaced": "Los enlaces enviados antes dejaron de funcionar.",
        "emergency": "En una emergencia, llame al 192 (ambulancias en Brasil) o vaya a urgencias.",
        "automatic": "Este correo se envió automáticamente.",
    },
}


def invitation(facts: InvitationFacts) -> Content:
    """The letter in the reader's language."""
    words = _WORDS[facts.language]
    when = long_date(facts.starts_at, facts.language)
    known = {"doctor": facts.doctor, "name": facts.name, "when": when}
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
    window = words["window"].format(opens=clock_time(facts.opens_at), closes=clock_time(facts.closes_at))
    return Content(
        language=facts.language,
        subject=subject.format(**known),
        greeting=words["greeting"].format(**known),
        paragraphs=(first.format(**known), *([words["moved"]] if facts.moved else []), words["steps"]),
        button=words["button"],
        link=facts.link,
        small=(
            words["personal"],
            window,
            *([words["replaced"]] if facts.moved else []),
            words["emergency"],
        ),
        footer=(
            facts.doctor if facts.council is None else f"{facts.doctor}, {facts.council}",
            *(facts.clinic_lines or (facts.clinic,)),
            words["automatic"],
        ),
    )
