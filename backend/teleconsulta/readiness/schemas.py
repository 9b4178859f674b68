"""What travels about a person's device and network."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from teleconsulta.kernel.causes import CAUSES, Cause
from teleconsulta.readiness.judgement import Light

PathWord = Literal["ok", "blocked", "refused", "unknown", "absent"]
Kbps = Annotated[int, Field(ge=0, le=10_000_000)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class Paths(BaseModel):
    """Which ways out of the network there are; `absent`: the clinic has none of that kind."""

    model_config = ConfigDict(extra="forbid")

    direct: PathWord
    relay_udp: PathWord
    relay_tcp: PathWord
    relay_tls: PathWord


class TestFacts(BaseModel):
    """What was measured. `*_kbps` are kbit/s, null when it could not be measured; `clock_offset_s` is by how many
    seconds the device's clock is behind the server's."""

    __test__ = False  # no test of pytest's

    model_config = ConfigDict(extra="forbid")

    camera: bool
    microphone: bool
    speaker: bool
    websocket: bool
    paths: Paths
    down_kbps: Kbps | None = None
    up_kbps: Kbps | None = None
    clock_offset_s: Annotated[int, Field(ge=-(10**10), le=10**10)] = 0
    device: Literal["phone", "tablet", "desktop"]


class TestWish(BaseModel):
    """A finished test. `token` is that of the personal link; `causes` is everything that was found in the way."""

    __test__ = False

    model_config = ConfigDict(extra="forbid")

    token: Token
    causes: list[Cause] = Field(max_length=len(CAUSES))
    facts: TestFacts


class TroubleWish(BaseModel):
    """What is in the way of somebody who has no socket to say it by; `cause` null: nothing any more.

    `token` is that of the personal link, which may have run out or been withdrawn, or of the seat it was redeemed for.
    """

    model_config = ConfigDict(extra="forbid")

    token: Token
    cause: Cause | None
    wants_phone: bool = False


class ReadinessOut(BaseModel):
    """What the last test of a person's equipment came to; `causes` has the worst first."""

    light: Light
    causes: list[Cause]
    tested_at: datetime
