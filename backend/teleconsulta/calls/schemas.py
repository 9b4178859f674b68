"""The record of calls as it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

Grade = Literal["good", "fair", "poor"]
CallState = Literal["open", "ended"]


class PersonRef(BaseModel):
    """A doctor (user id) or a patient (person id)."""

    id: UUID
    name: str


class CallSummary(BaseModel):
    """One row of the history. `duration_seconds` counts from the start to the end by the server's clock."""

    id: UUID
    room_id: UUID
    doctor: PersonRef
    patient: PersonRef
    state: CallState
    started_at: datetime
    ended_at: datetime | None
    duration_seconds: float | None
    end_reason: str | None
    outcome: str | None
    path: Literal["direct", "relay"] | None
    quality_grade: Grade | None


class CallsFile(BaseModel):
    """Every call that was asked for, from the newest on."""

    items: list[CallSummary]


class QualitySummary(BaseModel):
    """What one browser reported over a call: means of times (ms), shares (0..1) and rates (bit/s), sums of counts.

    `..._worst` is the worst report. `limited_...` is the share of reports in which that limited the own picture. A
    figure that nobody reported, or that the record did not keep at the time of the call, is null.
    """

    samples: int
    rtt_ms: float | None = None
    jitter_ms: float | None = None
    loss_in: float | None = None
    loss_out: float | None = None
    concealed: float | None = None
    freezes: float | None = None
    freeze_ms: float | None = None
    fps: float | None = None
    bitrate_in: float | None = None
    bitrate_out: float | None = None
    restarts: float | None = None
    rtt_ms_worst: float | None = None
    loss_in_worst: float | None = None
    loss_out_worst: float | None = None
    concealed_worst: float | None = None
    limited_bandwidth: float | None = None
    limited_cpu: float | None = None
    interruptions: int | None = None
    interruption_ms: int | None = None


class Stay(BaseModel):
    joined_at: datetime
    left_at: datetime | None
    left_reason: str | None


class InterruptionOut(BaseModel):
    """A time without media; `duration_ms` is null where its end was never told."""

    began_at: datetime
    duration_ms: int | None
    cause: str
    restarts: int


class CallParticipantOut(BaseModel):
    """One person's part in the call; `seconds` is the sum of their stays."""

    participant_id: UUID
    name: str
    role: str
    joined_at: datetime | None
    left_at: datetime | None
    seconds: float
    path: str | None
    protocol: str | None
    quality: QualitySummary | None
    stays: list[Stay]
    interruptions: list[InterruptionOut]


class CallConsent(BaseModel):
    participant_id: UUID
    name: str
    role: str
    version: str
    sha256: str
    language: str
    given_by: str
    representative_name: str | None
    representative_relationship: str | None
    given_at: datetime
    withdrawn_at: datetime | None


class CallOverride(BaseModel):
    """The doctor saw the patient without an agreement, in an emergency; `ended_at` is when the patient said no."""

    participant_id: UUID
    name: str
    doctor: str
    reason: str
    made_at: datetime
    ended_at: datetime | None


class CallMessage(BaseModel):
    id: UUID
    participant_id: UUID
    name: str
    role: str
    text: str
    sent_at: datetime


class TimelineEntry(BaseModel):
    """What happened, and to whom. `interrupted` has its cause as detail, and how long it lasted if that is known;
    `consented` has who agreed (`self`, `representative`)."""

    at: datetime
    event: str
    participant_id: UUID | None
    name: str | None
    detail: str | None
    duration_ms: int | None


class CallDetail(CallSummary):
    """One consultation from the record alone: who, when, how long, over which path, with what quality and consent."""

    modality: str
    channel: str  # video | phone: what it went on by at last
    room_starts_at: datetime
    outcome_reason: str | None
    participants: list[CallParticipantOut]
    consents: list[CallConsent]
    overrides: list[CallOverride]
    messages: list[CallMessage]
    timeline: list[TimelineEntry]


class QualityPoint(BaseModel):
    participant_id: UUID
    at: datetime
    path: str | None
    protocol: str | None
    quality: dict[str, Any]


class QualityOut(BaseModel):
    """Every report of every browser in the call, oldest first."""

    items: list[QualityPoint]
