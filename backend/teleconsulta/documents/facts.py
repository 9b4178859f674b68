"""What a certificate of attendance says, and what it cannot be issued without. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from teleconsulta.auth.models import User
from teleconsulta.clinic.lines import address, clinic_lines
from teleconsulta.clinic.models import ClinicProfile, DoctorProfile
from teleconsulta.clinic.values import council, read_council
from teleconsulta.patients.models import Person
from teleconsulta.patients.values import document_shown

_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip
_BRASILIA = "America/Sao_Paulo"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Every line of the certificate, as it is printed (CFM 2.314/2022, art. 13 and 17; CFM 2.299/2021)."""

    patient: str
    patient_document: str | None
    day: str
    begins: str
    ends: str
    zone: str
    doctor: str
    council: str
    specialty: str | None
    rqe: tuple[str, ...]
    doctor_address: str
    clinic: tuple[str, ...]
    place_and_date: str
    code: str
    link: str
    demo: bool


def missing(user: User, doctor: DoctorProfile, clinic: ClinicProfile) -> list[str]:
    """What has to be filled in first. A practice without CNPJ is one person's, and has no director to name."""
    lacking = {
        "doctor.crm": read_council(user.council) is None,
        "doctor.address": doctor.address is None,
        "doctor.city": doctor.city is None or doctor.uf is None,
        "clinic.legal_name": clinic.legal_name is None,
        "clinic.address": clinic.address is None,
        "clinic.city": clinic.city is None or clinic.uf is None,
        "clinic.crm_pj": clinic.cnpj is not None and (clinic.crm_pj is None or clinic.crm_pj_uf is None),
        "clinic.director": clinic.cnpj is not None
        and (clinic.director_name is None or clinic.director_crm is None or clinic.director_uf is None),
    }
    return [field for field, absent in lacking.items() if absent]


def attendance(
    user: User,
    doctor: DoctorProfile,
    clinic: ClinicProfile,
    patient: Person,
    attended: tuple[datetime, datetime],
    now: datetime,
    *,
    code: str,
    link: str,
    demo: bool,
) -> Attendance:
    """The certificate's lines, in the clinic's zone. The profiles are complete: `missing` found nothing."""
    zone = ZoneInfo(clinic.time_zone)
    begin, end, issued = (moment.astimezone(zone) for moment in (*attended, now))
    number, uf = read_council(user.council) or ("", "")
    document = None
    if patient.document_kind is not None and patient.document_number is not None:
        document = document_shown(patient.document_kind, patient.document_number)
    last = clock(end) if end.date() == begin.date() else f"{clock(end)} de {long_day(end)}"
    return Attendance(
        patient=patient.name,
        patient_document=document,
        day=long_day(begin),
        begins=clock(begin),
        ends=last,
        zone=zone_name(begin, clinic.time_zone),
        doctor=user.name,
        council=council(number, uf),
        specialty=doctor.specialty if doctor.rqe else None,
        rqe=tuple(doctor.rqe),
        doctor_address=address(doctor.address, doctor.city, doctor.uf, doctor.postal_code),
        clinic=tuple(clinic_lines(clinic)),
        place_and_date=(
            f"{doctor.city}/{doctor.uf}, {long_day(issued)}, às {clock(issued)} ({zone_name(issued, clinic.time_zone)})"
        ),
        code=code,
        link=link,
        demo=demo,
    )


def long_day(moment: datetime) -> str:
    """`27 de novembro de 2026`, the first of a month as `1º`."""
    day = "1º" if moment.day == 1 else str(moment.day)
    return f"{day} de {_MONTHS[moment.month - 1]} de {moment.year}"


def clock(moment: datetime) -> str:
    return f"{moment:%Hh%M}"


def zone_name(moment: datetime, name: str) -> str:
    """`horário de Brasília, UTC−03:00`; elsewhere the zone's own name."""
    offset = f"{moment:%z}"
    sign = "−" if offset.startswith("-") else "+"
    shown = f"UTC{sign}{offset[1:3]}:{offset[3:5]}"
    return f"horário de Brasília, {shown}" if name == _BRASILIA else f"fuso {name}, {shown}"
