"""The certificate on paper: one page of A4, in Portuguese, with a place to sign and no signature."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from teleconsulta.documents.facts import Attendance

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

TITLE = "Declaração de comparecimento"
# Bitstream Vera comes with reportlab, may be embedded, and has every letter of Portuguese.
_PLAIN, _BOLD = "Vera", "VeraBd"
_TOGETHER = "\N{NO-BREAK SPACE}"
_MARGIN_MM, _QR_MM = 24, 30
_ACCENT = "#0f766e"
_MUTED = "#4b5a57"


class Unprintable(ValueError):
    """The typeface lacks these letters."""


def printable(text: str) -> str:
    """The text in letters that the typeface has; a mark it lacks is left off its letter (ș becomes s).

    Raises:
        Unprintable: a letter cannot be printed at all.
    """
    known = _letters()
    done = []
    for letter in unicodedata.normalize("NFC", text):
        base = unicodedata.normalize("NFD", letter)[0]
        if ord(letter) in known:
            done.append(letter)
        elif ord(base) in known:
            done.append(base)
        else:
            raise Unprintable
    return "".join(done)


def certificate(facts: Attendance, accent: str | None = None, logo: bytes | None = None) -> bytes:
    """The PDF. All texts have been through `printable`; `accent` is `#rrggbb`, `logo` a PNG.

    Reportlab is loaded when the first certificate is issued: most servers' days pass without one, and it is large.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    _letters()
    file = io.BytesIO()
    page = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN_MM * mm,
        rightMargin=_MARGIN_MM * mm,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        title=TITLE,
        author=facts.doctor,
        creator="Teleconsulta",
        lang="pt-BR",
    )
    styles = _styles()

    def text(words: str, style: str = "body") -> Paragraph:
        return Paragraph(words, styles[style])

    first, *others = facts.clinic
    story: list[Flowable] = [_logo(logo)] if logo else []
    name = f'<font color="{accent}">{escape(first)}</font>' if accent else escape(first)
    story += [text(name, "clinic"), *(text(escape(line), "small") for line in others)]
    story += [Spacer(1, 12 * mm), text(TITLE, "title"), text("Atendimento por telemedicina", "subtitle")]
    if facts.demo:
        story.append(text("DEMONSTRAÇÃO. Documento sem valor.", "demo"))
    story += [
        Spacer(1, 6 * mm),
        text(_declaration(facts)),
        Spacer(1, 3 * mm),
        text(
            "O atendimento foi feito por telemedicina, nos termos da Lei nº 14.510/2022 e da Resolução CFM "
            "nº 2.314/2022. Esta declaração registra apenas o comparecimento. Ela não informa diagnóstico e não "
            "substitui atestado médico."
        ),
        Spacer(1, 8 * mm),
        *(text(line) for line in _doctor(facts)),
        Spacer(1, 8 * mm),
        text(escape(facts.place_and_date)),
        Spacer(1, 20 * mm),
        text("_" * 44, "line"),
        text("Assinatura do(a) médico(a)", "small"),
        Spacer(1, 2 * mm),
        text(
            "Emitido sem assinatura. Quem precisar dela pede ao(à) médico(a), que assina à mão ou com certificado "
            "digital ICP-Brasil.",
            "small",
        ),
        Spacer(1, 8 * mm),
        *_verification(facts, styles),
    ]
    page.build(story)
    return file.getvalue()


def _logo(picture: bytes) -> Flowable:
    """The clinic's logo above its name, at most 45 x 15 mm."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image

    drawn = Image(io.BytesIO(picture), width=45 * mm, height=15 * mm, kind="proportional", hAlign="LEFT")
    drawn.spaceAfter = 3 * mm
    return drawn


def _declaration(facts: Attendance) -> str:
    document = f", {escape(facts.patient_document.replace(' ', _TOGETHER))}," if facts.patient_document else ""
    return (
        f"Declaro, para os devidos fins, que <b>{escape(facts.patient)}</b>{document} compareceu a atendimento médico "
        f"por telemedicina em <b>{facts.day}</b>, das <b>{facts.begins}</b> às <b>{facts.ends}</b> ({facts.zone})."
    )


def _doctor(facts: Attendance) -> list[str]:
    lines = [f"<b>{escape(facts.doctor)}</b>"]
    registrations = [escape(facts.council)]
    if facts.rqe:
        registrations.append("RQE " + ", ".join(facts.rqe))
    if facts.specialty:
        registrations.append(escape(facts.specialty))
    return [*lines, " · ".join(registrations), f"Endereço profissional: {escape(facts.doctor_address)}"]


def _verification(facts: Attendance, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, Table

    side = _QR_MM * mm
    square = Drawing(side, side)
    square.add(QrCodeWidget(facts.link, barWidth=side, barHeight=side, barLevel="M"))
    address = escape(facts.link.partition("#")[0])
    words = [
        Paragraph(f"Código de verificação: <b>{facts.code}</b>", styles["body"]),
        Paragraph(
            f"Para conferir se este documento é verdadeiro, aponte a câmera para o quadrado ou digite o código em "
            f"{address}. A página não mostra dados do paciente.",
            styles["small"],
        ),
    ]
    layout = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)]
    return [Table([[square, words]], colWidths=[side + 4 * mm, None], style=layout)]


@cache
def _letters() -> frozenset[int]:
    """The code points of the typeface, which is registered on the way."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    plain, bold = TTFont(_PLAIN, "Vera.ttf"), TTFont(_BOLD, "VeraBd.ttf")
    registerFont(plain)
    registerFont(bold)
    addMapping(_PLAIN, 0, 0, _PLAIN)
    addMapping(_PLAIN, 1, 0, _BOLD)
    return frozenset(plain.face.charToGlyph) & frozenset(bold.face.charToGlyph)


@cache
def _styles() -> dict[str, ParagraphStyle]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName=_PLAIN, fontSize=10.5, leading=16.5, textColor=HexColor("#16211f"))

    def like(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=body, **changes)

    muted = HexColor(_MUTED)
    return {
        "body": body,
        "clinic": like("clinic", fontName=_BOLD, fontSize=12, leading=17, textColor=HexColor(_ACCENT)),
        "small": like("small", fontSize=8.5, leading=12.5, textColor=muted),
        "title": like("title", fontName=_BOLD, fontSize=18, leading=24),
        "subtitle": like("subtitle", fontSize=11, leading=16, textColor=muted),
        "demo": like("demo", fontName=_BOLD, spaceBefore=8, textColor=HexColor("#b42318")),
        "line": like("line", leading=12, textColor=muted),
    }
