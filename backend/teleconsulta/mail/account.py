"""The letters by which somebody of the staff chooses a password: the first one, or another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from teleconsulta.kernel.languages import Language
from teleconsulta.mail.dates import long_date
from teleconsulta.mail.layout import Content


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the letter tells. `first`: the account is new; else its password was reset."""

    language: Language
    name: str
    email: str
    clinic: str
    first: bool
    expires_at: datetime
    link: str
    zone: ZoneInfo


class _Words(TypedDict):
    subject_first: str
    subject_reset: str
    greeting: str
    first: str
    reset: str
    account: str
    button: str
    personal: str
    until: str
    replaced: str
    unexpected: str
    automatic: str


_WORDS: dict[Language, _Words] = {
    "pt-BR": {
        "subject_first": "Sua conta na {clinic}: escolha uma senha",
        "subject_reset": "Escolha uma senha nova para a {clinic}",
        "greeting": "Olá, {name}.",
        "first": "A administração da {clinic} criou uma conta para você atender por vídeo.",
        "reset": (
            "A administração da {clinic} pediu uma senha nova para a sua conta. A senha antiga já não vale, e os "
            "aparelhos em que você tinha entrado foram desconectados."
        ),
        "account": "Para entrar, use o e-mail {email} e a senha que você escolher agora.",
        "button": "Escolher a senha",
        "personal": "Este link é só seu e funciona uma vez. Não o repasse a ninguém.",
        "until": "O link funciona até {until}.",
        "replaced": "Links enviados antes deixaram de funcionar.",
        "unexpected": "Não esperava este e-mail? Avise a administração da clínica e não toque no botão.",
        "automatic": "Este e-mail foi enviado automaticamente.",
    },
    "en": {
        "subject_first": "Your account at {clinic}: choose a password",
        "subject_reset": "Choose a new password for {clinic}",
        "greeting": "Hello, {name}.",
        "first": "The administration of {clinic} has made an account for you to see patients by video.",
        "reset": (
            "The administration of {clinic} asked for a new password for your account. The old password no longer "
            "works, and the devices you were signed in on have been signed out."
        ),
        "account": "To sign in, use the e-mail {email} and the password you choose now.",
        "button": "Choose the password",
        "personal": "This link is yours alone and works once. Do not pass it on.",
        "until": "The link works until {until}.",
        "replaced": "Links that were sent before no longer work.",
        "unexpected": "Did not expect this e-mail? Tell the clinic's administration and do not press the button.",
        "automatic": "This e-mail was sent automatically.",
    },
    "es": {
        "subject_first": "Su cuenta en {clinic}: elija una contraseña",
        "subject_reset": "Elija una contraseña nueva para {clinic}",
        "greeting": "Hola, {name}.",
        "first": "La administración de {clinic} creó una cuenta para que usted atienda por video.",
        "reset": (
            "La administración de {clinic} pidió una contraseña nueva para su cuenta. La contraseña anterior ya no "
            "vale, y se cerró la sesión en los dispositivos donde había entrado."
        ),
        "account": "Para entrar, use el correo {email} y la contraseña que elija ahora.",
        "button": "Elegir la contraseña",
        "personal": "Este enlace es solo suyo y funciona una vez. No lo comparta con nadie.",
        "until": "El enlace funciona hasta: {until}.",
        "replaced": "Los enlaces enviados antes dejaron de funcionar.",
        "unexpected": "¿No esperaba este correo? Avise a la administración de la clínica y no toque el botón.",
        "automatic": "Este correo se envió automáticamente.",
    },
}


def account(facts: AccountFacts) -> Content:
    """The letter in the reader's language."""
    words = _WORDS[facts.language]
    known = {
        "clinic": facts.clinic,
        "name": facts.name,
        "email": facts.email,
        "until": long_date(facts.expires_at, facts.language, facts.zone),
    }
    first = words["first"] if facts.first else words["reset"]
    subject = words["subject_first"] if facts.first else words["subject_reset"]
    small = (words["personal"], words["until"], words["replaced"], words["unexpected"])
    return Content(
        language=facts.language,
        subject=subject.format(**known),
        greeting=words["greeting"].format(**known),
        paragraphs=(first.format(**known), words["account"].format(**known)),
        button=words["button"],
        link=facts.link,
        small=tuple(line.format(**known) for line in small),
        footer=(facts.clinic, words["automatic"]),
    )
