"""Profiles that are complete, as the screens send them."""

from __future__ import annotations

from typing import Any

CLINIC: dict[str, Any] = {
    "legal_name": "Horizonte Serviços Médicos Ltda.",
    "trade_name": "Clínica Horizonte",
    "cnpj": "11.444.777/0001-61",
    "crm_pj": "90.123",
    "crm_pj_uf": "SP",
    "address": "Avenida Paulista, 1000, conjunto 42",
    "city": "São Paulo",
    "uf": "SP",
    "postal_code": "01310-100",
    "phone": "(11) 3333-4444",
    "time_zone": "America/Sao_Paulo",
    "director_name": "Dr. Anísio Conceição",
    "director_crm": "45678",
    "director_uf": "SP",
}
DOCTOR: dict[str, Any] = {
    "display_name": "Dra. Íris Valadão",
    "crm_number": "123456",
    "crm_uf": "SP",
    "specialty": "Cardiologia",
    "rqe": ["54321"],
    "address": "Rua da Consolação, 7",
    "city": "São Paulo",
    "uf": "SP",
    "postal_code": "01301-000",
}
