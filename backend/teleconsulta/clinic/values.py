"""Brazilian registrations as people type them, and as they are kept: CNPJ, council numbers, postal codes. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

Uf = Literal[
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR",
    "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
]  # fmt: skip

_COUNCIL = re.compile(r"CRM\s*[/-]?\s*([A-Z]{2})\s*[:nN.º°]*\s*(\d[\d.]{0,8})", re.IGNORECASE)
_FIRST_WEIGHTS = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def clean_line(text: str) -> str:
    """Composed (NFC) and without spaces around.

    Raises:
        ValueError: it is blank, or holds what cannot be shown in one line.
    """
    line = unicodedata.normalize("NFC", text).strip()
    if not line.isprintable():
        raise PydanticCustomError("unprintable", "The text holds characters that cannot be shown in one line.")
    return line


def clean_cnpj(text: str) -> str:
    """The 14 characters without punctuation; since 2026 the first twelve may be letters (IN RFB 2.229/2024).

    Raises:
        ValueError: it has another length, or its check digits are not right.
    """
    number = re.sub(r"[.\-/\s]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", number) or len(set(number)) == 1:
        raise PydanticCustomError("cnpj", "This is not a CNPJ.")
    if number[12:] != cnpj_digits(number[:12]):
        raise PydanticCustomError("cnpj", "The check digits of this CNPJ are not right.")
    return number


def cnpj_digits(base: str) -> str:
    """The two check digits of the first twelve characters: modulo 11 over each one's ASCII code less 48."""
    first = _check_digit(base, _FIRST_WEIGHTS)
    return first + _check_digit(base + first, (6, *_FIRST_WEIGHTS))


def cnpj_shown(number: str) -> str:
    """`12.ABC.345/01DE-35`."""
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def clean_postal_code(text: str) -> str:
    """Eight digits (CEP).

    Raises:
        ValueError: they are not.
    """
    number = re.sub(r"[.\-\s]", "", text)
    if not re.fullmatch(r"\d{8}", number):
        raise PydanticCustomError("postal_code", "A postal code has eight digits.")
    return number


def postal_code_shown(number: str) -> str:
    return f"{number[:5]}-{number[5:]}"


def clean_registration(text: str) -> str:
    """A number at a council: one to seven digits, without dots and leading zeros.

    Raises:
        ValueError: it is something else.
    """
    number = re.sub(r"[.\s]", "", text).lstrip("0")
    if not re.fullmatch(r"\d{1,7}", number):
        raise PydanticCustomError("registration", "A registration has one to seven digits.")
    return number


def clean_phone(text: str) -> str:
    """Digits, and what people put between them.

    Raises:
        ValueError: it is no telephone number.
    """
    number = clean_line(text)
    if not re.fullmatch(r"\+?[\d ()./-]{8,30}", number) or sum(map(str.isdigit, number)) < 8:
        raise PydanticCustomError("phone", "This is not a telephone number.")
    return number


def known_time_zone(name: str) -> str:
    """Raises:
    ValueError: this machine knows no such zone.
    """
    if name not in available_timezones():
        raise PydanticCustomError("time_zone", "This is no time zone, such as America/Sao_Paulo.")
    return name


def council(number: str, uf: str) -> str:
    """How a registration is kept and shown: `CRM/SP 123456`."""
    return f"CRM/{uf} {number}"


def read_council(text: str | None) -> tuple[str, str] | None:
    """Number and state of a registration as somebody wrote it, or None when it is none of a physician's."""
    found = _COUNCIL.fullmatch(text.strip()) if text else None
    return (found[2].replace(".", ""), found[1].upper()) if found else None


def _check_digit(characters: str, weights: tuple[int, ...]) -> str:
    total = sum((ord(one) - 48) * weight for one, weight in zip(characters, weights, strict=True))
    return "0" if total % 11 < 2 else str(11 - total % 11)


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


OrNone = BeforeValidator(_blank_is_none)
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_line)]
Cnpj = Annotated[str, StringConstraints(max_length=30), AfterValidator(clean_cnpj)]
PostalCode = Annotated[str, StringConstraints(max_length=20), AfterValidator(clean_postal_code)]
Registration = Annotated[str, StringConstraints(max_length=20), AfterValidator(clean_registration)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(clean_phone)]
TimeZone = Annotated[str, StringConstraints(max_length=60), AfterValidator(known_time_zone)]
