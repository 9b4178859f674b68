"""A letter's content once, laid out twice: the text part and the HTML part say the same by construction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from teleconsulta.kernel.languages import Language


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. `small` stands below the button, the `footer` is who writes; a letter that leads nowhere has
    neither button nor link. `test` is a second, smaller way: why, what it is called, and its address."""

    language: Language
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    button: str | None
    link: str | None
    small: tuple[str, ...]
    footer: tuple[str, ...]
    test: tuple[str, str, str] | None = None


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_text(content: Content) -> str:
    return _environment.get_template("letter.txt").render(letter=content)


def as_html(content: Content, accent: str = "#0f766e") -> str:
    """`accent` is the colour of the button, `#rrggbb`; its words are white."""
    return _environment.get_template("letter.html").render(letter=content, accent=accent)
