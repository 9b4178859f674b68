"""What is known of people's equipment and troubles, for the dashboards that are open: a view, of which nothing is lost
when it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.kernel.causes import Cause
from teleconsulta.presence.model import RoomState, Seat
from teleconsulta.signaling.troubles import Readiness

FRESH = timedelta(minutes=20)
"""What was in somebody's way longer ago is no news."""
MANY = 5_000


class Standings:
    """By doctor (a user id), then by participant. Troubles told over a socket are kept here alone."""

    def __init__(self) -> None:
        self._of: dict[UUID, dict[UUID, Readiness]] = {}

    def load(self, doctor_id: UUID, found: Iterable[Readiness]) -> None:
        """Take what the database says; what was told here since is newer."""
        for one in found:
            self.put(doctor_id, one)

    def put(self, doctor_id: UUID, news: Readiness) -> None:
        mine = self._of.setdefault(doctor_id, {})
        known = mine.pop(news.participant_id, None)
        mine[news.participant_id] = news if known is None else _merged(known, news)
        if sum(len(people) for people in self._of.values()) > MANY:
            self._of = {doctor_id: mine}

    def say(
        self, state: RoomState, seat: Seat, cause: Cause | None, now: datetime, *, wants_phone: bool
    ) -> Readiness | None:
        """Somebody in a room said what is in their way. The doctor's own equipment is not told to the doctor."""
        if seat.who.role == "doctor":
            return None
        told = Readiness(
            room_id=state.id,
            participant_id=seat.id,
            name=seat.who.name,
            role=seat.who.role,
            light=None,
            causes=[],
            tested_at=None,
            trouble=cause,
            trouble_at=now,
            wants_phone=wants_phone,
        )
        self.put(state.facts.doctor_id, told)
        return told

    def of(self, doctor_id: UUID, now: datetime) -> Sequence[Readiness]:
        """Everybody of whom something is known, without troubles that are long past."""
        return [_as_of(one, now) for one in self._of.get(doctor_id, {}).values()]

    def forget_room(self, room_id: UUID) -> None:
        """The consultation is over."""
        for mine in self._of.values():
            for participant_id in [one.participant_id for one in mine.values() if one.room_id == room_id]:
                del mine[participant_id]


def _merged(known: Readiness, news: Readiness) -> Readiness:
    """The later test, and the later word on what is in the way."""
    test = news if _later(news.tested_at, known.tested_at) else known
    trouble = news if _later(news.trouble_at, known.trouble_at) else known
    return news.model_copy(
        update={
            "light": test.light,
            "causes": test.causes,
            "tested_at": test.tested_at,
            "trouble": trouble.trouble,
            "trouble_at": trouble.trouble_at,
            "wants_phone": trouble.wants_phone,
        }
    )


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one >= other)


def _as_of(one: Readiness, now: datetime) -> Readiness:
    if one.trouble_at is None or one.trouble_at + FRESH > now:
        return one
    return one.model_copy(update={"trouble": None, "trouble_at": None, "wants_phone": False})
