"""REST of the clinic's logo and colour."""

from __future__ import annotations

from fastapi import APIRouter, Response

from teleconsulta.auth.errors import SessionEnded
from teleconsulta.auth.identity import Admin
from teleconsulta.clinic import brand
from teleconsulta.clinic.brand import BrandOut, BrandWish, LogoWish, NotALogo, WeakColour
from teleconsulta.clinic.router import Now
from teleconsulta.kernel.db import Session
from teleconsulta.kernel.errors import DomainError, Forbidden, NotFound, RateLimited, Unauthorized, Unavailable
from teleconsulta.kernel.http import problems
from teleconsulta.kernel.limits import Rate, by_address

router = APIRouter(prefix="/api/clinic", tags=["clinic"])

ALWAYS: tuple[type[DomainError], ...] = (Unauthorized, SessionEnded, Forbidden, Unavailable)
READ_BRAND = Rate("read brand", times=120, seconds=60)
PNG = "image/png"


@router.get("/brand", dependencies=[by_address(READ_BRAND)], responses=problems(RateLimited, Unavailable))
async def read_brand(session: Session, now: Now) -> BrandOut:
    """The clinic's logo and colour, with the shades that pages use."""
    return BrandOut.of(await brand.read(session, now()))


@router.put("/brand", responses=problems(*ALWAYS, WeakColour))
async def change_colour(wish: BrandWish, admin: Admin, session: Session, now: Now) -> BrandOut:
    """Another colour, if it can be read."""
    return BrandOut.of(await brand.colour(session, admin, wish.accent, now()))


@router.get(
    "/logo",
    dependencies=[by_address(READ_BRAND)],
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, **problems(NotFound, RateLimited, Unavailable)},
)
async def read_logo(session: Session, now: Now) -> Response:
    """The logo. Its address changes with it, so it may be kept."""
    found = await brand.read(session, now())
    if found.logo is None:
        raise NotFound
    # Everybody may see it, and so may pages of ours that are at another place.
    headers = {"Cache-Control": "public, max-age=86400", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(found.logo, media_type=PNG, headers=headers)


@router.put("/logo", responses=problems(*ALWAYS, NotALogo))
async def change_logo(wish: LogoWish, admin: Admin, session: Session, now: Now) -> BrandOut:
    """Another logo: a PNG or JPEG, which is drawn anew and made to fit."""
    return BrandOut.of(await brand.logo(session, admin, wish.data, now()))


@router.delete("/logo", responses=problems(*ALWAYS))
async def remove_logo(admin: Admin, session: Session, now: Now) -> BrandOut:
    """No logo; pages show the program's own sign."""
    return BrandOut.of(await brand.logo(session, admin, None, now()))
