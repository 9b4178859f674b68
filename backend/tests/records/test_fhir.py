"""The bundle is one: every resource fits HL7's own models of R4."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from teleconsulta.records.fhir.bundle import bundle
from tests.records.sample import CALL, DOCTOR, ISSUED, facts


def made(**changes: object) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(bundle(facts(**changes), ISSUED)))
    return found


def of(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in found["entry"] if entry["resource"]["resourceType"] == kind]


def open_call() -> object:
    return facts().call.model_copy(update={"ended_at": None, "duration_seconds": None, "state": "open"})


@pytest.mark.parametrize(
    "changes", [{}, {"texts": []}, {"consents": []}, {"call": open_call()}], ids=["all", "text", "consent", "open"]
)
def test_it_fits_the_models(changes: dict[str, object]) -> None:
    found = made(**changes)
    read = Bundle.model_validate(found)
    assert len(read.entry) == len(found["entry"])
    assert [entry.resource.get_resource_type() for entry in read.entry] == [
        entry["resource"]["resourceType"] for entry in found["entry"]
    ]


@pytest.mark.parametrize("kind", ["Encounter", "Patient", "Consent", "DocumentReference"])
def test_the_models_would_notice(kind: str) -> None:
    found = made()
    of(found, kind)[0]["statos"] = "finished"
    with pytest.raises(ValidationError):
        Bundle.model_validate(found)


def test_the_encounter_is_virtual_and_has_its_times_and_people() -> None:
    (encounter,) = of(made(), "Encounter")
    assert encounter["class"]["code"] == "VR"
    assert encounter["id"] == str(CALL)
    assert (encounter["status"], encounter["length"]["value"]) == ("finished", 10.0)
    assert encounter["period"] == {"start": "2026-11-27T12:00:00.000Z", "end": "2026-11-27T12:10:00.000Z"}
    assert [one["individual"]["display"] for one in encounter["participant"]] == ["Dra. Íris", "Ana"]
    outcome = {one["url"]: one["valueString"] for one in encounter["extension"]}
    assert outcome["urn:teleconsulta:outcome"] == "completed"


def test_every_reference_stays_inside() -> None:
    found = made()
    inside = {entry["fullUrl"] for entry in found["entry"]}
    assert len(inside) == len(found["entry"])

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["reference"]] if "reference" in value else []
            return own + [one for part in value.values() for one in references(part)]
        return [one for part in value for one in references(part)] if isinstance(value, list) else []

    assert set(references(found)) <= inside


def test_a_representative_consents_for_the_patient() -> None:
    consent, emergency = of(made(), "Consent")
    assert consent["performer"] == [{"display": "Ana (mãe)"}]
    assert consent["status"] == "active"
    assert consent["sourceAttachment"]["title"] == "Autorização para a consulta por vídeo"
    assert "sourceAttachment" not in emergency
    assert emergency["performer"] == [{"reference": f"urn:uuid:{DOCTOR}", "display": "Dra. Íris"}]
    assert emergency["policyRule"]["text"].endswith("Inconsciente, risco imediato.")


def test_who_is_what() -> None:
    found = made()
    assert [len(of(found, kind)) for kind in ("Patient", "Practitioner", "RelatedPerson", "Organization")] == [1] * 4
    assert of(found, "Practitioner")[0]["qualification"][0]["code"]["text"] == "CRM/SP 1"
    dossier, paper = of(found, "DocumentReference")
    assert dossier["content"][0]["attachment"]["url"].endswith(f"/api/calls/{CALL}/dossier")
    assert paper["content"][0]["attachment"]["url"].endswith(f"/api/documents/{paper['id']}/file")
    assert paper["identifier"] == [{"system": "urn:teleconsulta:document-sha256", "value": "ab" * 32}]
