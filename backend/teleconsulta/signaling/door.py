"""Who knocks: from a handshake to a person, and to everything the room has to know about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError

from teleconsulta.auth.identity import ParticipantIdentity, read_participant
from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.presence.errors import ConsentRequired, RoomIsClosed
from teleconsulta.signaling import repository
from teleconsulta.signaling.errors import OldPage, Revoked, TooEarly
from teleconsulta.signaling.protocol import PROTOCOL, ChatMessage, Handshake
from teleconsulta.signaling.repository import Place

REMEMBERED = timedelta(minutes=15)
"""Longer than an access token lives, and than any question to the database takes."""


@dataclass(frozen=True, slots=True)
class StaffToken:
    """An access token of ours. Whether its session still stands is for the database to say."""

    user_id: UUID
    session_id: UUID
    issued_at: datetime


Knocker = StaffToken | ParticipantIdentity


def handshake(auth: object) -> Handshake:
    """The `auth` of a connect.

    Raises:
        Unauthorized: without a token.
        OldPage: of another protocol, or not of this shape.
    """
    if not isinstance(auth, Mapping) or not isinstance(auth.get("token"), str) or not auth["token"]:
        raise Unauthorized
    if auth.get("protocol") != PROTOCOL:
        raise OldPage
    try:
        return Handshake.model_validate(auth)
    except ValidationError as error:
        raise OldPage from error


def knocker(tokens: Tokens, raw: str) -> Knocker:
    """Whom a token stands for.

    Raises:
        TokenExpired, Unauthorized.
    """
    try:
        return read_participant(tokens, raw)
    except TokenExpired:
        raise
    except Unauthorized:
        claims = tokens.read(raw, "access")
    try:
        return StaffToken(UUID(claims.subject), UUID(str(claims["sid"])), claims.issued_at)
    except (KeyError, ValueError) as error:
        raise Unauthorized from error


class Withdrawals:
    """What was withdrawn a short while ago, for connects that asked the database just before, or not at all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._when: dict[UUID, datetime] = {}
        self._consents: dict[UUID, datetime] = {}

    def note(self, thing: UUID) -> None:
        """A participant, session, user or room (their ids never clash) was withdrawn now."""
        moment = self._clock()
        self._when = {known: at for known, at in self._when.items() if at + REMEMBERED > moment}
        self._when[thing] = moment

    def note_consent(self, participant_id: UUID) -> None:
        """A participant took their consent back now; they may give it again."""
        moment = self._clock()
        self._consents = {known: at for known, at in self._consents.items() if at + REMEMBERED > moment}
        self._consents[participant_id] = moment

    def check(self, person: Knocker, asked_at: datetime) -> None:
        """Refuse whoever was let in by knowledge of `asked_at`, or by a token, that is out of date.

        Raises:
            Revoked, ConsentRequired.
        """
        if isinstance(person, StaffToken):
            since = self._when.get(person.user_id)
            # Somebody who signed in again after that is welcome; tokens count in whole seconds.
            gone = person.session_id in self._when or (
                since is not None and person.issued_at < since - timedelta(seconds=1)
            )
        else:
            since = self._when.get(person.participant_id)
            gone = since is not None and since >= asked_at
            consent = self._consents.get(person.participant_id)
            if not gone and consent is not None and consent >= asked_at:
                raise ConsentRequired
        if gone:
            raise Revoked

    def check_room(self, room_id: UUID, asked_at: datetime) -> None:
        """
        Raises:
            RoomIsClosed.
        """
        since = self._when.get(room_id)
        if since is not None and since >= asked_at:
            raise RoomIsClosed


def check(place: Place | None, now: datetime) -> Place:
    """Whether somebody may take this place now.

    Raises:
        Unauthorized, Revoked, RoomIsClosed, TooEarly, ConsentRequired.
    """
    if place is None:
        raise Unauthorized
    if place.revoked or not place.session_live:
        raise Revoked
    if not place.room_open or now >= place.facts.closes_at:
        raise RoomIsClosed
    is_doctor = place.who.role == "doctor"
    if now < place.opens_at and not is_doctor:
        raise TooEarly(opens_at=place.opens_at)
    if not place.who.may_enter:
        raise ConsentRequired
    return place


async def ask(
    database: Database, person: Knocker, room_id: UUID, *, history: bool
) -> tuple[Place | None, list[ChatMessage]]:
    """The place of this person in that room, and the room's last messages when they are wanted.

    Raises:
        Unavailable: the database does not answer.
    """
    async with database.session() as session:
        if isinstance(person, StaffToken):
            place = await repository.place_of_doctor(session, room_id, person.user_id, person.session_id)
        else:
            place = await repository.place_of_participant(session, room_id, person.participant_id)
        messages = await repository.recent_messages(session, room_id) if history and place else []
    return place, messages
