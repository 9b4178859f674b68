"""Registrations: what is taken, how it is kept, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from teleconsulta.clinic.values import (
    Cnpj,
    Line,
    Phone,
    PostalCode,
    Registration,
    TimeZone,
    cnpj_digits,
    cnpj_shown,
    council,
    read_council,
)

CNPJ = TypeAdapter(Cnpj)


class TestCnpj:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("11.444.777/0001-61", "11444777000161"),
            ("00.000.000/0001-91", "00000000000191"),
            ("12.abc.345/01de-35", "12ABC34501DE35"),  # the example of IN RFB 2.229/2024
        ],
    )
    def test_is_kept_without_punctuation(self, typed: str, kept: str) -> None:
        assert CNPJ.validate_python(typed) == kept

    @pytest.mark.parametrize("typed", ["11.444.777/0001-62", "11111111111111", "1144477700016", "", "AAAAAAAAAAAAAA"])
    def test_with_other_check_digits_is_refused(self, typed: str) -> None:
        with pytest.raises(ValidationError):
            CNPJ.validate_python(typed)

    @given(
        st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12).filter(
            lambda b: len(set(b)) > 1
        )
    )
    def test_of_any_base_is_taken_back_as_it_is_shown_but_not_with_one_digit_changed(self, base: str) -> None:
        number = base + cnpj_digits(base)
        assert CNPJ.validate_python(cnpj_shown(number)) == number
        with pytest.raises(ValidationError):
            CNPJ.validate_python(number[:-1] + str((int(number[-1]) + 1) % 10))


class TestCouncil:
    @pytest.mark.parametrize(
        "text", ["CRM/SP 123456", "crm-sp 123.456", "CRM SP nº 123456", "CRMSP123456", " CRM/SP: 123456 "]
    )
    def test_is_read_as_people_write_it(self, text: str) -> None:
        assert read_council(text) == ("123456", "SP")

    @pytest.mark.parametrize("text", [None, "", "CRP 06/12345", "CRM", "123456"])
    def test_of_another_profession_is_not_a_physicians(self, text: str | None) -> None:
        assert read_council(text) is None

    def test_is_written_as_it_is_read(self) -> None:
        assert read_council(council("98765", "AM")) == ("98765", "AM")


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (PostalCode, "01310-100", "01310100"),
        (Registration, "012.345", "12345"),
        (Phone, " (11) 3333-4444 ", "(11) 3333-4444"),
        (TimeZone, "America/Manaus", "America/Manaus"),
        (Line, "  Clínica São José ", "Clínica São José"),
    ],
)
def test_a_field_is_kept_clean(kind: Any, typed: str, kept: str) -> None:
    assert TypeAdapter(kind).validate_python(typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (PostalCode, "1310-100"),
        (Registration, "12345678"),
        (Registration, "000"),
        (Registration, "12a"),
        (Phone, "123"),
        (Phone, "ligue já"),
        (TimeZone, "Brasilia"),
        (TimeZone, "../etc/passwd"),
        (Line, "duas\nlinhas"),
        (Line, "virada \u202e"),
    ],
)
def test_what_a_field_cannot_be_is_refused(kind: Any, typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(typed)
