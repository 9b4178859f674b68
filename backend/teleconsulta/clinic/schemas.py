"""What travels about the clinic and its doctors."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from teleconsulta.auth.models import User
from teleconsulta.clinic.models import DEFAULT_ZONE, ClinicProfile, DoctorProfile
from teleconsulta.clinic.values import (
    Cnpj,
    Line,
    OrNone,
    Phone,
    PostalCode,
    Registration,
    TimeZone,
    Uf,
    clean_line,
    read_council,
)

DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(clean_line)
]


class ClinicWish(BaseModel):
    """The whole profile; what is null or blank is not known. A number at a council comes with its state."""

    model_config = ConfigDict(extra="forbid")

    legal_name: Annotated[Line | None, OrNone] = None
    trade_name: Annotated[Line | None, OrNone] = None
    cnpj: Annotated[Cnpj | None, OrNone] = None
    crm_pj: Annotated[Registration | None, OrNone] = None
    crm_pj_uf: Annotated[Uf | None, OrNone] = None
    address: Annotated[Line | None, OrNone] = None
    city: Annotated[Line | None, OrNone] = None
    uf: Annotated[Uf | None, OrNone] = None
    postal_code: Annotated[PostalCode | None, OrNone] = None
    phone: Annotated[Phone | None, OrNone] = None
    time_zone: TimeZone = DEFAULT_ZONE
    director_name: Annotated[Line | None, OrNone] = None
    director_crm: Annotated[Registration | None, OrNone] = None
    director_uf: Annotated[Uf | None, OrNone] = None

    @model_validator(mode="after")
    def _numbers_with_their_states(self) -> Self:
        for number, uf in ((self.crm_pj, self.crm_pj_uf), (self.director_crm, self.director_uf)):
            if number is not None and uf is None:
                raise PydanticCustomError("state_missing", "A number at a council comes with its state.")
        return self


class ClinicOut(BaseModel):
    """What the law wants everybody to be able to read. `cnpj` and `postal_code` are without punctuation."""

    legal_name: str | None
    trade_name: str | None
    cnpj: str | None
    crm_pj: str | None
    crm_pj_uf: str | None
    address: str | None
    city: str | None
    uf: str | None
    postal_code: str | None
    phone: str | None
    time_zone: str
    director_name: str | None
    director_crm: str | None
    director_uf: str | None

    @classmethod
    def of(cls, profile: ClinicProfile) -> ClinicOut:
        return cls(**{name: getattr(profile, name) for name in cls.model_fields})


class DoctorProfileWish(BaseModel):
    """The whole profile. `rqe` are the registrations of specialties; a specialty is printed only with one."""

    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName
    crm_number: Annotated[Registration | None, OrNone] = None
    crm_uf: Annotated[Uf | None, OrNone] = None
    specialty: Annotated[Line | None, OrNone] = None
    rqe: Annotated[list[Registration], Field(max_length=6)] = Field(default_factory=list)
    address: Annotated[Line | None, OrNone] = None
    city: Annotated[Line | None, OrNone] = None
    uf: Annotated[Uf | None, OrNone] = None
    postal_code: Annotated[PostalCode | None, OrNone] = None

    @model_validator(mode="after")
    def _number_with_its_state(self) -> Self:
        if (self.crm_number is None) != (self.crm_uf is None):
            raise PydanticCustomError("state_missing", "A number at a council comes with its state.")
        return self


class DoctorProfileOut(BaseModel):
    """A doctor as documents name them."""

    display_name: str
    crm_number: str | None
    crm_uf: str | None
    specialty: str | None
    rqe: list[str]
    address: str | None
    city: str | None
    uf: str | None
    postal_code: str | None

    @classmethod
    def of(cls, user: User, profile: DoctorProfile) -> DoctorProfileOut:
        number, uf = read_council(user.council) or (None, None)
        return cls(
            display_name=user.name,
            crm_number=number,
            crm_uf=uf,
            specialty=profile.specialty,
            rqe=profile.rqe,
            address=profile.address,
            city=profile.city,
            uf=profile.uf,
            postal_code=profile.postal_code,
        )
