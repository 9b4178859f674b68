"""What a cause means for a consultation: a traffic light. Pure.

It judges devices and networks, never people or their health (ANVISA RDC 657/2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from teleconsulta.kernel.causes import CAUSES, Cause

Light = Literal["green", "amber", "red"]

# The consultation takes place in spite of it, with less: a smaller picture, none, or some waiting.
MILD: frozenset[Cause] = frozenset(
    {
        "camera_busy",
        "unsuitable_device",
        "clock_skew",
        "udp_blocked",
        "low_bandwidth",
        "too_early",
        "seat_taken",
        "permission_dismissed",
    }
)

LIGHT_OF: Mapping[Cause, Light] = MappingProxyType({cause: "amber" if cause in MILD else "red" for cause in CAUSES})


def light_of(causes: Iterable[Cause]) -> Light:
    """The worst of them; green without any."""
    lights = {LIGHT_OF[cause] for cause in causes}
    if "red" in lights:
        return "red"
    return "amber" if lights else "green"


def worst_first(causes: Iterable[Cause]) -> list[Cause]:
    """Each once, the grave ones first, else in the order in which they were told."""
    return sorted(dict.fromkeys(causes), key=lambda cause: LIGHT_OF[cause] != "red")
