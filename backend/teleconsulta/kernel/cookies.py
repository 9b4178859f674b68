"""Cookies that no script reads, and how far each travels: as far as the page that asks is from this server."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from teleconsulta.kernel.settings import Settings


def is_far(request: Request, settings: Settings) -> bool:
    """Whether the page that asks belongs to another site, as one at a host of static files does.

    Browsers say so themselves, in a header that no script can set; for older ones that do not, every foreign origin
    counts as far. Without HTTPS no cookie can travel between sites at all.
    """
    if not settings.secure:
        return False
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None:
        return origin is not None and origin != f"https://{request.headers.get('host', '')}"
    return site == "cross-site"


def give(request: Request, response: Response, settings: Settings, name: str, value: str, max_age: int) -> None:
    """Set a cookie for the whole of this host and nobody else, for `max_age` seconds (0 takes it away).

    A far page gets it in a jar of its own (`Partitioned`): the same cookie never shows up under a third site.
    """
    far = is_far(request, settings)
    # A page on a sibling origin (app. beside api.) is same-site; Lax is for where a browser thinks otherwise.
    near: Literal["lax", "strict"] = "lax" if len(settings.allowed_origins) > 1 else "strict"
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        expires=0 if max_age == 0 else None,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="none" if far else near,
    )
    if far:  # Python's own cookies know the word from 3.14 on
        header, text = response.raw_headers[-1]
        response.raw_headers[-1] = (header, text + b"; Partitioned")
