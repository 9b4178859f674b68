"""Time zones by their IANA names: of the machine's database of zones, else of the one that the program brings."""

from __future__ import annotations

from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

LONGEST_NAME = 64


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def clean_zone(name: str) -> str:
    """The name of a zone that there is.

    Raises:
        ValueError: there is none of this name.
    """
    if name not in _names():
        raise PydanticCustomError("time_zone", "This is not a time zone of the IANA database.")
    return name


def zone(name: str) -> ZoneInfo:
    """The zone of a name that `clean_zone` let pass."""
    return ZoneInfo(name)


ZoneName = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(clean_zone)]
