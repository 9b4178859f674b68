"""Which calls may bring something else than a little JSON. A value, so that the door knows no package by name."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A POST to a path of this shape takes a body of this media type, of at most so many bytes."""

    path: re.Pattern[str]
    media_type: str
    most: int
