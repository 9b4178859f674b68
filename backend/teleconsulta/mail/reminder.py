"""The letter that reminds of a consultation, a day and a quarter of an hour before."""

from __future__ import annotations

from typing import TypedDict

from teleconsulta.kernel.causes import Cause
from teleconsulta.kernel.languages import Language
from teleconsulta.mail.dates import clock_time, zone_words
from teleconsulta.mail.invitation import InvitationFacts
from teleconsulta.mail.layout import Content
from teleconsulta.mail.phrases import PHRASES
from teleconsulta.mail.remedies import remedy


class _Words(TypedDict):
    subject: str
    first: str
    try_out: str
    subject_soon: str
    soon: str
    open: str
    found: str
    test_again: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "subject": "Lembrete: consulta por vídeo com {doctor}, {when}",
        "first": "Lembramos que a consulta por vídeo com {doctor} está marcada para {when}.",
        "try_out": "Ao abrir o link, você testa a câmera e o microfone antes de entrar.",
        "subject_soon": "A consulta por vídeo com {doctor} começa às {time}",
        "soon": "A consulta por vídeo com {doctor} começa às {time} ({zone}).",
        "open": "A sala de espera já está aberta: toque no botão abaixo e teste a câmera e o microfone.",
        "found": "No seu último teste havia um problema: {remedy}",
        "test_again": "Depois toque em Testar agora e veja se ficou tudo verde.",
    },
    "en": {
        "subject": "Reminder: video consultation with {doctor}, {when}",
        "first": "This is a reminder of the video consultation with {doctor} on {when}.",
        "try_out": "The link lets you try camera and microphone before you join.",
        "subject_soon": "The video consultation with {doctor} begins at {time}",
        "soon": "The video consultation with {doctor} begins at {time} ({zone}).",
        "open": "The waiting room is open: press the button below and try camera and microphone.",
        "found": "Your last test found a problem: {remedy}",
        "test_again": "Then press Test now and see whether everything is green.",
    },
    "es": {
        "subject": "Recordatorio: consulta por video con {doctor}, {when}",
        "first": "Le recordamos la consulta por video con {doctor} el {when}.",
        "try_out": "Al abrir el enlace, prueba la cámara y el micrófono antes de entrar.",
        "subject_soon": "La consulta por video con {doctor} empieza a las {time}",
        "soon": "La consulta por video con {doctor} empieza a las {time} ({zone}).",
        "open": "La sala de espera ya está abierta: toque el botón de abajo y pruebe la cámara y el micrófono.",
        "found": "En su última prueba había un problema: {remedy}",
        "test_again": "Después toque Probar ahora y vea si quedó todo en verde.",
    },
}


def reminder(facts: InvitationFacts, *, soon: bool, problem: Cause | None = None) -> Content:
    """The letter in the reader's language; `soon` is the one that comes when the waiting room is open. `problem` is
    what the last test of the equipment found that would keep the reader from the consultation."""
    words, phrases = _WORDS[facts.language], PHRASES[facts.language]
    known = {
        "doctor": facts.doctor,
        "name": facts.name,
        "when": facts.when,
        "time": clock_time(facts.starts_at, facts.zone),
        "zone": zone_words(facts.starts_at, facts.language, facts.zone),
    }
    plain = (words["soon"], words["open"]) if soon else (words["first"], phrases["steps"], words["try_out"])
    said = tuple(paragraph.format(**known) for paragraph in plain)
    found = None if problem is None else remedy(problem, facts.language)
    if found is not None:
        said = (said[0], words["found"].format(remedy=found), words["test_again"], *said[1:])
    return Content(
        language=facts.language,
        subject=words["subject_soon" if soon else "subject"].format(**known),
        greeting=phrases["greeting"].format(**known),
        paragraphs=said,
        button=phrases["button"],
        link=facts.link,
        small=(phrases["personal"], facts.window, phrases["emergency"]),
        footer=facts.footer,
        test=facts.test,
    )
