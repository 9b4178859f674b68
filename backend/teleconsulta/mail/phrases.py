"""What several letters say, once in each language."""

from __future__ import annotations

from typing import TypedDict

from teleconsulta.kernel.languages import Language


class Phrases(TypedDict):
    greeting: str
    steps: str
    button: str
    personal: str
    window: str
    replaced: str
    emergency: str
    automatic: str
    test: str
    test_why: str


PHRASES: dict[Language, Phrases] = {
    "pt-BR": {
        "greeting": "Olá, {name}.",
        "steps": (
            "Na hora, toque no botão abaixo. Não é preciso instalar nada nem criar conta: basta um celular, tablet ou "
            "computador com câmera e internet."
        ),
        "button": "Entrar na consulta",
        "personal": "Este link é só seu. Não o repasse a ninguém.",
        "window": "O link funciona a partir das {opens} e até as {closes} ({zone}).",
        "replaced": "Os links enviados antes deixaram de funcionar.",
        "emergency": "Em uma emergência, ligue para 192 (SAMU) ou vá ao pronto-socorro mais próximo.",
        "automatic": "Este e-mail foi enviado automaticamente.",
        "test": "Testar agora",
        "test_why": (
            "Quer ter certeza de que vai funcionar? "
            "Teste câmera, microfone, som e internet em um minuto, quando quiser:"
        ),
    },
    "en": {
        "greeting": "Hello, {name}.",
        "steps": (
            "When it is time, press the button below. There is nothing to install and no account to make: a phone, "
            "tablet or computer with a camera and internet is enough."
        ),
        "button": "Join the consultation",
        "personal": "This link is yours alone. Do not pass it on.",
        "window": "The link works from {opens} until {closes} ({zone}).",
        "replaced": "Links that were sent before no longer work.",
        "emergency": "In an emergency, call 192 (the ambulance service in Brazil) or go to the nearest emergency room.",
        "automatic": "This e-mail was sent automatically.",
        "test": "Test now",
        "test_why": (
            "Want to be sure that it will work? Test camera, microphone, sound and internet in a minute, at any time:"
        ),
    },
    "es": {
        "greeting": "Hola, {name}.",
        "steps": (
            "A la hora, toque el botón de abajo. No hay que instalar nada ni crear una cuenta: basta un teléfono, una "
            "tableta o una computadora con cámara e internet."
        ),
        "button": "Entrar a la consulta",
        "personal": "Este enlace es solo suyo. No lo comparta con nadie.",
        "window": "El enlace funciona desde las {opens} y hasta las {closes} ({zone}).",
        "replaced": "Los enlaces enviados antes dejaron de funcionar.",
        "emergency": "En una emergencia, llame al 192 (ambulancias en Brasil) o vaya a urgencias.",
        "automatic": "Este correo se envió automáticamente.",
        "test": "Probar ahora",
        "test_why": (
            "¿Quiere estar seguro de que va a funcionar? "
            "Pruebe cámara, micrófono, sonido e internet en un minuto, cuando quiera:"
        ),
    },
}
