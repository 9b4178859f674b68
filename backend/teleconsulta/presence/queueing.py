"""What the doctor decides about the queue beyond letting in and refusing. Pure, as `state` is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.presence.errors import NotSeated
from teleconsulta.presence.events import Held, Notified, Outcome
from teleconsulta.presence.model import Notice, RoomState
from teleconsulta.presence.story import Story, end_call, put_out, seated

LONGEST_WAIT_SAID = timedelta(hours=2)
"""Beyond that an estimate helps nobody."""
FEWEST_CALLS = 5
"""Fewer past calls say nothing about the next one."""
SHORTEST_CALL = timedelta(minutes=1)
STEP = timedelta(minutes=5)
LONGEST_WAKE = timedelta(minutes=5)
"""No host takes longer to start a server on a request."""


def hold(state: RoomState, participant_id: UUID, now: datetime) -> Outcome:
    """The doctor sends somebody back to wait: where they stood when they came.

    Raises:
        NotSeated: nobody like that is in; a doctor does not wait.
    """
    seat = seated(state, participant_id)
    if seat.is_doctor or not seat.admitted:
        raise NotSeated
    story = Story(put_out(state, seat))
    story.put(Held, replace(seat, state="waiting"))
    if len(story.state.admitted) < 2:
        end_call(story, "left", now)
    return story.outcome()


def notify(state: RoomState, participant_id: UUID, text: str, now: datetime) -> Outcome:
    """The doctor says something to somebody who waits. The last word stays until they are let in.

    Raises:
        NotSeated: nobody like that waits.
    """
    seat = seated(state, participant_id)
    if seat.admitted:
        raise NotSeated
    story = Story(state)
    story.put(Notified, replace(seat, notice=Notice(text, now)))
    return story.outcome()


def kept_place(
    arrived_at: datetime | None, away_since: datetime | None, started_at: datetime, now: datetime, grace: timedelta
) -> datetime | None:
    """Since when somebody has waited whom the record saw arrive and not leave: they keep their place if they are back
    within the grace time, counted from when they were lost or, if that was the server's doing, from its start."""
    if arrived_at is None:
        return None
    lost_at = away_since or started_at
    return arrived_at if now <= lost_at + grace else None


def knocked_at(
    knocking: timedelta, last_sign: datetime | None, started_at: datetime, now: datetime, grace: timedelta
) -> datetime | None:
    """When somebody came who says they have been `knocking` since then, if that was at a server that was asleep.

    Their word is all there is, so it counts for little: only just after a start, only for a time before it, never for
    more than LONGEST_WAKE, and never from before the record's `last_sign` of life. So nobody whose arrival is on
    record can be overtaken by it. None: they came when they connected.
    """
    claimed = now - knocking
    if claimed >= started_at or now > started_at + grace:
        return None
    after_sign = claimed if last_sign is None else last_sign + timedelta.resolution
    return max(claimed, started_at - LONGEST_WAKE, after_sign)


def estimate(
    past: Iterable[timedelta], ahead: int, running: timedelta | None, not_before: timedelta = timedelta(0)
) -> tuple[timedelta, timedelta] | None:
    """Between which times somebody will probably be called, in steps of five minutes; None when nobody can know.

    By the middle half of the doctor's `past` calls: what is left of the one that has been `running`, and one for each
    of those `ahead`. Nobody is called before their own time, which is `not_before` from now.
    """
    lengths = sorted(length for length in past if length >= SHORTEST_CALL)
    if len(lengths) < FEWEST_CALLS or (ahead == 0 and running is None):
        return None
    short, long = _quartiles(lengths)
    least, most = ahead * short, ahead * long
    if running is not None:
        least += max(short - running, timedelta(0))
        # A call that is longer than most is as likely to end now as in the time between short and long.
        most += max(long - running, long - short)
    least, most = max(least, not_before), max(most, not_before)
    least, most = least - least % STEP, most + -most % STEP
    return (least, most) if timedelta(0) < most <= LONGEST_WAIT_SAID else None


def _quartiles(lengths: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
    """The first and the third, each a length that occurred."""
    last = len(lengths) - 1
    return lengths[last // 4], lengths[last - last // 4]
