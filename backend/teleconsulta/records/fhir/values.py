"""The small shapes of FHIR R4. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Resource = dict[str, Any]

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
# What FHIR has no word for: names of our own that mean the same on every installation.
OURS = "urn:teleconsulta"


def filled(**fields: Any) -> Resource:
    """A resource or an element without what is empty: FHIR knows no null."""
    return {name: value for name, value in fields.items() if value not in (None, [], {}, "")}


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def period(start: datetime | None, end: datetime | None) -> Resource:
    return filled(start=moment(start), end=moment(end))


def urn(identity: UUID | str) -> str:
    return f"urn:uuid:{identity}"


def reference(identity: UUID | str, display: str | None = None) -> Resource:
    """To another entry of the same bundle."""
    return filled(reference=urn(identity), display=display)


def coding(system: str, code: str, display: str | None = None) -> Resource:
    return filled(system=system, code=code, display=display)


def concept(system: str, code: str, display: str | None = None) -> Resource:
    return {"coding": [coding(system, code, display)]}


def entry(resource: Mapping[str, Any]) -> Resource:
    return {"fullUrl": urn(resource["id"]), "resource": dict(resource)}


def extension(name: str, value: str | None) -> list[Resource]:
    """One of our own facts as text, or nothing."""
    return [{"url": f"{OURS}:{name}", "valueString": value}] if value else []
