"""What travels about consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from teleconsulta.consents.catalogue import Text
from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.kernel.languages import Language, known
from teleconsulta.patients.values import PersonName

GivenBy = Literal["self", "representative"]
Device = Literal["phone", "tablet", "desktop"]


class ConsentText(BaseModel):
    """The text to agree to; `body` is Markdown with `##` headings, paragraphs and `-` lists only."""

    id: str
    version: str
    language: Language
    sha256: str
    title: str
    summary: str
    body: str

    @classmethod
    def of(cls, text: Text) -> ConsentText:
        return cls(
            id=text.id,
            version=text.version,
            language=text.language,
            sha256=text.sha256,
            title=text.title,
            summary=text.summary,
            body=text.body,
        )


class Representative(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: PersonName
    relationship: PersonName


class ConsentCreate(BaseModel):
    """The agreement to the text of this version and hash, as it was shown in this language."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[str, StringConstraints(max_length=40)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    language: Language
    given_by: GivenBy
    representative: Representative | None = None
    device: Device | None = None

    @model_validator(mode="after")
    def _who(self) -> Self:
        if (self.given_by == "representative") != (self.representative is not None):
            raise ValueError("a representative is named exactly when one gives the consent")
        return self


class OverrideCreate(BaseModel):
    """A doctor's decision to see a patient who cannot agree, in an emergency. The reason goes on record."""

    model_config = ConfigDict(extra="forbid")

    participant_id: UUID
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


class OverrideOut(BaseModel):
    id: UUID
    participant_id: UUID
    reason: str
    made_at: datetime

    @classmethod
    def of(cls, made: ConsentOverride) -> OverrideOut:
        return cls(id=made.id, participant_id=made.participant_id, reason=made.reason, made_at=made.made_at)


class ConsentOut(BaseModel):
    id: UUID
    version: str
    sha256: str
    language: Language
    given_by: GivenBy
    given_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, consent: Consent) -> ConsentOut:
        return cls(
            id=consent.id,
            version=consent.version,
            sha256=consent.sha256,
            language=known(consent.language),
            given_by="representative" if consent.given_by == "representative" else "self",
            given_at=consent.given_at,
            withdrawn_at=consent.withdrawn_at,
        )
