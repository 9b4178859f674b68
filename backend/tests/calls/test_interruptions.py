"""Interruptions of the media: told by a browser with its own words of time, kept once with ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import delete

from teleconsulta.calls import ledger
from teleconsulta.calls.models import CallInterruption, CallParticipant, QualitySample
from teleconsulta.calls.notes import Interruption
from teleconsulta.kernel.db import Database
from teleconsulta.presence.model import Who
from tests.calls.scene import START, Scene, rows

ONE, TWO = UUID(int=1), UUID(int=2)


def told(at: datetime, own_id: UUID = ONE, cause: str = "silence", **change: Any) -> Interruption:
    return Interruption.seen(
        at, own_id, **{"cause": cause, "ago_ms": 5000, "duration_ms": 4000, "restarts": 1, **change}
    )


class TestInACall:
    """When it was, and how much of it belongs to a call."""

    def test_it_began_before_the_report_by_our_clock(self) -> None:
        assert told(START).began_at == START - timedelta(seconds=5)

    def test_it_cannot_reach_beyond_the_report(self) -> None:
        assert told(START, duration_ms=60_000).duration_ms == 5000

    @pytest.mark.parametrize(
        ("says", "began", "duration", "expected"),
        [
            ("inside", 2, 3000, (2, 3000)),
            ("across the start", -1, 3000, (0, 2000)),
            ("over before the start", -4, 3000, None),
            ("over at the start", -3, 3000, None),
            ("lasting since before", -4, None, (0, None)),
        ],
    )
    def test_only_what_lies_in_the_call_counts(
        self, says: str, began: int, duration: int | None, expected: tuple[int, int | None] | None
    ) -> None:
        whole = Interruption(ONE, "silence", START + timedelta(seconds=began), duration, 0)
        part = whole.since(START)
        seen = None if part is None else ((part.began_at - START).total_seconds(), part.duration_ms)
        assert seen == expected, says


def report(scene: Scene, who: Who, *interruptions: Interruption, **quality: float) -> None:
    """One more report of this person's, ten seconds after the last."""
    scene.wait(10)
    scene.recorder.measure(
        scene.room.room_id,
        scene.call_id,
        scene.seat(who),
        scene.at,
        path=None,
        quality=quality,
        interruptions=[
            Interruption(one.id, one.cause, one.began_at + (scene.at - START), one.duration_ms, one.restarts)
            for one in interruptions
        ],
    )


async def kept(scene: Scene, database: Database) -> list[tuple[UUID, str, float, int | None, int]]:
    """Id, cause, seconds after the call's start, duration and restarts, in order."""
    await scene.recorder.settled()
    start = START + timedelta(seconds=10)
    found = await rows(database, CallInterruption, CallInterruption.began_at, CallInterruption.id)
    return [(r.id, r.cause, (r.began_at - start).total_seconds(), r.duration_ms, r.restarts) for r in found]


async def summary_of(who: Who, database: Database) -> dict[str, Any]:
    found = [part for part in await rows(database, CallParticipant) if part.participant_id == who.id]
    quality: dict[str, Any] = found[0].quality
    return quality


async def test_one_that_lasts_is_told_again_and_kept_once(scene: Scene, database: Database) -> None:
    scene.call()
    report(scene, scene.patient, told(START, duration_ms=None, restarts=0))
    assert await kept(scene, database) == [(ONE, "silence", 5, None, 0)]
    assert (await summary_of(scene.patient, database))["interruption_ms"] == 0
    # Ten seconds later it began fifteen seconds ago, give or take what the network took.
    report(scene, scene.patient, told(START, ago_ms=15_200, duration_ms=7500, restarts=3))
    assert await kept(scene, database) == [(ONE, "silence", 5, 7500, 3)]
    report(scene, scene.patient, told(START, duration_ms=None, restarts=0))
    assert await kept(scene, database) == [(ONE, "silence", 5, 7500, 3)]
    summary = await summary_of(scene.patient, database)
    assert (summary["interruptions"], summary["interruption_ms"], summary["samples"]) == (1, 7500, 3)


async def test_the_same_id_of_two_people_is_two_interruptions(scene: Scene, database: Database) -> None:
    scene.call()
    twice = (told(START, duration_ms=1000), told(START, duration_ms=2000), told(START, TWO, "failed", ago_ms=3000))
    report(scene, scene.patient, *twice)
    report(scene, scene.doctor, told(START))
    assert await kept(scene, database) == [
        (ONE, "silence", 5, 2000, 1),
        (TWO, "failed", 7, 3000, 1),
        (ONE, "silence", 15, 4000, 1),
    ]
    assert (await summary_of(scene.patient, database))["interruption_ms"] == 5000
    assert (await summary_of(scene.doctor, database))["interruptions"] == 1


async def test_none_begins_before_the_call(scene: Scene, database: Database) -> None:
    scene.call()
    before = told(START, TWO, ago_ms=60_000, duration_ms=1000)
    report(scene, scene.patient, told(START, ago_ms=12_000, duration_ms=9000), before)
    assert await kept(scene, database) == [(ONE, "silence", 0, 7000, 1)]


async def test_a_page_that_tells_of_ever_new_ones_is_not_believed_without_end(
    scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MAX_INTERRUPTIONS", 2)
    scene.call()
    report(scene, scene.patient, told(START, ONE, duration_ms=None), told(START, TWO))
    report(scene, scene.patient, told(START, ONE), told(START, uuid4()))
    assert [(one, duration) for one, _, _, duration, _ in await kept(scene, database)] == [(ONE, 4000), (TWO, 4000)]


async def test_the_record_tells_them_in_their_place_and_after_the_samples_are_gone(
    scene: Scene, database: Database, client: AsyncClient
) -> None:
    scene.call()
    call_id = scene.call_id
    report(scene, scene.patient, told(START, cause="network_changed"), rtt_ms=40.0)
    report(scene, scene.doctor, told(START, TWO, "failed", duration_ms=None), rtt_ms=60.0)
    scene.ends()
    await scene.recorder.settled()
    async with database.session() as session:
        await session.execute(delete(QualitySample))
    headers = scene.room.doctor.headers
    assert (await client.get(f"/api/calls/{call_id}/quality", headers=headers)).json() == {"items": []}
    record = (await client.get(f"/api/calls/{call_id}", headers=headers)).json()
    lines = [(line["event"], line["detail"], line["duration_ms"]) for line in record["timeline"]]
    assert [line for line in lines[2:] if line[0] != "consented"] == [
        ("admitted", None, None),
        ("call_started", None, None),
        ("interrupted", "network_changed", 4000),
        ("interrupted", "failed", None),
        ("call_ended", "ended_by_doctor", None),
        ("room_closed", "ended_by_doctor", None),
    ]
    assert record["timeline"][4]["name"] == "Benedita Quaresma"
    doctor, patient = record["participants"]
    began_at = (START + timedelta(seconds=15)).isoformat().replace("+00:00", "Z")
    assert patient["interruptions"] == [
        {"began_at": began_at, "duration_ms": 4000, "cause": "network_changed", "restarts": 1}
    ]
    assert [(one["cause"], one["duration_ms"]) for one in doctor["interruptions"]] == [("failed", None)]
    assert (patient["quality"]["interruptions"], patient["quality"]["interruption_ms"]) == (1, 4000)
    assert (patient["quality"]["samples"], patient["quality"]["rtt_ms_worst"]) == (1, 40)
