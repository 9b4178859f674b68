"""The clinic as papers and letters name it."""

from __future__ import annotations

from teleconsulta.clinic.lines import clinic_lines
from teleconsulta.clinic.models import ClinicProfile
from teleconsulta.clinic.schemas import ClinicWish
from teleconsulta.kernel.clock import now
from tests.clinic.papers import CLINIC


def profile(**changes: str | None) -> ClinicProfile:
    wish = ClinicWish.model_validate({**CLINIC, **changes})
    return ClinicProfile(id=1, updated_at=now(), **wish.model_dump())


def test_every_line_of_a_company() -> None:
    assert clinic_lines(profile()) == [
        "Clínica Horizonte (Horizonte Serviços Médicos Ltda.)",
        "CNPJ 11.444.777/0001-61 · CRM-PJ/SP 90123",
        "Avenida Paulista, 1000, conjunto 42, São Paulo/SP, CEP 01310-100",
        "Telefone (11) 3333-4444",
        "Direção técnica: Dr. Anísio Conceição, CRM/SP 45678",
    ]


def test_a_reader_of_another_language_is_told_in_theirs() -> None:
    assert clinic_lines(profile(), "en")[-1] == "Technical director: Dr. Anísio Conceição, CRM/SP 45678"


def test_a_name_is_said_once_and_what_is_unknown_is_left_out() -> None:
    alone = profile(
        trade_name=None, cnpj=None, crm_pj=None, address=None, city=None, uf=None, postal_code=None, phone=None,
        director_name=None,
    )  # fmt: skip
    assert clinic_lines(alone) == ["Horizonte Serviços Médicos Ltda."]


def test_an_empty_profile_says_nothing() -> None:
    assert clinic_lines(ClinicProfile(id=1, time_zone="America/Sao_Paulo", updated_at=now())) == []
