"""Presence in the words of the protocol: what each person gets to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from teleconsulta.presence.model import Authorisation, Call, Facts, Notice, RoomState, Seat
from teleconsulta.presence.state import may_see
from teleconsulta.signaling import protocol, waiting
from teleconsulta.signaling.protocol import ChatMessage, wire
from teleconsulta.signaling.troubles import ContinuedByPhone, Readiness, TroubleTold
from teleconsulta.turn.credentials import IceServers


def participant(seat: Seat) -> protocol.Participant:
    media = seat.media
    return protocol.Participant(
        id=seat.id,
        name=seat.who.name,
        role=seat.who.role,
        state=seat.state,
        media=protocol.Media(audio=media.audio, video=media.video, screen=media.screen, recording=media.recording),
        connection="online" if seat.online else "away",
        incarnation=seat.incarnation,
        since=seat.since,
        device=seat.device,
        authorisation=None if seat.admitted else authorisation(seat.who.authorised),
    )


def authorisation(given: Authorisation | None) -> protocol.Authorisation | None:
    if given is None:
        return None
    return protocol.Authorisation(by=given.by, name=given.name, relationship=given.relationship)


def notice(said: Notice | None) -> waiting.Notice | None:
    return None if said is None else waiting.Notice(text=said.text, sent_at=said.sent_at)


def call_info(call: Call | None) -> protocol.CallInfo | None:
    return None if call is None else protocol.CallInfo(id=call.id, started_at=call.started_at)


def room_info(facts: Facts, *, closed: bool) -> protocol.RoomInfo:
    return protocol.RoomInfo(
        id=facts.room_id,
        state="closed" if closed else "open",
        modality=facts.modality,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        closes_at=facts.closes_at,
        doctor_name=facts.doctor_name,
        demo=facts.demo,
    )


def room_state(
    state: RoomState,
    seat: Seat,
    *,
    messages: Sequence[ChatMessage],
    ice: IceServers | None,
    position: int | None,
    estimate: waiting.Estimate | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Everything one person may know. Who waits gets no messages and no ICE servers, whatever is passed."""
    ice = ice if seat.admitted else None
    servers = [
        protocol.IceServer(urls=list(one.urls), username=one.username, credential=one.credential)
        for one in (ice.servers if ice else ())
    ]
    return wire(
        protocol.RoomState(
            version=state.version,
            self=participant(seat),
            room=room_info(state.facts, closed=state.closed),
            participants=[participant(other) for other in state.seats if may_see(seat, other)],
            call=call_info(state.call) if seat.admitted else None,
            messages=list(messages) if seat.admitted else [],
            ice_servers=servers,
            ice_expires_at=ice.expires_at if ice else None,
            server_time=now,
            position=None if seat.admitted else position,
            estimate=None if seat.admitted else estimate,
            notice=None if seat.admitted else notice(seat.notice),
        )
    )


def participant_event(version: int, seat: Seat) -> dict[str, Any]:
    return wire(protocol.ParticipantEvent(version=version, participant=participant(seat)))


def participant_left(version: int, seat: Seat, reason: protocol.LeaveReason) -> dict[str, Any]:
    return wire(protocol.ParticipantLeft(version=version, participant=participant(seat), reason=reason))


def call_started(version: int, call: Call) -> dict[str, Any]:
    return wire(protocol.CallStarted(version=version, call=protocol.CallInfo(id=call.id, started_at=call.started_at)))


def call_ended(version: int, call: Call | None, reason: protocol.EndReason, *, room_closed: bool) -> dict[str, Any]:
    ended = protocol.CallEnded(version=version, call=call_info(call), reason=reason, room_closed=room_closed)
    return wire(ended)


def media_relayed(seat: Seat) -> dict[str, Any]:
    media = seat.media
    relayed = protocol.MediaRelayed(
        **{"from": seat.id}, audio=media.audio, video=media.video, screen=media.screen, recording=media.recording
    )
    return wire(relayed)


def signal_relayed(sender: Seat, signal: protocol.Signal) -> dict[str, Any]:
    """Without the fields that were not there: browsers read a missing `sdpMid` well, and some a null badly."""
    return {"from": str(sender.id), **signal.model_dump(mode="json", exclude={"to"}, exclude_none=True)}


def queue_updated(
    queue: Sequence[tuple[RoomState, Seat]],
    rooms: Sequence[RoomState],
    readiness: Sequence[Readiness],
    now: datetime,
) -> dict[str, Any]:
    """The dashboard's view of one doctor's rooms."""
    return wire(
        protocol.QueueUpdated(
            waiting=[
                protocol.WaitingEntry(
                    room_id=room.id,
                    participant=participant(seat),
                    position=place,
                    scheduled_for=room.facts.starts_at if room.facts.scheduled else None,
                    walk_in=room.facts.walk_in,
                    notice=notice(seat.notice),
                )
                for place, (room, seat) in enumerate(queue, start=1)
            ],
            rooms=[
                protocol.ActiveRoom(
                    room_id=room.id,
                    patient_name=room.facts.patient_name,
                    participants=[participant(seat) for seat in room.seats],
                    call=call_info(room.call),
                )
                for room in rooms
                if room.seats
            ],
            readiness=list(readiness),
            server_time=now,
        )
    )


def trouble_told(news: Readiness) -> dict[str, Any]:
    """For the doctor in the room."""
    told = TroubleTold(
        participant_id=news.participant_id, name=news.name, cause=news.trouble, wants_phone=news.wants_phone
    )
    return wire(told)


def continued_by_phone(room_id: UUID) -> dict[str, Any]:
    return wire(ContinuedByPhone(room_id=room_id))
