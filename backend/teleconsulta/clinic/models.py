"""The clinic's one row, and what a doctor's documents say beyond name and council."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from teleconsulta.kernel.db import Base

DEFAULT_ZONE = "America/Sao_Paulo"


class ClinicProfile(Base):
    """The clinic as the law wants it named (CFM 2.314/2022, art. 17). There is one row, with id 1, or none yet."""

    __tablename__ = "clinic_profile"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    legal_name: Mapped[str | None] = mapped_column(Text)
    trade_name: Mapped[str | None] = mapped_column(Text)
    cnpj: Mapped[str | None] = mapped_column(Text)  # 14 characters without punctuation
    crm_pj: Mapped[str | None] = mapped_column(Text)  # digits
    crm_pj_uf: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    uf: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(Text)  # eight digits
    phone: Mapped[str | None] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text, default=DEFAULT_ZONE)
    director_name: Mapped[str | None] = mapped_column(Text)
    director_crm: Mapped[str | None] = mapped_column(Text)  # digits
    director_uf: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime]


class DoctorProfile(Base):
    """A doctor's specialty and professional address. Name and council stay where they are: with the user."""

    __tablename__ = "doctor_profiles"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    specialty: Mapped[str | None] = mapped_column(Text)
    rqe: Mapped[list[str]] = mapped_column(JSONB, default=list)  # digits, each a registered specialty
    address: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    uf: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime]


class ClinicBrand(Base):
    """The clinic's logo and colour. There is one row, with id 1, or none yet."""

    __tablename__ = "clinic_brand"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    accent: Mapped[str | None] = mapped_column(Text)  # #rrggbb
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)  # a PNG of our own drawing
    logo_sha256: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime]
