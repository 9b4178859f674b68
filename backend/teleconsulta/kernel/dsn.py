"""PostgreSQL's addresses as hosts hand them out, in the form that each of our ways to it understands."""

from __future__ import annotations

import re

from sqlalchemy.engine import URL, make_url


def plain(address: str) -> str:
    """`postgresql://`, without `channel_binding`, which asyncpg would hand to the server as a setting of its own."""
    if address.startswith("postgres://"):
        address = "postgresql://" + address.removeprefix("postgres://")
    found, _, asked = address.partition("?")
    kept = [part for part in asked.split("&") if part and not re.match(r"channel_binding=", part)]
    return found + ("?" + "&".join(kept) if kept else "")


def for_engine(address: str) -> tuple[URL, dict[str, str]]:
    """The address for SQLAlchemy, and arguments for asyncpg: SQLAlchemy hands over what stands behind the question mark
    as it is, and `sslmode` is called `ssl` there."""
    url = make_url(plain(address)).set(drivername="postgresql+asyncpg")
    mode = url.query.get("sslmode")
    return url.difference_update_query(["sslmode"]), {"ssl": mode} if isinstance(mode, str) else {}
