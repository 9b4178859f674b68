"""Names and addresses as people type them: any script, any emoji, nothing that hides or injects."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

MAX_NAME = 200
MAX_EMAIL = 254

# Control characters and line breaks end a mail header; lone surrogates cannot be stored; embeddings and overrides
# turn the text around them. Joiners and the plain right-to-left mark stay: emoji and Arabic need them.
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+")


def clean_name(text: str) -> str:
    """Composed (NFC), without spaces around.

    Raises:
        ValueError: it is blank, or holds characters that cannot be shown in one line.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in _REFUSED or character in _TURNING for character in name):
        raise PydanticCustomError("unprintable", "The text holds characters that cannot be shown in one line.")
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise PydanticCustomError("blank", "The text is blank.")
    return name


def clean_email(text: str) -> str:
    """The address with its domain in lower case ASCII (IDNA).

    Raises:
        ValueError: it is no `local@domain.tld` that can stand in a mail header.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        domain = ""
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise PydanticCustomError("email", "This is not an e-mail address.")
    return f"{local}@{domain}"


def clean_cpf(text: str) -> str:
    """The eleven digits.

    Raises:
        ValueError: there are others, or its check digits are not right.
    """
    number = re.sub(r"[.\-\s]", "", text)
    if not re.fullmatch(r"[0-9]{11}", number) or len(set(number)) == 1 or number[9:] != cpf_digits(number[:9]):
        raise PydanticCustomError("cpf", "This is not a CPF.")
    return number


def cpf_digits(base: str) -> str:
    """The two check digits of the first nine."""
    made = base
    for length in (10, 11):
        total = sum(int(digit) * weight for digit, weight in zip(made, range(length, 1, -1), strict=True))
        made += str(total * 10 % 11 % 10)
    return made[9:]


def document_shown(kind: str, number: str) -> str:
    """As on paper: `CPF 529.982.247-25`, `RG 12.345.678-9`."""
    if kind == "cpf":
        number = f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
    return f"{_DOCUMENTS[kind]} {number}"


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


PersonName = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(clean_name)]
Email = Annotated[str, StringConstraints(max_length=MAX_EMAIL), AfterValidator(clean_email)]
OptionalEmail = Annotated[Email | None, BeforeValidator(_blank_is_none)]

DocumentKind = Literal["cpf", "rg", "cns", "passport"]
_DOCUMENTS: dict[str, str] = {"cpf": "CPF", "rg": "RG", "cns": "CNS", "passport": "Passaporte"}


class PersonDocument(BaseModel):
    """A document that says who somebody is. A CPF's check digits are checked; other numbers are kept as typed."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind
    number: Annotated[str, StringConstraints(max_length=40), AfterValidator(clean_name)]

    @model_validator(mode="after")
    def _known_form(self) -> Self:
        if self.kind == "cpf":
            self.number = clean_cpf(self.number)
        return self


class PersonWish(BaseModel):
    """Whom to invite. Without an e-mail address the link is handed over by other means."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName
    email: OptionalEmail = Field(default=None)
