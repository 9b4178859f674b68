"""The letter that says that a consultation does not take place. Why, is between the two people."""

from __future__ import annotations

from typing import TypedDict

from teleconsulta.kernel.languages import Language
from teleconsulta.mail.invitation import InvitationFacts
from teleconsulta.mail.layout import Content
from teleconsulta.mail.phrases import PHRASES


class _Words(TypedDict):
    subject: str
    first: str
    next: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "subject": "Cancelada: consulta por vídeo com {doctor}, {when}",
        "first": "A consulta por vídeo com {doctor}, marcada para {when}, foi cancelada.",
        "next": "Para marcar outro horário, fale com a clínica.",
    },
    "en": {
        "subject": "Cancelled: video consultation with {doctor}, {when}",
        "first": "The video consultation with {doctor} on {when} has been cancelled.",
        "next": "To arrange another time, please speak to the clinic.",
    },
    "es": {
        "subject": "Cancelada: consulta por video con {doctor}, {when}",
        "first": "La consulta por video con {doctor} del {when} fue cancelada.",
        "next": "Para acordar otro horario, hable con la clínica.",
    },
}


def cancellation(facts: InvitationFacts) -> Content:
    """The letter in the reader's language."""
    words, phrases = _WORDS[facts.language], PHRASES[facts.language]
    known = {"doctor": facts.doctor, "name": facts.name, "when": facts.when}
    return Content(
        language=facts.language,
        subject=words["subject"].format(**known),
        greeting=phrases["greeting"].format(**known),
        paragraphs=(words["first"].format(**known), words["next"]),
        button=None,
        link=None,
        small=(phrases["replaced"], phrases["emergency"]),
        footer=facts.footer,
    )
