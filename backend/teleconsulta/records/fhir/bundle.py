"""The bundle: one encounter of class VR (virtual) with everything around it. Pure; plain dictionaries.

A `collection`: the clinic's system takes from it what it needs. References stay inside (`urn:uuid:`).
"""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID, uuid5

from teleconsulta.consents.models import Consent, ConsentOverride
from teleconsulta.records.facts import Facts, Identity
from teleconsulta.records.fhir import people
from teleconsulta.records.fhir.values import (
    ACT_CODE,
    ACT_REASON,
    CONSENT_SCOPE,
    LOINC,
    OURS,
    UCUM,
    Resource,
    coding,
    concept,
    entry,
    filled,
    moment,
    period,
    reference,
)

MEDIA_TYPE = "application/fhir+json"


def bundle(facts: Facts, now: datetime) -> Resource:
    """FHIR R4 (4.0.1): Encounter, Patient, Practitioner, Organization, Consent, DocumentReference."""
    resources = [
        encounter(facts),
        people.organization(facts.issuer),
        *_once([people.person(facts, who) for who in facts.people]),
        *[consent(facts, given) for given in facts.consents],
        *[emergency(facts, made) for made in facts.overrides],
        *documents(facts),
    ]
    return {
        "resourceType": "Bundle",
        "id": str(facts.call.id),
        "meta": {"lastUpdated": moment(now)},
        "type": "collection",
        "timestamp": moment(now),
        "entry": [entry(resource) for resource in resources],
    }


def _once(resources: list[Resource]) -> list[Resource]:
    """One person may hold two seats of a room, and is one resource."""
    return list({resource["id"]: resource for resource in resources}.values())


def encounter(facts: Facts) -> Resource:
    call = facts.call
    minutes = None if call.duration_seconds is None else round(call.duration_seconds / 60, 2)
    length = {"value": minutes, "unit": "min", "system": UCUM, "code": "min"} if minutes is not None else None
    return filled(
        resourceType="Encounter",
        id=str(call.id),
        extension=people.outcome(facts),
        identifier=[{"system": f"{OURS}:call", "value": str(call.id)}],
        status="finished" if call.ended_at else "in-progress",
        **{"class": coding(ACT_CODE, "VR", "virtual")},
        subject=reference(call.patient.id, call.patient.name),
        participant=people.participants(facts),
        period=period(call.started_at, call.ended_at),
        length=length,
        serviceProvider=reference(people.organization_id(facts.issuer), facts.issuer.clinic),
    )


def consent(facts: Facts, given: Consent) -> Resource:
    """The authorisation as it was given, with its whole text where it is still known by its hash."""
    who = next(one for one in facts.people if one.participant_id == given.participant_id)
    text = next((one for one in facts.texts if one.sha256 == given.sha256), None)
    attachment = {
        "contentType": "text/markdown",
        "language": given.language,
        "data": base64.b64encode(text.raw.encode()).decode(),
        "title": text.title,
    } if text else None  # fmt: skip
    return filled(
        resourceType="Consent",
        id=str(given.id),
        identifier=[{"system": f"{OURS}:consent-text-sha256", "value": given.sha256}],
        status="inactive" if given.withdrawn_at else "active",
        scope=concept(CONSENT_SCOPE, "treatment", "Treatment"),
        category=[concept(LOINC, "59284-0", "Consent Document")],
        patient=reference(facts.call.patient.id, facts.call.patient.name),
        dateTime=moment(given.given_at),
        performer=[_performer(who, given)],
        organization=[reference(people.organization_id(facts.issuer), facts.issuer.clinic)],
        sourceAttachment=attachment,
        policyRule={"text": f"{given.text_id} {given.version} ({given.language}), SHA-256 {given.sha256}"},
        provision=filled(type="permit", period=period(given.given_at, given.withdrawn_at)),
    )


def emergency(facts: Facts, made: ConsentOverride) -> Resource:
    """The doctor's word in place of the patient's: the purpose says emergency, and the reason is told."""
    doctor = next((one.name for one in facts.people if one.subject_id == made.doctor_id), None)
    return filled(
        resourceType="Consent",
        id=str(made.id),
        status="inactive" if made.ended_at else "active",
        scope=concept(CONSENT_SCOPE, "treatment", "Treatment"),
        category=[concept(LOINC, "59284-0", "Consent Document")],
        patient=reference(facts.call.patient.id, facts.call.patient.name),
        dateTime=moment(made.made_at),
        performer=[reference(made.doctor_id, doctor)],
        organization=[reference(people.organization_id(facts.issuer), facts.issuer.clinic)],
        policyRule={"text": f"Emergency, CFM 2.314/2022, art. 15: {made.reason}"},
        provision=filled(
            type="permit",
            period=period(made.made_at, made.ended_at),
            purpose=[coding(ACT_REASON, "ETREAT", "Emergency Treatment")],
        ),
    )


def _performer(who: Identity, given: Consent) -> Resource:
    if given.representative_name is None:
        return reference(who.subject_id, who.name)
    return {"display": f"{given.representative_name} ({given.representative_relationship})"}


def documents(facts: Facts) -> list[Resource]:
    """What there is to fetch about the call: the signed dossier, and the papers that were issued."""
    call = facts.call
    dossier = _document(
        facts,
        uuid5(call.id, "dossier"),
        f"/api/calls/{call.id}/dossier",
        "Dossier of the video consultation, signed (teleconsulta-dossier/1)",
        {"contentType": "application/x-ndjson", "title": "dossier"},
        final=call.ended_at is not None,
    )
    papers = [
        _document(
            facts,
            paper.id,
            f"/api/documents/{paper.id}/file",
            _PAPERS.get(paper.kind, paper.kind),
            {
                "contentType": "application/pdf",
                "size": paper.size,
                "title": f"{_PAPERS.get(paper.kind, paper.kind)}.pdf",
                "creation": moment(paper.issued_at),
            },
            final=True,
            sha256=paper.sha256,
        )
        for paper in facts.documents
    ]
    return [dossier, *papers]


_PAPERS = {"attendance": "Declaração de comparecimento"}


def _document(
    facts: Facts,
    identifier: UUID,
    path: str,
    kind: str,
    attachment: Resource,
    *,
    final: bool,
    sha256: str | None = None,
) -> Resource:
    call, issuer = facts.call, facts.issuer
    return filled(
        resourceType="DocumentReference",
        id=str(identifier),
        identifier=[{"system": f"{OURS}:document-sha256", "value": sha256}] if sha256 else None,
        status="current",
        docStatus="final" if final else "preliminary",
        type={"text": kind},
        subject=reference(call.patient.id, call.patient.name),
        author=[reference(people.organization_id(issuer), issuer.clinic)],
        custodian=reference(people.organization_id(issuer), issuer.clinic),
        content=[{"attachment": {**attachment, "url": f"{issuer.origin}{path}"}}],
        context={
            "encounter": [reference(call.id)],
            "period": period(call.started_at, call.ended_at),
        },
    )
