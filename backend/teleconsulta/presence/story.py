"""How a decision is told: a state that goes through several events, and the steps that several decisions share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from teleconsulta.presence.errors import NotSeated
from teleconsulta.presence.events import CallEnded, EndReason, Event, Outcome
from teleconsulta.presence.model import RoomState, Seat


class Story:
    """A state on its way through several events, each with a version of its own."""

    def __init__(self, state: RoomState) -> None:
        self.state = state
        self.events: list[Event] = []

    def tell(self, event: Callable[..., Event], *args: Any, **changes: Any) -> None:
        self.state = replace(self.state, version=self.state.version + 1, **changes)
        self.events.append(event(self.state.version, *args))

    def put(self, event: Callable[..., Event], seat: Seat, *args: Any) -> None:
        seats = tuple(seat if other.id == seat.id else other for other in self.state.seats)
        self.tell(event, seat, *args, seats=seats)

    def outcome(self) -> Outcome:
        return Outcome(self.state, tuple(self.events))


def seated(state: RoomState, participant_id: UUID) -> Seat:
    """
    Raises:
        NotSeated.
    """
    seat = state.seat_of(participant_id)
    if seat is None:
        raise NotSeated
    return seat


def put_out(state: RoomState, seat: Seat) -> RoomState:
    """The doctor's decision that this person is not in; the seat itself stays."""
    return replace(state, let_in=state.let_in - {seat.id}, put_out=state.put_out | {seat.id})


def end_call(story: Story, reason: EndReason, at: datetime) -> None:
    """The call, if there is one, ends; the room stays open."""
    call = story.state.call
    if call is not None:
        story.tell(CallEnded, call, reason, at, False, call=None, alone_since=None)
