"""What travels about incidents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from teleconsulta.incidents.models import EntryKind, Incident, IncidentEntry

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=160)]
Story = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class IncidentCreate(BaseModel):
    """`known_at`: when the clinic learned of it, from which the three working days count; `text`: what is known."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    known_at: AwareDatetime
    text: Story


class IncidentEntryCreate(BaseModel):
    """`nobody_to_tell`: why neither authority nor people have to be told; it stops the clock as telling does."""

    model_config = ConfigDict(extra="forbid")

    kind: EntryKind
    text: Story


class IncidentEntryOut(BaseModel):
    id: UUID
    kind: EntryKind
    text: str
    author: str
    at: datetime


class IncidentOut(BaseModel):
    """`settled_at`: when the authority was told, or written down why nobody has to be."""

    id: UUID
    title: str
    state: Literal["open", "closed"]
    known_at: datetime
    due_at: datetime
    settled_at: datetime | None
    opened_at: datetime
    opened_by: str
    entries: list[IncidentEntryOut]

    @classmethod
    def of(cls, incident: Incident, opened_by: str, entries: Sequence[tuple[IncidentEntry, str]]) -> IncidentOut:
        states = [entry.kind for entry, _ in entries if entry.kind in {"closed", "reopened"}]
        settled = [entry.at for entry, _ in entries if entry.kind in {"authority_told", "nobody_to_tell"}]
        return cls(
            id=incident.id,
            title=incident.title,
            state="closed" if states[-1:] == ["closed"] else "open",
            known_at=incident.known_at,
            due_at=incident.due_at,
            settled_at=settled[0] if settled else None,
            opened_at=incident.opened_at,
            opened_by=opened_by,
            entries=[
                IncidentEntryOut(
                    id=entry.id, kind=cast(EntryKind, entry.kind), text=entry.text, author=author, at=entry.at
                )
                for entry, author in entries
            ],
        )


class IncidentsOut(BaseModel):
    items: list[IncidentOut]
