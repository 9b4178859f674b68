"""News from the database: what was withdrawn or closed elsewhere reaches the sockets at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from uuid import UUID

import structlog

from teleconsulta.kernel.clock import Clock
from teleconsulta.kernel.db import Database
from teleconsulta.kernel.errors import Unavailable
from teleconsulta.presence import state as rules
from teleconsulta.presence.store import Store
from teleconsulta.signaling import repository, views
from teleconsulta.signaling.door import Withdrawals
from teleconsulta.signaling.feeds import Feeds
from teleconsulta.signaling.protocol import RevokedCode
from teleconsulta.signaling.sockets import Connection, Sockets

log = structlog.get_logger(__name__)


class News:
    """Applies announcements to presence and sockets."""

    def __init__(
        self,
        *,
        sockets: Sockets,
        store: Store,
        feeds: Feeds,
        withdrawals: Withdrawals,
        database: Database,
        clock: Clock,
    ) -> None:
        self._sockets, self._store, self._feeds = sockets, store, feeds
        self._withdrawals, self._database, self._clock = withdrawals, database, clock

    async def handle(self, kind: str, ids: dict[str, str]) -> None:
        """One announcement (`kernel.announcements`)."""
        match kind:
            case "participant_revoked":
                await self.participant_revoked(UUID(ids["participant_id"]), UUID(ids["room_id"]))
            case "consent_withdrawn":
                await self.consent_withdrawn(UUID(ids["participant_id"]), UUID(ids["room_id"]))
            case "room_closed":
                await self.room_closed(UUID(ids["room_id"]))
            case "session_ended":
                await self.session_ended(UUID(ids["session_id"]))
            case "user_ended":
                await self.user_ended(UUID(ids["user_id"]))
            case "readiness":
                await self.readiness(UUID(ids["participant_id"]), UUID(ids["room_id"]), UUID(ids["doctor_id"]))
            case "by_phone":
                self.by_phone(UUID(ids["room_id"]))
            case _:
                log.warning("announcement_unknown", kind=kind)

    async def participant_revoked(self, participant_id: UUID, room_id: UUID) -> None:
        self._withdrawals.note(participant_id)
        with self._at_least_cut(participant_id, "revoked"):
            await self._store.update(room_id, lambda s: rules.revoke(s, participant_id, self._clock()))

    async def consent_withdrawn(self, participant_id: UUID, room_id: UUID) -> None:
        self._withdrawals.note_consent(participant_id)
        with self._at_least_cut(participant_id, "consent_withdrawn"):
            await self._store.update(room_id, lambda s: rules.withdraw_consent(s, participant_id, self._clock()))

    async def room_closed(self, room_id: UUID) -> None:
        self._withdrawals.note(room_id)
        self._feeds.standings.forget_room(room_id)
        await self._store.update(room_id, lambda s: rules.close(s, "room_closed", self._clock()))

    async def readiness(self, participant_id: UUID, room_id: UUID, doctor_id: UUID) -> None:
        """Somebody tested their equipment, or could not come in: for the doctor's screens, if any is open."""
        state = self._store.get(room_id)
        doctor = state.seat_of(state.facts.doctor_participant_id) if state else None
        in_room = doctor is not None and doctor.online
        if not in_room and not self._feeds.is_open(doctor_id):
            return
        async with self._database.session() as session:
            found = await repository.standing(session, participant_id)
        if found is None:
            return
        self._feeds.standings.put(doctor_id, found)
        self._feeds.changed(doctor_id)
        if doctor is not None and in_room:
            self._sockets.send(doctor.connection, "trouble_told", views.trouble_told(found))

    def by_phone(self, room_id: UUID) -> None:
        """The doctor goes on by telephone: everybody in the room is told, who waits included."""
        state = self._store.get(room_id)
        if state is not None:
            people = (seat.connection for seat in state.seats)
            self._sockets.send_all(people, "continued_by_phone", views.continued_by_phone(room_id))

    async def session_ended(self, session_id: UUID) -> None:
        self._withdrawals.note(session_id)
        for connection in self._sockets:
            if connection.session_id == session_id:
                await self._sign_out(connection)

    async def user_ended(self, user_id: UUID) -> None:
        self._withdrawals.note(user_id)
        for connection in self._sockets:
            if connection.user_id == user_id:
                await self._sign_out(connection)

    async def recheck(self) -> None:
        """Nobody told us for a while: ask about everybody who is here.

        Raises:
            ConnectionError: the database went away again; the listener will come back to this.
        """
        rooms = [room.id for room in self._store.rooms() if not room.closed]
        seats = {seat.id: room.id for room in self._store.rooms() for seat in room.seats}
        sessions = {(c.session_id, c.user_id) for c in self._sockets if c.session_id and c.user_id}
        try:
            async with self._database.session() as session:
                closed = await repository.closed_among(session, rooms)
                revoked = await repository.revoked_among(session, seats)
                unauthorised = await repository.unauthorised_among(session, seats)
                ended = await repository.ended_among(session, sessions)
        except Unavailable as error:
            raise ConnectionError from error
        for room_id in closed:
            await self.room_closed(room_id)
        for participant_id in revoked:
            await self.participant_revoked(participant_id, seats[participant_id])
        for participant_id in unauthorised:
            await self.consent_withdrawn(participant_id, seats[participant_id])
        for session_id in ended:
            await self.session_ended(session_id)

    @contextlib.contextmanager
    def _at_least_cut(self, participant_id: UUID, code: RevokedCode) -> Iterator[None]:
        """When nothing can be changed, the socket closes all the same; the seat follows when something can again."""
        try:
            yield
        except Unavailable:
            for connection in self._sockets:
                if connection.participant_id == participant_id:
                    self._sockets.dismiss(connection.sid, code)

    async def _sign_out(self, connection: Connection) -> None:
        self._feeds.unsubscribe(connection)
        self._sockets.dismiss(connection.sid, "signed_out")
        room_id, participant_id = connection.room_id, connection.participant_id
        if room_id is not None and participant_id is not None:
            with contextlib.suppress(Unavailable):
                await self._store.update(
                    room_id, lambda s: rules.drop(s, participant_id, connection.sid, self._clock())
                )
