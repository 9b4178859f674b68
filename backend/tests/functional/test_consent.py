"""No consent: no seat, no admission, no relay, no signal. Every way in, in every state without an agreement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from teleconsulta.audit.models import AuditEntry
from teleconsulta.kernel.db import Database
from tests.builders import Builder, Consultation
from tests.functional.conftest import Visit
from tests.functional.consenting import REASON, Story
from tests.functional.live import Live, Refused


@pytest.fixture
async def http(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    await live.app.state.signaling.listening()
    async with httpx.AsyncClient(base_url=live.url, headers={"X-Teleconsulta": "1"}) as client:
        yield client


Begin = Callable[..., Awaitable[Story]]


@pytest.fixture
def begin(visit: Visit, http: httpx.AsyncClient, build: Builder, database: Database) -> Begin:
    async def make(*, consent: bool = True) -> Story:
        return Story(await build.room(consent=consent), visit, http, database)

    return make


async def never_agreed(begin: Begin) -> Story:
    return await begin(consent=False)


async def took_it_back_before_coming(begin: Begin) -> Story:
    story = await begin()
    await story.withdraw()
    return story


async def took_it_back_while_waiting(begin: Begin) -> Story:
    story = await begin()
    patient = await story.arrive()
    await story.withdraw()
    assert (await patient.hears("session_revoked"))["code"] == "consent_withdrawn"
    return story


async def took_it_back_in_the_call(begin: Begin) -> Story:
    story = await begin()
    await story.talk()
    await story.withdraw()
    assert story.patient is not None
    assert (await story.patient.hears("session_revoked"))["code"] == "consent_withdrawn"
    return story


async def took_it_back_while_the_line_was_down(begin: Begin) -> Story:
    """The seat is kept for a grace time, and the same page would resume it without a question."""
    story = await begin()
    await story.talk()
    assert story.patient is not None
    doctor = await story.lead()
    await story.patient.vanish()
    await doctor.hears("participant_updated", where=lambda told: told["participant"]["connection"] == "away")
    await story.withdraw()
    await doctor.hears("participant_left", reason="consent_withdrawn")
    return story


async def took_it_back_after_leaving(begin: Begin) -> Story:
    """They sit nowhere, and the record says that they were let in."""
    story = await begin()
    await story.talk()
    assert story.patient is not None
    await story.patient.says("leave")
    await (await story.lead()).hears("participant_left")
    await story.withdraw()
    return story


async def said_no_to_an_emergency(begin: Begin) -> Story:
    story = await begin(consent=False)
    assert (await story.override()).status_code == 201
    patient = await story.arrive()
    await story.withdraw()
    assert (await patient.hears("session_revoked"))["code"] == "consent_withdrawn"
    return story


WITHOUT: list[Callable[[Begin], Awaitable[Story]]] = [
    never_agreed,
    took_it_back_before_coming,
    took_it_back_while_waiting,
    took_it_back_in_the_call,
    took_it_back_while_the_line_was_down,
    took_it_back_after_leaving,
    said_no_to_an_emergency,
]


@pytest.mark.parametrize("state", WITHOUT, ids=lambda state: state.__name__)
async def test_without_consent_every_way_is_closed(
    state: Callable[[Begin], Awaitable[Story]], begin: Begin, visit: Visit
) -> None:
    story = await state(begin)
    patient, target = story.room.patient, story.room.patient.participant_id
    doctor = await story.lead()
    for page in ("patient-page", "another-page"):
        with pytest.raises(Refused) as refused:
            await visit.join(patient.token, incarnation=page)
        assert refused.value.code == "consent_required"
    for query in ({}, {"room_id": str(story.room.room_id)}):
        relay = await story.http.get("/api/turn-credentials", params=query, headers=patient.headers)
        assert (relay.status_code, relay.json()["code"]) == (403, "not_admitted")
    assert (await story.admit())["code"] == "not_found"
    signal = await doctor.says("signal", to=target, session="s", description={"type": "offer", "sdp": "v=0"})
    assert signal["code"] == "not_found"
    if story.patient is not None:
        await story.patient.is_cut()
        heard = len(story.patient.heard)
        assert (await doctor.says("chat_message", id=uuid4(), text="Ainda ouve?"))["ok"]
        assert len(story.patient.heard) == heard


async def test_agreeing_anew_means_waiting_anew(begin: Begin) -> None:
    story = await begin()
    await story.talk()
    await story.withdraw()
    doctor = await story.lead()
    assert (await doctor.hears("call_ended"))["reason"] == "consent_withdrawn"
    assert (await story.agree()).status_code == 201
    patient = await story.arrive()
    assert (await patient.state())["self"]["state"] == "waiting"
    assert not (await patient.state())["ice_servers"]
    assert (await story.admit())["ok"]
    assert (await patient.hears("room_state", after=1))["self"]["state"] == "admitted"


async def test_the_record_keeps_what_was_agreed_taken_back_and_done(begin: Begin, live: Live) -> None:
    story = await begin()
    await story.talk()
    await story.withdraw()
    await story.withdraw()  # a repeat changes nothing
    await (await story.lead()).hears("call_ended")
    await live.recorder.settled()
    calls = (await story.http.get("/api/calls", headers=story.room.doctor.headers)).json()["items"]
    assert [call["end_reason"] for call in calls] == ["consent_withdrawn"]
    record = (await story.http.get(f"/api/calls/{calls[0]['id']}", headers=story.room.doctor.headers)).json()
    assert [bool(one["withdrawn_at"]) for one in record["consents"]] == [True]
    told = [(entry["event"], entry["detail"]) for entry in record["timeline"]]
    assert ("consented", "self") in told
    assert ("consent_withdrawn", None) in told
    assert ("left", "consent_withdrawn") in told
    assert (await story.actions()).count("consent:withdrawn") == 1


async def test_in_an_emergency_the_doctors_reason_stands_in_its_place(begin: Begin, live: Live) -> None:
    story = await begin(consent=False)
    first, again = await story.override(), await story.override(reason="Outra razão, que não conta.")
    assert (first.status_code, first.json()) == (201, again.json())
    doctor = await story.lead()
    await story.arrive()
    joined = await doctor.hears("participant_joined")
    assert joined["participant"]["authorisation"] == {"by": "emergency", "name": None, "relationship": None}
    assert (await story.admit())["ok"]
    await doctor.hears("call_started")
    await live.recorder.settled()
    (call,) = (await story.http.get("/api/calls", headers=story.room.doctor.headers)).json()["items"]
    headers = story.room.doctor.headers
    record = (await story.http.get(f"/api/calls/{call['id']}", headers=headers)).json()
    assert [one["reason"] for one in record["overrides"]] == [REASON]
    assert "consent_overridden" in [entry["event"] for entry in record["timeline"]]
    dossier = await story.http.get(f"/api/calls/{call['id']}/dossier", headers=headers)
    assert REASON in dossier.text
    bundle = (await story.http.get(f"/api/calls/{call['id']}/fhir", headers=headers)).json()
    (consent,) = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Consent"]
    assert consent["provision"]["purpose"][0]["code"] == "ETREAT"
    async with story.database.session() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "consent:overridden"))
    assert entry is not None
    assert entry.actor_id == story.room.doctor.id
    assert REASON not in str(entry.details)


async def test_who_may_override_and_whom(begin: Begin, build: Builder) -> None:
    story, stranger = await begin(consent=False), await build.staff()
    companion = await build.guest(story.room.room_id, "companion", consent=False)
    for answer, expected in [
        (await story.override(stranger.headers), (404, "not_found")),
        (await story.override((await build.staff("admin")).headers), (403, "forbidden")),
        (await story.override(story.room.patient.headers), (403, "forbidden")),
        (await story.override(reason="   curto  "), (422, "validation")),
        (await story.override(participant_id=str(companion.participant_id)), (409, "only_for_the_patient")),
    ]:
        assert (answer.status_code, answer.json()["code"]) == expected
    assert (await story.agree()).status_code == 201
    late = await story.override()
    assert (late.status_code, late.json()["code"]) == (409, "already_authorised")


async def test_the_doctor_sees_who_agreed_for_the_patient(begin: Begin, visit: Visit) -> None:
    story = await begin(consent=False)
    mother = {"name": "Ana Quaresma", "relationship": "mãe"}
    assert (await story.agree(given_by="representative", representative=mother)).status_code == 201
    feed = await visit.join(story.room.doctor.token)
    await story.arrive()
    queue = await feed.hears("queue_updated", where=lambda told: bool(told["waiting"]))
    assert queue["waiting"][0]["participant"]["authorisation"] == {"by": "representative", **mother}
    assert (await story.admit())["ok"]
    # The other people in the call are not told who stands for whom.
    told = await (await story.lead()).hears("participant_updated")
    assert told["participant"]["authorisation"] is None


async def test_nobody_agrees_for_a_companion(begin: Begin, build: Builder) -> None:
    story = await begin()
    companion = await build.guest(story.room.room_id, "companion", consent=False)
    story.room = Consultation(story.room.room_id, story.room.doctor, story.room.doctor_participant_id, companion)
    mother = {"name": "Ana Quaresma", "relationship": "mãe"}
    answer = await story.agree(given_by="representative", representative=mother)
    assert (answer.status_code, answer.json()["code"]) == (409, "only_for_the_patient")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consents SET sha256 = 'x'",
        "UPDATE consents SET withdrawn_at = NULL",
        "DELETE FROM consents",
        "UPDATE consent_overrides SET reason = 'x'",
        "DELETE FROM consent_overrides",
    ],
)
async def test_the_database_keeps_consents_as_they_were_given(begin: Begin, change: str) -> None:
    story = await begin(consent=False)
    assert (await story.override()).status_code == 201
    assert (await story.agree()).status_code == 201
    await story.withdraw()
    with pytest.raises(Exception, match="kept as it was given"):
        async with story.database.session() as session:
            await session.execute(sql(change))
