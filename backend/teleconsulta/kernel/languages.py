"""The languages people are spoken to in."""

from typing import Literal

Language = Literal["pt-BR", "en", "es"]

LANGUAGES: tuple[Language, ...] = ("pt-BR", "en", "es")
DEFAULT: Language = "pt-BR"


def known(tag: str) -> Language:
    """The language of a stored or asked-for tag; Portuguese when it is none of ours."""
    return next((language for language in LANGUAGES if language == tag), DEFAULT)
