"""The clinic's face: a logo and a colour. Everybody may see them, administrators change them."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta import audit
from teleconsulta.audit import Action
from teleconsulta.auth.identity import StaffIdentity
from teleconsulta.clinic import colours, logos
from teleconsulta.clinic.models import ClinicBrand
from teleconsulta.kernel.errors import Invalid

_ONLY = 1


class WeakColour(Invalid):
    code, detail = "brand_contrast", "White words on this colour, or its words on the page, cannot be read well."


class NotALogo(Invalid):
    code, detail = "brand_not_a_logo", "This is no PNG or JPEG that can be used as a logo."


class BrandShades(BaseModel):
    accent: str
    strong: str
    soft: str
    on: str


class BrandOut(BaseModel):
    """`logo` is the picture's address on this server; `light` and `dark` are the shades made of `accent`."""

    accent: str | None
    logo: str | None
    light: BrandShades | None
    dark: BrandShades | None

    @classmethod
    def of(cls, brand: ClinicBrand) -> Self:
        made = colours.palette(brand.accent) if brand.accent else None
        return cls(
            accent=brand.accent,
            logo=f"/api/clinic/logo?v={brand.logo_sha256[:16]}" if brand.logo_sha256 else None,
            light=BrandShades(**asdict(made.light)) if made else None,
            dark=BrandShades(**asdict(made.dark)) if made else None,
        )


class BrandWish(BaseModel):
    """`accent`: `#rrggbb`, or null for the program's own."""

    model_config = ConfigDict(extra="forbid")

    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)] | None


class LogoWish(BaseModel):
    """A PNG or JPEG file in Base64; a browser makes it smaller first."""

    model_config = ConfigDict(extra="forbid")

    data: Annotated[str, Field(min_length=1, max_length=64_000)]


async def read(session: AsyncSession, now: datetime) -> ClinicBrand:
    """The brand, to be read; an empty one belongs to no session."""
    found = await session.get(ClinicBrand, _ONLY)
    return found or ClinicBrand(id=_ONLY, accent=None, logo=None, logo_sha256=None, updated_at=now)


async def shown(session: AsyncSession, now: datetime) -> BrandOut | None:
    """For the pages of patients; None when the clinic has neither logo nor colour."""
    brand = await read(session, now)
    return BrandOut.of(brand) if brand.accent or brand.logo_sha256 else None


async def colour(session: AsyncSession, admin: StaffIdentity, accent: str | None, now: datetime) -> ClinicBrand:
    """Raises:
    WeakColour: `ratio` says how much contrast there is.
    """
    if accent is not None and (ratio := colours.readable(accent)) < colours.LEAST:
        raise WeakColour(ratio=round(ratio, 2), least=colours.LEAST)
    brand = await _for_change(session, now)
    brand.accent = accent
    await audit.record(session, Action.BRAND_CHANGED, actor=admin, details={"fields": ["accent"]})
    return brand


async def logo(session: AsyncSession, admin: StaffIdentity, data: str | None, now: datetime) -> ClinicBrand:
    """Another logo, drawn anew; none for None.

    Raises:
        NotALogo.
    """
    picture: bytes | None = None
    if data is not None:
        try:
            picture = await asyncio.to_thread(logos.redraw, base64.b64decode(data, validate=True))
        except (binascii.Error, logos.NoPicture) as error:
            raise NotALogo from error
    brand = await _for_change(session, now)
    brand.logo = picture
    brand.logo_sha256 = hashlib.sha256(picture).hexdigest() if picture else None
    details = {"fields": ["logo"], "sha256": brand.logo_sha256}
    await audit.record(session, Action.BRAND_CHANGED, actor=admin, details=details)
    return brand


async def _for_change(session: AsyncSession, now: datetime) -> ClinicBrand:
    await session.execute(insert(ClinicBrand).values(id=_ONLY, updated_at=now).on_conflict_do_nothing())
    brand = await session.get_one(ClinicBrand, _ONLY, with_for_update=True)
    brand.updated_at = now
    return brand
