"""What happens in a room, decided purely: a state and a wish go in, a state and events come out.

Time and ids are arguments. Nothing here waits, writes or sends.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.presence.errors import (
    AlreadyAdmitted,
    ConsentRequired,
    NotSeated,
    RoomFull,
    RoomIsClosed,
    SeatTaken,
)
from teleconsulta.presence.events import (
    Admitted,
    Away,
    CallEnded,
    CallStarted,
    EndReason,
    Joined,
    LeaveReason,
    Left,
    MediaChanged,
    Outcome,
    Resumed,
    RoomClosed,
    TakenOver,
    Updated,
)
from teleconsulta.presence.model import CAPACITY, Arrival, Call, Facts, Media, RoomState, Seat
from teleconsulta.presence.story import Story, end_call, put_out, seated


def opened(facts: Facts, call: Call | None, now: datetime) -> RoomState:
    """A room nobody sits in yet. `call` is the one that the record holds open, from before a restart."""
    return RoomState(facts=facts, call=call, alone_since=now if call else None)


def informed(state: RoomState, facts: Facts) -> Outcome:
    """The database says something newer about the room, such as another time; nobody in it is told for that."""
    return Outcome(replace(state, facts=facts))


def join(state: RoomState, arrival: Arrival, now: datetime, call_id: UUID) -> Outcome:
    """Somebody connects: takes a seat, or their own seat again.

    Raises:
        RoomIsClosed, RoomFull, SeatTaken, ConsentRequired (whatever the record says about an admission).
    """
    if state.closed:
        raise RoomIsClosed
    who = arrival.who
    if not who.may_enter:
        raise ConsentRequired
    if state.seat_of(who.id) is not None:
        return resume(state, arrival, now, call_id)
    story = Story(state)
    known = who.id in state.let_in or (arrival.admitted and who.id not in state.put_out)
    admitted = who.role == "doctor" or state.facts.demo or known
    if admitted and not has_room_for(state, who.role):
        raise RoomFull
    seat = Seat(
        who=who,
        state="admitted" if admitted else "waiting",
        connection=arrival.connection,
        incarnation=arrival.incarnation,
        since=now if admitted else arrival.since or arrival.knocked_at or now,
        media=arrival.media,
        device=arrival.device,
    )
    let_in = state.let_in | {who.id} if admitted else state.let_in
    kept = arrival.since is not None and seat.since < now
    story.tell(Joined, seat, kept, seats=(*state.seats, seat), let_in=let_in)
    return _with_call(story, now, call_id)


def resume(state: RoomState, arrival: Arrival, now: datetime, call_id: UUID) -> Outcome:
    """Somebody who has a seat connects again: the same page silently, another page by taking the seat over.

    Raises:
        SeatTaken: they are online in another page and did not ask for a take-over.
        NotSeated: they have no seat here.
    """
    seat = seated(state, arrival.who.id)
    same_page = seat.incarnation == arrival.incarnation
    if seat.online and not same_page and not arrival.take_over:
        raise SeatTaken
    story = Story(state)
    if seat.connection is not None:
        story.tell(TakenOver, seat, seat.connection, not same_page)
    back = replace(
        seat,
        connection=arrival.connection,
        incarnation=arrival.incarnation,
        media=arrival.media,
        device=arrival.device,
        away_since=None,
    )
    if same_page:
        story.put(Resumed, back, not seat.online or (seat.media, seat.device) != (back.media, back.device))
    else:
        story.put(Updated, back)
    return _with_call(story, now, call_id)


def drop(state: RoomState, participant_id: UUID, connection: str, now: datetime) -> Outcome:
    """A socket closed. A stale one (its owner is already back on another) changes nothing."""
    seat = state.seat_of(participant_id)
    if seat is None or seat.connection != connection:
        return Outcome(state)
    story = Story(state)
    story.put(Away, replace(seat, connection=None, away_since=now))
    return story.outcome()


def admit(state: RoomState, participant_id: UUID, now: datetime, call_id: UUID) -> Outcome:
    """The doctor lets somebody in. Of two pages that ask at once, one does it.

    Raises:
        NotSeated, AlreadyAdmitted, RoomFull.
    """
    seat = seated(state, participant_id)
    if seat.admitted:
        raise AlreadyAdmitted
    if not has_room_for(state, seat.who.role):
        raise RoomFull
    decided = replace(state, let_in=state.let_in | {seat.id}, put_out=state.put_out - {seat.id})
    story = Story(decided)
    story.put(Admitted, replace(seat, state="admitted", notice=None))
    return _with_call(story, now, call_id)


def refuse(state: RoomState, participant_id: UUID, now: datetime, message: str | None = None) -> Outcome:
    """The doctor does not let somebody in who waits, and may say why.

    Raises:
        NotSeated: nobody like that waits.
    """
    seat = seated(state, participant_id)
    if seat.admitted:
        raise NotSeated
    return _gone(put_out(state, seat), seat, "refused", now, message)


def remove(state: RoomState, participant_id: UUID, now: datetime) -> Outcome:
    """The doctor shows somebody out; they may knock again.

    Raises:
        NotSeated: nobody like that sits here; a doctor is not shown out.
    """
    seat = seated(state, participant_id)
    if seat.is_doctor:
        raise NotSeated
    return _gone(put_out(state, seat), seat, "removed", now)


def revoke(state: RoomState, participant_id: UUID, now: datetime) -> Outcome:
    """Somebody's invitation was withdrawn."""
    seat = state.seat_of(participant_id)
    if seat is None:
        return Outcome(state)
    return _gone(put_out(state, seat), seat, "revoked", now)


def withdraw_consent(state: RoomState, participant_id: UUID, now: datetime) -> Outcome:
    """Somebody took their authorisation back: the seat is given up, and the doctor's admission with it, so that after
    a new agreement they wait as everybody does. Whoever has no seat at the moment loses the admission all the same."""
    forgotten = replace(state, let_in=state.let_in - {participant_id}, put_out=state.put_out | {participant_id})
    seat = state.seat_of(participant_id)
    return _gone(forgotten, seat, "consent_withdrawn", now) if seat else Outcome(forgotten)


def leave(state: RoomState, participant_id: UUID, connection: str, now: datetime) -> Outcome:
    """Somebody gives the seat up at once. A stale socket gives up nothing."""
    seat = state.seat_of(participant_id)
    if seat is None or seat.connection != connection:
        return Outcome(state)
    return _gone(state, seat, "left", now)


def set_media(state: RoomState, participant_id: UUID, media: Media) -> Outcome:
    """Somebody says what they are sending now.

    Raises:
        NotSeated.
    """
    seat = seated(state, participant_id)
    if seat.media == media:
        return Outcome(state)
    story = Story(state)
    story.put(MediaChanged, replace(seat, media=media))
    return story.outcome()


def expire(state: RoomState, now: datetime, grace: timedelta) -> Outcome:
    """The grace time of whoever is away is over; a call that fewer than two are left in is too."""
    story = Story(state)
    for seat in state.seats:
        if seat.away_since is not None and seat.away_since + grace <= now:
            _unseat(story, seat, "timeout", seat.away_since)
    alone = story.state.alone_since
    if alone is not None and alone + grace <= now:
        end_call(story, "timeout", alone)
    return story.outcome()


def close(state: RoomState, reason: EndReason, now: datetime) -> Outcome:
    """The consultation is over for everybody, for good. Doing it twice is fine."""
    if state.closed:
        return Outcome(state)
    story = Story(state)
    if state.call is not None:
        story.tell(CallEnded, state.call, reason, now, True)
    story.tell(RoomClosed, state.seats, state.call, reason, seats=(), call=None, closed=True, alone_since=None)
    return story.outcome()


def next_deadline(state: RoomState, grace: timedelta) -> datetime | None:
    """When `expire` will next have something to do, if nothing else happens."""
    moments = [seat.away_since for seat in state.seats if seat.away_since is not None]
    if state.alone_since is not None:
        moments.append(state.alone_since)
    return min(moments) + grace if moments else None


def has_room_for(state: RoomState, role: str) -> bool:
    """Whether one more person of this role may be admitted: the doctor's own place is never given away."""
    others = sum(1 for seat in state.admitted if not seat.is_doctor)
    return role == "doctor" or others < CAPACITY - 1


def may_see(viewer: Seat, seat: Seat) -> bool:
    """Who waits sees themselves and the doctor; only the doctor sees who waits."""
    return viewer.id == seat.id or viewer.is_doctor or seat.is_doctor or (viewer.admitted and seat.admitted)


def _gone(state: RoomState, seat: Seat, reason: LeaveReason, now: datetime, message: str | None = None) -> Outcome:
    story = Story(state)
    _unseat(story, seat, reason, now, message)
    return story.outcome()


def _unseat(story: Story, seat: Seat, reason: LeaveReason, at: datetime, message: str | None = None) -> None:
    others = tuple(other for other in story.state.seats if other.id != seat.id)
    story.tell(Left, seat, reason, at, message, seats=others)
    if len(story.state.admitted) < 2 and seat.admitted:
        end_call(story, reason if reason == "timeout" or reason == "consent_withdrawn" else "left", at)


def _with_call(story: Story, now: datetime, call_id: UUID) -> Outcome:
    """A call runs as soon as the doctor and one more admitted person are here."""
    present = [seat for seat in story.state.admitted if seat.online]
    if len(present) >= 2:
        story.state = replace(story.state, alone_since=None)
        if story.state.call is None and any(seat.is_doctor for seat in present):
            call = Call(call_id, now)
            story.tell(CallStarted, call, story.state.admitted, call=call)
    return story.outcome()
