"""Names and addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from teleconsulta.patients.values import PersonWish


def wish(name: str = "Bia", email: str | None = None) -> PersonWish:
    return PersonWish(name=name, email=email)


@pytest.mark.parametrize(
    "name",
    [
        "João d'Ávila-Ñuñez",
        "Zoë 👩🏽‍⚕️",
        "محمد بن عبد الله",
        "שרה כהן",
        "李小龍",
        "ஸ்ரீனிவாசன்",
        "a" * 200,
        "X Æ A-12",
        '"Bia" <b>',
        "Robert'); DROP TABLE people;--",
    ],
)
def test_any_script_and_emoji_are_names(name: str) -> None:
    assert wish(name).name == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "blank"),
        ("   ", "blank"),
        ("\u200b\u200b", "blank"),
        ("a" * 201, "string_too_long"),
        ("Bia\r\nBcc: all@clinica.example", "unprintable"),
        ("Bia\nX", "unprintable"),
        ("Bia\x00", "unprintable"),
        ("Bia\u2028X", "unprintable"),
        ("Bia\u202eaiB", "unprintable"),
        ("Bia\x1b[31m", "unprintable"),
    ],
)
def test_what_hides_or_injects_is_refused(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        wish(name)
    assert [error["type"] for error in refused.value.errors()] == [code]


def test_names_are_composed_and_trimmed() -> None:
    assert wish("  Joa\u0303o ").name == "Jo\u00e3o"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bia@paciente.example", "bia@paciente.example"),
        (" Bia.Q+consulta@Paciente.Example ", "Bia.Q+consulta@paciente.example"),
        ("bia@clínica.com.br", "bia@xn--clnica-4va.com.br"),
        ("medica@demo.local", "medica@demo.local"),
        ("", None),
        (None, None),
    ],
)
def test_addresses_that_work(typed: str | None, kept: str | None) -> None:
    assert wish(email=typed).email == kept


@pytest.mark.parametrize(
    "typed",
    [
        "bia",
        "bia@",
        "@paciente.example",
        "bia@paciente",
        "bia@@paciente.example",
        "bia@paciente..example",
        ".bia@paciente.example",
        "b ia@paciente.example",
        "bia@paciente.example\r\nBcc: x@y.example",
        "Bia <bia@paciente.example>",
        "bia@-paciente.example",
        "bia,caio@paciente.example",
        "bía@paciente.example",
        "a" * 65 + "@paciente.example",
        "a@" + "b" * 250 + ".example",
        "bia@paciente.example\x00",
    ],
)
def test_addresses_that_do_not(typed: str) -> None:
    with pytest.raises(ValidationError):
        wish(email=typed)


@settings(deadline=None)
@given(st.text(max_size=250))
def test_whatever_is_accepted_fits_one_line(text: str) -> None:
    try:
        name = wish(text).name
    except ValidationError:
        return
    assert name == name.strip()
    assert len(name.splitlines()) == 1
    name.encode()
