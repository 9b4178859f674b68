"""From the doctor's wish to the patient's seat, over REST."""

from __future__ import annotations

from httpx import AsyncClient

from tests.builders import Builder


async def test_a_consultation_from_opening_to_consent(client: AsyncClient, build: Builder) -> None:
    doctor = await build.staff()
    wish = {"patient": {"name": "Benedita Quaresma", "email": "bia@paciente.example"}}
    opened = await client.post("/api/rooms", json=wish, headers=doctor.headers)
    assert opened.status_code == 201, opened.text
    room = opened.json()
    assert room["doctor"] == {"id": str(doctor.id), "name": "Dra. Íris Valadão"}
    assert (room["state"], room["scheduled"], room["modality"]) == ("open", False, "teleconsulta")
    assert room["starts_at"].endswith("Z")
    (invitation,) = room["invitations"]
    assert (invitation["state"], invitation["delivery"], invitation["role"]) == ("active", "queued", "patient")

    address, token = invitation["link"].split("#")
    assert address == f"https://clinica.example/paciente/{room['id']}"

    seen = await client.post("/api/invitations/preview", json={"token": token})
    assert seen.status_code == 200, seen.text
    assert seen.json()["first_name"] == "Benedita"
    assert seen.json()["room"]["doctor"] == {"name": "Dra. Íris Valadão", "council": "CRM/SP 123456"}

    taken = await client.post("/api/invitations/redeem", json={"token": token})
    assert taken.status_code == 200, taken.text
    seat = taken.json()
    assert seat["participant"] == {
        "id": invitation["participant_id"],
        "name": "Benedita Quaresma",
        "role": "patient",
    }
    assert seat["consent"]["given"] is False
    assert seat["expires_in"] == 7200

    headers = {"Authorization": f"Bearer {seat['access_token']}"}
    text = seat["consent"]["text"]
    consent = {"version": text["version"], "sha256": text["sha256"], "language": text["language"], "given_by": "self"}
    given = await client.post("/api/consents", json=consent, headers=headers)
    assert given.status_code == 201, given.text

    again = await client.post("/api/invitations/resume", json={"participant_id": seat["participant"]["id"]})
    assert again.status_code == 200, again.text
    assert again.json()["consent"]["given"] is True

    relay = await client.get("/api/turn-credentials", headers=headers)
    assert (relay.status_code, relay.json()["code"]) == (403, "not_admitted")

    listed = await client.get("/api/rooms", headers=doctor.headers)
    assert [one["id"] for one in listed.json()["items"]] == [room["id"]]
    assert listed.json()["items"][0]["invitations"][0]["opened_at"] is not None

    closing = {"outcome": "completed", "reason": "Retorno em 30 dias."}
    closed = await client.post(f"/api/rooms/{room['id']}/close", json=closing, headers=doctor.headers)
    assert closed.status_code == 200, closed.text
    assert (closed.json()["state"], closed.json()["outcome"]) == ("closed", "completed")
    assert closed.json()["invitations"][0]["link"] is None

    late = await client.post("/api/invitations/redeem", json={"token": token})
    assert (late.status_code, late.json()["code"]) == (410, "room_closed")
