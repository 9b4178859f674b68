"""The letter that reminds of a consultation, a day and a quarter of an hour before."""

from __future__ import annotations

from typing import TypedDict

from teleconsulta.kernel.languages import Language
from teleconsulta.mail.dates import clock_time, zone_words
from teleconsulta.mail.invitation import InvitationFacts
from teleconsulta.mail.layout import Content
from teleconsulta.mail.phrases import PHRASES


class _Words(TypedDict):
    subject: str
    first: str
    try_out: str
    subject_soon: str
    soon: str
    open: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "subject": "Lembrete: consulta por vídeo com {doctor}, {when}",
        "first": "Lembramos que a consulta por vídeo com {doctor} está marcada para {when}.",
        "try_out": "Ao abrir o link, você testa a câmera e o microfone antes de entrar.",
        "subject_soon": "A consulta por vídeo com {doctor} começa às {time}",
        "soon": "A consulta por vídeo com {doctor} começa às {time} ({zone}).",
        "open": "A sala de espera já está aberta: toque no botão abaixo e teste a câmera e o microfone.",
    },
    "en": {
        "subject": "Reminder: video consultation with {doctor}, {when}",
        "first": "This is a reminder of the video consultation with {doctor} on {when}.",
        "try_out": "The link lets you try camera and microphone before you join.",
        "subject_soon": "The video consultation with {doctor} begins at {time}",
        "soon": "The video consultation with {doctor} begins at {time} ({zone}).",
        "open": "The waiting room is open: press the button below and try camera and microphone.",
    },
    "es": {
        "subject": "Recordatorio: consulta por video con {doctor}, {when}",
        "first": "Le recordamos la consulta por video con {doctor} el {when}.",
        "try_out": "Al abrir el enlace, prueba la cámara y el micrófono antes de entrar.",
        "subject_soon": "La consulta por video con {doctor} empieza a las {time}",
        "soon": "La consulta por video con {doctor} empieza a las {time} ({zone}).",
        "open": "La sala de espera ya está abierta: toque el botón de abajo y pruebe la cámara y el micrófono.",
    },
}


def reminder(facts: InvitationFacts, *, soon: bool) -> Content:
    """The letter in the reader's language; `soon` is the one that comes when the waiting room is open."""
    words, phrases = _WORDS[facts.language], PHRASES[facts.language]
    known = {
        "doctor": facts.doctor,
        "name": facts.name,
        "when": facts.when,
        "time": clock_time(facts.starts_at, facts.zone),
        "zone": zone_words(facts.starts_at, facts.language, facts.zone),
    }
    said = (words["soon"], words["open"]) if soon else (words["first"], phrases["steps"], words["try_out"])
    return Content(
        language=facts.language,
        subject=words["subject_soon" if soon else "subject"].format(**known),
        greeting=phrases["greeting"].format(**known),
        paragraphs=tuple(paragraph.format(**known) for paragraph in said),
        button=phrases["button"],
        link=facts.link,
        small=(phrases["personal"], facts.window, phrases["emergency"]),
        footer=facts.footer,
    )
