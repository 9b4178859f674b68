"""The statements that put notes on record. Each may be repeated: what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import service as audit
from teleconsulta.audit.actions import Action
from teleconsulta.audit.service import Ref
from teleconsulta.calls import notes, summary
from teleconsulta.calls.models import Call, CallParticipant, CallStay, QualitySample, RoomEvent, StoredMessage
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.ids import new_id
from teleconsulta.rooms.models import Room, RoomParticipant

LOST = "server_lost"


async def write(session: AsyncSession, note: notes.Note) -> None:  # noqa: C901 - one case a note
    """Put one note on record."""
    match note:
        case notes.Happened():
            await _happened(session, note)
        case notes.CallOpened():
            await _call_opened(session, note)
        case notes.CallResumed(call_id, at):
            await _call_resumed(session, call_id, at)
        case notes.CallClosed(call_id, at, reason):
            await _call_closed(session, call_id, at, reason)
        case notes.StayOpened(call_id, participant_id, role, at):
            await _stay_opened(session, call_id, participant_id, role, at)
        case notes.StayClosed(call_id, participant_id, at, reason):
            await _stays_closed(session, call_id, at, reason, participant_id)
        case notes.Decided(participant_id, admitted_at):
            await _decided(session, participant_id, admitted_at)
        case notes.Said():
            await _said(session, note)
        case notes.Measured():
            await _measured(session, note)
        case notes.RoomEnded():
            await _room_ended(session, note)
        case notes.StraySignal(room_id, participant_id):
            who = Ref("participant", participant_id)
            await audit.record(session, Action.SIGNAL_REFUSED, actor=who, room_id=room_id)


async def beat(session: AsyncSession, call_ids: Collection[UUID], at: datetime) -> None:
    """Somebody is in these calls right now."""
    await session.execute(update(Call).where(Call.id.in_(call_ids), Call.state == "open").values(last_seen_at=at))


async def close_orphans(session: AsyncSession, unseen_since: datetime, living: Collection[UUID]) -> Sequence[UUID]:
    """End the open calls that nobody has been seen in since then, at the last moment anybody was. Their ids."""
    query = (
        select(Call.id, Call.room_id, Call.last_seen_at)
        .where(Call.state == "open", Call.last_seen_at < unseen_since, Call.id.not_in(living))
        .with_for_update(skip_locked=True)
    )
    orphans = (await session.execute(query)).all()
    for call_id, room_id, seen in orphans:
        await _call_closed(session, call_id, seen, LOST)
        line = notes.Happened(room_id, call_id, seen, "call_ended", detail=LOST, action=Action.CALL_ENDED)
        await _happened(session, line)
    return [call_id for call_id, _room, _seen in orphans]


async def _happened(session: AsyncSession, note: notes.Happened) -> None:
    same = exists().where(
        RoomEvent.room_id == note.room_id,
        RoomEvent.at == note.at,
        RoomEvent.event == note.event,
        RoomEvent.participant_id.is_not_distinct_from(note.participant_id),
        RoomEvent.detail.is_not_distinct_from(note.detail),
    )
    columns = (
        RoomEvent.room_id,
        RoomEvent.call_id,
        RoomEvent.at,
        RoomEvent.event,
        RoomEvent.participant_id,
        RoomEvent.detail,
    )
    values = (note.room_id, note.call_id, note.at, note.event, note.participant_id, note.detail)
    row = select(*(literal(value, column.type) for column, value in zip(columns, values, strict=True))).where(~same)
    done = await _execute(session, insert(RoomEvent).from_select(list(columns), row))
    if done and note.action is not None:
        target = (
            Ref("call", note.call_id)
            if note.action in {Action.CALL_STARTED, Action.CALL_ENDED} and note.call_id
            else None
        )
        if target is None and note.participant_id is not None:
            target = Ref("participant", note.participant_id)
        details = {"at": note.at, "detail": note.detail} if note.detail else {"at": note.at}
        await audit.record(session, note.action, actor=note.actor, target=target, room_id=note.room_id, details=details)


async def _call_opened(session: AsyncSession, note: notes.CallOpened) -> None:
    others = select(Call.id, Call.last_seen_at).where(
        Call.room_id == note.room_id, Call.state == "open", Call.id != note.call_id
    )
    for call_id, seen in (await session.execute(others)).all():
        await _call_closed(session, call_id, seen, LOST)
    values = {
        "id": note.call_id,
        "room_id": note.room_id,
        "doctor_id": note.doctor_id,
        "patient_id": note.patient_id,
        "state": "open",
        "started_at": note.at,
        "last_seen_at": note.at,
    }
    await session.execute(upsert(Call).values(values).on_conflict_do_nothing(index_elements=[Call.id]))


async def _call_resumed(session: AsyncSession, call_id: UUID, at: datetime) -> None:
    given_up = (Call.id == call_id) & (Call.state == "ended") & (Call.end_reason == LOST)
    await session.execute(update(Call).where(given_up).values(state="open", ended_at=None, end_reason=None))
    await beat(session, [call_id], at)


async def _call_closed(session: AsyncSession, call_id: UUID, at: datetime, reason: str) -> None:
    ended = update(Call).where(Call.id == call_id, Call.state == "open")
    end = func.greatest(Call.started_at, at)
    await session.execute(ended.values(state="ended", ended_at=end, end_reason=reason, last_seen_at=end))
    await _stays_closed(session, call_id, at, reason)


async def _stay_opened(session: AsyncSession, call_id: UUID, participant_id: UUID, role: str, at: datetime) -> None:
    part = {"call_id": call_id, "participant_id": participant_id, "role": role}
    await session.execute(upsert(CallParticipant).values(part).on_conflict_do_nothing())
    # A repeat after it was closed again would open it a second time.
    same = exists().where(
        CallStay.call_id == call_id, CallStay.participant_id == participant_id, CallStay.joined_at == at
    )
    columns = (CallStay.id, CallStay.call_id, CallStay.participant_id, CallStay.joined_at)
    values = (new_id(), call_id, participant_id, at)
    row = select(*(literal(value, column.type) for column, value in zip(columns, values, strict=True))).where(~same)
    await session.execute(upsert(CallStay).from_select(list(columns), row).on_conflict_do_nothing())


async def _stays_closed(
    session: AsyncSession, call_id: UUID, at: datetime, reason: str, participant_id: UUID | None = None
) -> None:
    left = update(CallStay).where(CallStay.call_id == call_id, CallStay.left_at.is_(None))
    if participant_id is not None:
        left = left.where(CallStay.participant_id == participant_id)
    await session.execute(left.values(left_at=func.greatest(CallStay.joined_at, at), left_reason=reason))


async def _decided(session: AsyncSession, participant_id: UUID, admitted_at: datetime | None) -> None:
    row = update(RoomParticipant).where(RoomParticipant.id == participant_id)
    first = None if admitted_at is None else func.coalesce(RoomParticipant.admitted_at, admitted_at)
    await session.execute(row.values(admitted_at=first))


async def _said(session: AsyncSession, note: notes.Said) -> None:
    values = {
        "room_id": note.room_id,
        "id": note.message_id,
        "participant_id": note.participant_id,
        "role": note.role,
        "text": note.text,
        "sent_at": note.at,
    }
    await session.execute(upsert(StoredMessage).values(values).on_conflict_do_nothing())


async def _measured(session: AsyncSession, note: notes.Measured) -> None:
    mine = (QualitySample.call_id == note.call_id) & (QualitySample.participant_id == note.participant_id)
    if await session.scalar(select(exists().where(mine, QualitySample.at == note.at))):
        return
    kind, protocol = note.path or (None, None)
    values: dict[str, Any] = {"path": kind, "protocol": protocol, "quality": note.quality}
    who = {"call_id": note.call_id, "participant_id": note.participant_id}
    await session.execute(insert(QualitySample).values(**who, at=note.at, **values))
    await session.execute(upsert(CallParticipant).values(**who, role=note.role).on_conflict_do_nothing())
    part = await session.get_one(CallParticipant, (note.call_id, note.participant_id), with_for_update=True)
    part.quality = summary.add(part.quality, note.quality)
    if note.path is not None and note.path != (part.path, part.protocol):
        part.path, part.protocol = note.path
        await session.flush()
        line = f"{kind} {protocol}"
        await _happened(session, notes.Happened(note.room_id, note.call_id, note.at, "path", note.participant_id, line))
        await _path_of_call(session, note.call_id)


async def _path_of_call(session: AsyncSession, call_id: UUID) -> None:
    """A call is relayed as soon as one side of it is."""
    relayed = exists().where(CallParticipant.call_id == call_id, CallParticipant.path == "relay")
    path = "relay" if await session.scalar(select(relayed)) else "direct"
    await session.execute(update(Call).where(Call.id == call_id).values(path=path))


async def _room_ended(session: AsyncSession, note: notes.RoomEnded) -> None:
    ended = update(Room).where(Room.id == note.room_id, Room.state == "open")
    values = {"state": "closed", "outcome": note.outcome, "outcome_reason": note.reason, "closed_at": note.at}
    if await _execute(session, ended.values(**values)):
        details = {"outcome": note.outcome, "at": note.at}
        doctor, room = Ref("user", note.doctor_id), Ref("room", note.room_id)
        await audit.record(
            session, Action.ROOM_CLOSED, actor=doctor, target=room, room_id=note.room_id, details=details
        )
        await announce(session, "room_closed", room_id=note.room_id)


async def _execute(session: AsyncSession, statement: Any) -> int:
    """How many rows it changed."""
    return cast("CursorResult[Any]", await session.execute(statement)).rowcount
