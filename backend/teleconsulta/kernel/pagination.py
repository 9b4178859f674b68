"""Cursor paging: `?limit=&cursor=` gives `{items, next_cursor}`."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from teleconsulta.kernel.errors import Invalid

MAX_LIMIT = 100

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at most.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")]


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*parts: str) -> str:
    """An opaque, URL-safe mark of the last row of a page."""
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parts: int) -> list[str]:
    """The parts given to `encode_cursor`.

    Raises:
        Invalid: it is not a cursor of ours.
    """
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
    except (binascii.Error, ValueError) as error:
        raise Invalid("The cursor is not one of ours.") from error
    if len(found) != parts:
        raise Invalid("The cursor is not one of ours.")
    return found
