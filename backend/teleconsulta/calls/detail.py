"""One record, whole: who, when, how long, over which path, with what quality, consent and words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from teleconsulta.auth.models import User
from teleconsulta.calls import history
from teleconsulta.calls.models import (
    Call,
    CallInterruption,
    CallParticipant,
    CallStay,
    QualitySample,
    RoomEvent,
    StoredMessage,
)
from teleconsulta.calls.schemas import (
    CallConsent,
    CallDetail,
    CallMessage,
    CallOverride,
    CallParticipantOut,
    InterruptionOut,
    QualityPoint,
    QualitySummary,
    Stay,
    TimelineEntry,
)
from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.patients.models import Person
from teleconsulta.rooms.models import RoomParticipant


async def read(session: AsyncSession, reader: history.Reader, call_id: UUID) -> CallDetail:
    """One record.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    row = await history.own(session, reader, call_id)
    call, room = row[0], row[1]
    people = await _people(session, room.id)
    interruptions = await _interruptions(session, room.id)
    parts = await _participants(session, call, people, interruptions)
    consents = await _consents(session, room.id, people)
    overrides = await _overrides(session, room.id, people)
    return CallDetail(
        **history.summary(row, [part.quality.model_dump() if part.quality else None for part in parts]),
        modality=room.modality,
        channel=room.channel,
        room_starts_at=room.during.lower or room.created_at,
        outcome_reason=room.outcome_reason,
        participants=parts,
        consents=consents,
        overrides=overrides,
        messages=await _messages(session, room.id, people),
        timeline=sorted(
            [
                *await _timeline(session, room.id, people, interruptions),
                *authorisations(consents, overrides),
            ],
            key=lambda entry: entry.at,
        ),
    )


async def _people(session: AsyncSession, room_id: UUID) -> dict[UUID, tuple[str, str]]:
    """Name and role of everybody who could sit in the room."""
    query = (
        select(RoomParticipant.id, func.coalesce(User.name, Person.name), RoomParticipant.role)
        .outerjoin(User, User.id == RoomParticipant.user_id)
        .outerjoin(Person, Person.id == RoomParticipant.person_id)
        .where(RoomParticipant.room_id == room_id)
    )
    return {identity: (name, role) for identity, name, role in await session.execute(query)}


async def _interruptions(session: AsyncSession, room_id: UUID) -> Sequence[CallInterruption]:
    """Those of every call in the room, in order: its timeline is the room's."""
    query = (
        select(CallInterruption)
        .join(Call, Call.id == CallInterruption.call_id)
        .where(Call.room_id == room_id)
        .order_by(CallInterruption.began_at, CallInterruption.participant_id, CallInterruption.id)
    )
    return (await session.scalars(query)).all()


async def _participants(
    session: AsyncSession, call: Call, people: dict[UUID, tuple[str, str]], interruptions: Sequence[CallInterruption]
) -> list[CallParticipantOut]:
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    seconds: dict[UUID, float] = defaultdict(float)
    for stay in await session.scalars(
        select(CallStay).where(CallStay.call_id == call.id).order_by(CallStay.joined_at, CallStay.id)
    ):
        stays[stay.participant_id].append(
            Stay(joined_at=stay.joined_at, left_at=stay.left_at, left_reason=stay.left_reason)
        )
        seconds[stay.participant_id] += ((stay.left_at or call.last_seen_at) - stay.joined_at).total_seconds()
    found = await session.scalars(select(CallParticipant).where(CallParticipant.call_id == call.id))
    made = [
        CallParticipantOut(
            participant_id=part.participant_id,
            name=people[part.participant_id][0],
            role=part.role,
            joined_at=stays[part.participant_id][0].joined_at if stays[part.participant_id] else None,
            left_at=stays[part.participant_id][-1].left_at if stays[part.participant_id] else None,
            seconds=max(0.0, seconds[part.participant_id]),
            path=part.path,
            protocol=part.protocol,
            quality=QualitySummary.model_validate(part.quality) if part.quality else None,
            stays=stays[part.participant_id],
            interruptions=[
                InterruptionOut(
                    began_at=one.began_at, duration_ms=one.duration_ms, cause=one.cause, restarts=one.restarts
                )
                for one in interruptions
                if (one.call_id, one.participant_id) == (call.id, part.participant_id)
            ],
        )
        for part in found
    ]
    return sorted(made, key=lambda part: (part.role != "doctor", str(part.joined_at), str(part.participant_id)))


async def _consents(session: AsyncSession, room_id: UUID, people: dict[UUID, tuple[str, str]]) -> list[CallConsent]:
    query = select(Consent).where(Consent.room_id == room_id).order_by(Consent.given_at, Consent.id)
    return [
        CallConsent(
            participant_id=row.participant_id,
            name=people[row.participant_id][0],
            role=people[row.participant_id][1],
            version=row.version,
            sha256=row.sha256,
            language=row.language,
            given_by=row.given_by,
            representative_name=row.representative_name,
            representative_relationship=row.representative_relationship,
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in await session.scalars(query)
    ]


async def _overrides(session: AsyncSession, room_id: UUID, people: dict[UUID, tuple[str, str]]) -> list[CallOverride]:
    query = (
        select(ConsentOverride, User.name)
        .join(User, User.id == ConsentOverride.doctor_id)
        .where(ConsentOverride.room_id == room_id)
        .order_by(ConsentOverride.made_at, ConsentOverride.id)
    )
    return [
        CallOverride(
            participant_id=row.participant_id,
            name=people[row.participant_id][0],
            doctor=doctor,
            reason=row.reason,
            made_at=row.made_at,
            ended_at=row.ended_at,
        )
        for row, doctor in await session.execute(query)
    ]


def authorisations(consents: Sequence[CallConsent], overrides: Sequence[CallOverride]) -> list[TimelineEntry]:
    """What was agreed to, taken back and overridden, as lines of the story."""

    def line(at: datetime, event: str, one: CallConsent | CallOverride, detail: str | None = None) -> TimelineEntry:
        return TimelineEntry(
            at=at, event=event, participant_id=one.participant_id, name=one.name, detail=detail, duration_ms=None
        )

    given = [line(one.given_at, "consented", one, one.given_by) for one in consents]
    waived = [line(one.made_at, "consent_overridden", one) for one in overrides]
    ends = [(one.withdrawn_at, one) for one in consents] + [(one.ended_at, one) for one in overrides]
    # One withdrawal takes back everything that stood at that moment.
    withdrawn = {(at, one.participant_id): one for at, one in ends if at is not None}
    return [*given, *waived, *(line(at, "consent_withdrawn", one) for (at, _), one in withdrawn.items())]


async def _messages(session: AsyncSession, room_id: UUID, people: dict[UUID, tuple[str, str]]) -> list[CallMessage]:
    query = (
        select(StoredMessage).where(StoredMessage.room_id == room_id).order_by(StoredMessage.sent_at, StoredMessage.id)
    )
    return [
        CallMessage(
            id=row.id,
            participant_id=row.participant_id,
            name=people[row.participant_id][0],
            role=row.role,
            text=row.text,
            sent_at=row.sent_at,
        )
        for row in await session.scalars(query)
    ]


async def _timeline(
    session: AsyncSession,
    room_id: UUID,
    people: dict[UUID, tuple[str, str]],
    interruptions: Sequence[CallInterruption],
) -> list[TimelineEntry]:
    query = select(RoomEvent).where(RoomEvent.room_id == room_id).order_by(RoomEvent.at, RoomEvent.id)
    events = [
        TimelineEntry(
            at=row.at,
            event=row.event,
            participant_id=row.participant_id,
            name=people[row.participant_id][0] if row.participant_id else None,
            detail=row.detail,
            duration_ms=None,
        )
        for row in await session.scalars(query)
    ]
    breaks = [
        TimelineEntry(
            at=one.began_at,
            event="interrupted",
            participant_id=one.participant_id,
            name=people[one.participant_id][0],
            detail=one.cause,
            duration_ms=one.duration_ms,
        )
        for one in interruptions
    ]
    return [*events, *breaks]


async def samples(session: AsyncSession, reader: history.Reader, call_id: UUID) -> list[QualityPoint]:
    """Every report of a call, oldest first.

    Raises:
        NotFound: no such call, or another doctor's.
    """
    await history.own(session, reader, call_id)
    query = select(QualitySample).where(QualitySample.call_id == call_id).order_by(QualitySample.at, QualitySample.id)
    return [
        QualityPoint(
            participant_id=row.participant_id, at=row.at, path=row.path, protocol=row.protocol, quality=row.quality
        )
        for row in await session.scalars(query)
    ]
