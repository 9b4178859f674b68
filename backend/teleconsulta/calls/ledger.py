"""Puts notes on record. Writing the same notes again changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.audit import service as audit
from teleconsulta.audit.actions import Action
from teleconsulta.audit.service import Ref
from teleconsulta.calls import notes, statements, summary
from teleconsulta.calls.grade import grade
from teleconsulta.calls.happenings import ClientEvent, MediaEnded, MediaStarted
from teleconsulta.kernel.announcements import announce
from teleconsulta.kernel.ids import new_id
from teleconsulta.webhooks.events import Event
from teleconsulta.webhooks.outbox import emit

LOST = "server_lost"
MAX_INTERRUPTIONS = 500
"""Of one person in one call: a line that breaks more often is told by its summary."""
OF_CALLS: dict[Action, Event | None] = {
    Action.CALL_STARTED: "call.started",
    Action.CALL_ENDED: "call.ended",
    Action.CALL_BY_PHONE: None,
}


async def write(session: AsyncSession, batch: Sequence[notes.Note]) -> list[ClientEvent]:
    """Put notes on record: in their order what others refer to, then all lines and all messages at once, then ends.

    The answer is what may be told of it once this is committed.
    """
    told: list[ClientEvent] = []
    for note in batch:
        if not isinstance(note, notes.Happened | notes.Said | notes.RoomEnded):
            await _write(session, note, told)
    await _happened(session, [note for note in batch if isinstance(note, notes.Happened)])
    await _said(session, [note for note in batch if isinstance(note, notes.Said)])
    for note in batch:
        if isinstance(note, notes.RoomEnded):
            await _room_ended(session, note)
    return told


async def write_line(
    session: AsyncSession, room_id: UUID, at: datetime, event: str, actor: Ref, action: Action
) -> None:
    """One line of a room's timeline from an HTTP transaction, in the call that is open there, if one is."""
    call_id = await session.scalar(statements.OPEN_CALL_OF_ROOM, {"room_id": room_id})
    await _happened(session, [notes.Happened(room_id, call_id, at, event, None, None, action, actor)])


async def beat(session: AsyncSession, call_ids: Collection[UUID], at: datetime) -> None:
    """Somebody is in these calls right now."""
    await session.execute(statements.BEAT, {"call_ids": list(call_ids), "at": at})


async def close_orphans(
    session: AsyncSession, unseen_since: datetime, living: Collection[UUID]
) -> tuple[int, list[ClientEvent]]:
    """End the open calls that nobody has been seen in since then, at the last moment anybody was. How many, and what
    may be told of it."""
    wanted = {"unseen_since": unseen_since, "living": list(living)}
    orphans = (await session.execute(statements.ORPHANS, wanted)).all()
    lines, told = [], list[ClientEvent]()
    for call_id, room_id, seen in orphans:
        await _call_closed(session, call_id, seen, LOST, told)
        lines.append(notes.Happened(room_id, call_id, seen, "call_ended", detail=LOST, action=Action.CALL_ENDED))
    await _happened(session, lines)
    return len(lines), told


async def _write(session: AsyncSession, note: notes.Note, told: list[ClientEvent]) -> None:
    match note:
        case notes.CallOpened():
            await _call_opened(session, note, told)
        case notes.CallResumed(call_id, at):
            await session.execute(statements.REOPEN_CALL, {"call_id": call_id, "at": at, "lost": LOST})
        case notes.CallClosed(call_id, at, reason):
            await _call_closed(session, call_id, at, reason, told)
        case notes.StayOpened(call_id, participant_id, role, at):
            who = {"call_id": call_id, "participant_id": participant_id, "role": role}
            await session.execute(statements.OPEN_STAY, {**who, "at": at, "stay_id": new_id()})
        case notes.StayClosed(call_id, participant_id, at, reason):
            who = {"call_id": call_id, "participant_id": participant_id}
            await session.execute(statements.CLOSE_STAY, {**who, "at": at, "reason": reason})
        case notes.Decided(participant_id, admitted_at):
            await session.execute(statements.DECIDE, {"participant_id": participant_id, "at": admitted_at})
        case notes.Measured():
            await _measured(session, note, told)
        case notes.StraySignal(room_id, participant_id):
            who_else = Ref("participant", participant_id)
            await audit.record(session, Action.SIGNAL_REFUSED, actor=who_else, room_id=room_id)


async def _happened(session: AsyncSession, lines: Sequence[notes.Happened]) -> None:
    if not lines:
        return
    columns = {
        "rooms": [line.room_id for line in lines],
        "calls": [line.call_id for line in lines],
        "moments": [line.at for line in lines],
        "events": [line.event for line in lines],
        "people": [line.participant_id for line in lines],
        "details": [line.detail for line in lines],
    }
    new = {tuple(row) for row in (await session.execute(statements.ADD_EVENTS, columns)).all()}
    for line in lines:
        if (line.room_id, line.at, line.event, line.participant_id, line.detail) in new:
            await _audit(session, line)


async def _audit(session: AsyncSession, line: notes.Happened) -> None:
    if line.action is None:
        return
    target = None
    if line.action in OF_CALLS and line.call_id is not None:
        target = Ref("call", line.call_id)
        if (event := OF_CALLS[line.action]) is not None:
            await emit(session, event, line.at, call_id=line.call_id, room_id=line.room_id)
    elif line.participant_id is not None:
        target = Ref("participant", line.participant_id)
    details = {"at": line.at, "detail": line.detail} if line.detail else {"at": line.at}
    await audit.record(session, line.action, actor=line.actor, target=target, room_id=line.room_id, details=details)


async def _said(session: AsyncSession, said: Sequence[notes.Said]) -> None:
    if said:
        columns = {
            "rooms": [note.room_id for note in said],
            "ids": [note.message_id for note in said],
            "people": [note.participant_id for note in said],
            "roles": [note.role for note in said],
            "texts": [note.text for note in said],
            "moments": [note.at for note in said],
        }
        await session.execute(statements.ADD_MESSAGES, columns)


async def _call_opened(session: AsyncSession, note: notes.CallOpened, told: list[ClientEvent]) -> None:
    which = {"room_id": note.room_id, "call_id": note.call_id}
    for call_id, seen in (await session.execute(statements.OTHER_OPEN_CALLS, which)).all():
        await _call_closed(session, call_id, seen, LOST, told)
    parties = {"doctor_id": note.doctor_id, "patient_id": note.patient_id, "at": note.at}
    await session.execute(statements.OPEN_CALL, {**which, **parties})


async def _call_closed(
    session: AsyncSession, call_id: UUID, at: datetime, reason: str, told: list[ClientEvent]
) -> None:
    ended = await session.execute(statements.CLOSE_CALL, {"call_id": call_id, "at": at, "reason": reason})
    for role, path, protocol, quality, seconds in ended.all():
        summed = [orjson.loads(quality)] if quality else []
        told.append(MediaEnded(role, seconds, grade(summed), path, protocol))


async def _measured(session: AsyncSession, note: notes.Measured, told: list[ClientEvent]) -> None:
    who = {"call_id": note.call_id, "participant_id": note.participant_id}
    kind, protocol = note.path or (None, None)
    sample = {"at": note.at, "path": kind, "protocol": protocol, "quality": orjson.dumps(note.quality).decode()}
    if (await session.execute(statements.ADD_SAMPLE, {**who, **sample, "role": note.role})).first() is None:
        return
    known, media_at, *path = (await session.execute(statements.PART, who)).one()
    if note.has_media and media_at is None:
        media_at = note.at
        told.append(MediaStarted(note.role, note.first_frame_ms))
    whole = summary.add(orjson.loads(known) if known else None, note.quality)
    if note.interruptions:
        whole |= await _interrupted(session, note)
    changed = note.path is not None and [kind, protocol] != path
    now = {"path": kind, "protocol": protocol} if changed else {"path": path[0], "protocol": path[1]}
    written = {**who, **now, "media_at": media_at, "quality": orjson.dumps(whole).decode()}
    await session.execute(statements.SUM_UP, written)
    if changed:
        await session.execute(statements.PATH_OF_CALL, {"call_id": note.call_id})
        detail = f"{kind} {protocol}"
        line = notes.Happened(note.room_id, note.call_id, note.at, "path", note.participant_id, detail)
        await _happened(session, [line])


async def _interrupted(session: AsyncSession, note: notes.Measured) -> dict[str, int]:
    """Put interruptions on record; how many there are by now, and how long they lasted together."""
    who = {"call_id": note.call_id, "participant_id": note.participant_id}
    start = (await session.execute(statements.STARTED_AT, {"call_id": note.call_id})).scalar_one()
    by_id = {one.id: one for one in note.interruptions}
    inside = [part for one in by_id.values() if (part := one.since(start)) is not None]
    columns = {
        "ids": [one.id for one in inside],
        "causes": [one.cause for one in inside],
        "moments": [one.began_at for one in inside],
        "durations": [one.duration_ms for one in inside],
        "restarts": [one.restarts for one in inside],
    }
    await session.execute(statements.ADD_INTERRUPTIONS, {**who, **columns, "most": MAX_INTERRUPTIONS})
    count, milliseconds = (await session.execute(statements.INTERRUPTED, who)).one()
    return {"interruptions": count, "interruption_ms": milliseconds}


async def _room_ended(session: AsyncSession, note: notes.RoomEnded) -> None:
    values = {"room_id": note.room_id, "outcome": note.outcome, "reason": note.reason, "at": note.at}
    if (await session.execute(statements.CLOSE_ROOM, values)).first() is None:
        return
    doctor, room = Ref("user", note.doctor_id), Ref("room", note.room_id)
    details = {"outcome": note.outcome, "at": note.at}
    await audit.record(session, Action.ROOM_CLOSED, actor=doctor, target=room, room_id=note.room_id, details=details)
    await emit(session, "room.closed", note.at, room_id=note.room_id)
    await announce(session, "room_closed", room_id=note.room_id)
