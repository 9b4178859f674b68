"""The clinic as its papers and letters name it. Pure."""

from __future__ import annotations

from teleconsulta.clinic.models import ClinicProfile
from teleconsulta.clinic.values import cnpj_shown, council, postal_code_shown
from teleconsulta.kernel.languages import Language

_PHONE: dict[Language, str] = {"pt-BR": "Telefone", "en": "Telephone", "es": "Teléfono"}
_DIRECTOR: dict[Language, str] = {
    "pt-BR": "Direção técnica",
    "en": "Technical director",
    "es": "Dirección técnica",
}


def clinic_lines(clinic: ClinicProfile, language: Language = "pt-BR") -> list[str]:
    """The clinic as the law wants it named, line by line; nothing of what nobody has filled in."""
    name = clinic.legal_name or clinic.trade_name or ""
    if clinic.trade_name and clinic.legal_name and clinic.trade_name != clinic.legal_name:
        name = f"{clinic.trade_name} ({clinic.legal_name})"
    numbers = []
    if clinic.cnpj:
        numbers.append(f"CNPJ {cnpj_shown(clinic.cnpj)}")
    if clinic.crm_pj:
        numbers.append(f"CRM-PJ/{clinic.crm_pj_uf} {clinic.crm_pj}")
    lines = [name, " · ".join(numbers), address(clinic.address, clinic.city, clinic.uf, clinic.postal_code)]
    if clinic.phone:
        lines.append(f"{_PHONE[language]} {clinic.phone}")
    if clinic.director_name and clinic.director_crm:
        registration = council(clinic.director_crm, clinic.director_uf or "")
        lines.append(f"{_DIRECTOR[language]}: {clinic.director_name}, {registration}")
    return [line for line in lines if line]


def address(street: str | None, city: str | None, uf: str | None, postal_code: str | None) -> str:
    """`Rua X, 7, São Paulo/SP, CEP 01310-100`, as far as it is known."""
    place = f"{city}/{uf}" if city and uf else city or uf
    code = f"CEP {postal_code_shown(postal_code)}" if postal_code else None
    return ", ".join(part for part in (street, place, code) if part)
