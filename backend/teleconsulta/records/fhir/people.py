"""Who was there: Organization, Patient, Practitioner, RelatedPerson. Pure."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from teleconsulta.records.facts import Facts, Identity, Issuer
from teleconsulta.records.fhir.values import (
    OURS,
    PARTICIPATION,
    Resource,
    concept,
    extension,
    filled,
    period,
    reference,
)

# How the people of a room take part (v3-ParticipationType); an interpreter translates, anybody else just takes part.
PARTS = {
    "doctor": ("PPRF", "primary performer"),
    "colleague": ("CON", "consultant"),
    "interpreter": ("TRANS", "Translator"),
}
TAKES_PART = ("PART", "Participation")


def organization_id(issuer: Issuer) -> UUID:
    """The same for every bundle of an installation."""
    return uuid5(NAMESPACE_URL, issuer.origin)


def organization(issuer: Issuer) -> Resource:
    return filled(
        resourceType="Organization",
        id=str(organization_id(issuer)),
        active=True,
        name=issuer.clinic,
        telecom=[{"system": "url", "value": issuer.origin}],
    )


def person(facts: Facts, who: Identity) -> Resource:
    """The resource of one person: the patient, staff and colleagues as practitioners, everybody else as related."""
    common = {
        "id": str(who.subject_id),
        "name": [{"text": who.name}],
        "telecom": [{"system": "email", "value": who.email}] if who.email else [],
    }
    speaks = [{"language": concept("urn:ietf:bcp:47", who.language), "preferred": True}] if who.language else []
    if who.role == "patient":
        clinic = reference(organization_id(facts.issuer))
        return filled(resourceType="Patient", **common, communication=speaks, managingOrganization=clinic)
    if is_practitioner(who):
        council = [
            {
                "identifier": [{"system": f"{OURS}:council", "value": who.council}],
                "code": {"text": who.council},
            }
        ]
        return filled(resourceType="Practitioner", **common, qualification=council if who.council else [])
    return filled(
        resourceType="RelatedPerson",
        **common,
        patient=reference(facts.call.patient.id),
        relationship=[{"text": who.role}],
        communication=speaks,
    )


def is_practitioner(who: Identity) -> bool:
    return who.role in {"doctor", "colleague"}


def participants(facts: Facts) -> list[Resource]:
    """Everybody but the patient, who is the encounter's subject, with the time they were in the call."""
    present = {part.participant_id: part for part in facts.call.participants}
    made = []
    for who in facts.people:
        part = present.get(who.participant_id)
        if who.role == "patient" or part is None:
            continue
        made.append(
            filled(
                type=[concept(PARTICIPATION, *PARTS.get(who.role, TAKES_PART))],
                period=period(part.joined_at, part.left_at),
                individual=reference(who.subject_id, who.name),
            )
        )
    return made


def outcome(facts: Facts) -> list[Resource]:
    """How the consultation ended, which FHIR R4 has no element for."""
    call = facts.call
    return [
        *extension("outcome", call.outcome),
        *extension("outcome-reason", call.outcome_reason),
        *extension("modality", call.modality),
        *extension("media-path", call.path),
    ]
