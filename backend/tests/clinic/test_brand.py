"""The clinic's logo and colour: readable, and nobody's file but our own."""

from __future__ import annotations

import base64
import io

import pytest
from httpx import AsyncClient
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from teleconsulta.clinic import colours, logos
from teleconsulta.kernel.db import Database
from teleconsulta.mail.layout import Content, as_html
from tests.builders import Builder
from tests.documents.test_certificate import practice, words


def picture(kind: str, size: tuple[int, int] = (900, 300), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0f766e").save(out, kind, **more)
    return out.getvalue()


class TestColours:
    @pytest.mark.parametrize(
        ("one", "other", "ratio"),
        [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0f766e", "#ffffff", 5.47)],
    )
    def test_contrast_is_wcags(self, one: str, other: str, ratio: float) -> None:
        assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
        assert colours.contrast(other, one) == colours.contrast(one, other)

    @pytest.mark.parametrize("accent", ["#0f766e", "#000000", "#1d4ed8", "#9d174d", "#6d28d9", "#b3261e", "#3f3f46"])
    def test_every_pair_of_a_palette_can_be_read(self, accent: str) -> None:
        made = colours.palette(accent)
        pairs = [
            (made.light.accent, made.light.on),
            (made.light.strong, made.light.on),
            (made.light.accent, made.light.soft),
            (made.light.accent, colours.LIGHT_GROUND),
            (made.dark.accent, made.dark.on),
            (made.dark.strong, made.dark.on),
            (made.dark.accent, made.dark.soft),
            (made.dark.accent, colours.DARK_GROUND),
            (made.dark.accent, colours.DARK_SUNKEN),
        ]
        assert [pair for pair in pairs if colours.contrast(*pair) < colours.LEAST] == []


class TestLogos:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_a_picture_is_drawn_anew_and_fits(self, kind: str) -> None:
        made = logos.redraw(picture(kind))
        with Image.open(io.BytesIO(made)) as found:
            assert (found.format, found.size) == ("PNG", (480, 160))

    def test_nothing_hidden_comes_along(self) -> None:
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "segredo")
        made = logos.redraw(picture("PNG", pnginfo=info) + b"<script>alert(1)</script>")
        assert b"segredo" not in made
        assert b"script" not in made

    @pytest.mark.parametrize(
        "file",
        [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            picture("GIF"),
            picture("BMP", (10, 10)),
            picture("PNG")[:60],
            picture("PNG", (logos.LARGEST_SIDE + 1, 1)),
        ],
    )
    def test_what_is_no_png_or_jpeg_is_refused(self, file: bytes) -> None:
        with pytest.raises(logos.NoPicture):
            logos.redraw(file)


async def test_a_patient_sees_what_the_administrator_chose(client: AsyncClient, build: Builder) -> None:
    admin = await build.staff("admin")
    room = await build.room()
    look = {"token": room.patient.link_token}
    before = await client.post("/api/invitations/preview", json=look)
    assert before.json()["room"]["brand"] is None
    assert (await client.get("/api/clinic/logo")).status_code == 404
    weak = await client.put("/api/clinic/brand", json={"accent": "#ffdd00"}, headers=admin.headers)
    assert (weak.status_code, weak.json()["code"]) == (422, "brand_contrast")
    assert weak.json()["ratio"] < 4.5
    good = await client.put("/api/clinic/brand", json={"accent": "#9D174D"}, headers=admin.headers)
    assert good.json()["accent"] == "#9d174d"
    data = base64.b64encode(picture("JPEG")).decode()
    assert (await client.put("/api/clinic/logo", json={"data": data}, headers=admin.headers)).status_code == 200
    shown = (await client.post("/api/invitations/preview", json=look)).json()["room"]["brand"]
    assert shown["light"]["accent"] == "#9d174d"
    logo = await client.get(shown["logo"])
    assert (logo.headers["content-type"], logo.content[:4]) == ("image/png", b"\x89PNG")
    svg = base64.b64encode(b"<svg/>").decode()
    refused = await client.put("/api/clinic/logo", json={"data": svg}, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "brand_not_a_logo")
    assert (await client.delete("/api/clinic/logo", headers=admin.headers)).json()["logo"] is None


async def test_a_certificate_has_the_logo_above_the_clinics_name(
    client: AsyncClient, build: Builder, database: Database
) -> None:
    admin = await build.staff("admin")
    desk = await practice(client, build, database)
    data = base64.b64encode(picture("PNG")).decode()
    await client.put("/api/clinic/logo", json={"data": data}, headers=admin.headers)
    await client.put("/api/clinic/brand", json={"accent": "#9d174d"}, headers=admin.headers)
    content = await desk.file((await desk.issue()).json())
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 1
    assert "Clínica Horizonte" in words(content)


def test_a_letters_button_has_the_colour() -> None:
    content = Content("pt-BR", "Convite", "Olá", (), "Abrir", "https://clinica.example/", (), ())
    assert "background:#9d174d;color:#ffffff" in as_html(content, "#9d174d")
    assert "background:#0f766e;color:#ffffff" in as_html(content)
