"""The same backups in storage that speaks S3: in parts, signed, and never half."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from teleconsulta.backup import age, making, places, restoring
from teleconsulta.backup.errors import Damaged, PlaceFailed
from teleconsulta.backup.manifest import CARD, DUMP, Drill
from teleconsulta.backup.places import Bucket, card_of, cards, drill_in, place_of, put
from teleconsulta.backup.status import BackupWatch
from tests.backup import s3
from tests.backup.keys import TAKEN, by_hand, identity_file
from tests.support import settings_for

BACKUP = "teleconsulta_backup_last_timestamp_seconds"
PAYLOAD = bytes(range(256)) * 3000


@pytest.fixture
async def storage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[s3.Storage]:
    async with s3.storage() as kept:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.ACCESS)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET)
        monkeypatch.setenv("AWS_REGION", s3.REGION)
        monkeypatch.setenv("AWS_ENDPOINT_URL", kept.endpoint)
        monkeypatch.setenv("AWS_SESSION_TOKEN", "")  # as jobs on GitHub have what is not set
        monkeypatch.setattr(places, "PART", 100_000)
        yield kept


@pytest.fixture
def place() -> places.Place:
    return place_of("s3://bucket/clinic/nightly")


async def test_a_backup_goes_there_in_parts_and_comes_back(
    storage: s3.Storage, place: places.Place, tmp_path: Path
) -> None:
    storage.objects["clinic/other/secret.json"] = b"{}"
    key = restoring.Key(age.identities(str(identity_file(tmp_path))))
    card = await asyncio.to_thread(by_hand, place, payload=PAYLOAD)
    assert set(storage.objects) == {
        "clinic/other/secret.json", f"clinic/nightly/{card.name}{DUMP}", f"clinic/nightly/{card.name}{CARD}"
    }  # fmt: skip
    assert sum(asked.startswith("PUT") and asked.endswith(DUMP) for asked in storage.requests) > 5
    assert await asyncio.to_thread(card_of, place, None) == card
    await asyncio.to_thread(restoring.inspect, place, card, key)

    name = f"clinic/nightly/{card.name}{DUMP}"
    content = storage.objects[name]
    storage.objects[name] = content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]
    with pytest.raises(Damaged):
        await asyncio.to_thread(restoring.inspect, place, card, key)


async def test_old_ones_are_taken_away_there_too(storage: s3.Storage, place: places.Place) -> None:
    made = [
        await asyncio.to_thread(by_hand, place, taken_at=TAKEN + timedelta(days=day), payload=b"") for day in (0, 40)
    ]
    await asyncio.to_thread(put, place, "last-drill.json", Drill(name=made[0].name, at=TAKEN, taken_at=TAKEN))
    gone = await making.drop_outdated(place, timedelta(days=30), TAKEN + timedelta(days=41))
    assert gone == made[:1]
    assert await asyncio.to_thread(cards, place) == made[1:]
    assert await asyncio.to_thread(drill_in, place) is not None
    assert len(storage.objects) == 3


async def test_an_upload_that_fails_is_no_backup(storage: s3.Storage, place: places.Place) -> None:
    storage.broken = True
    with pytest.raises(PlaceFailed, match="s3://bucket/clinic/nightly cannot be used"):
        await asyncio.to_thread(by_hand, place, payload=PAYLOAD)
    assert storage.objects == {}


async def test_a_wrong_secret_is_told_without_it(
    storage: s3.Storage, place: places.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(PlaceFailed) as told:
        await asyncio.to_thread(Bucket("s3://bucket/x").names)
    assert "another" not in told.value.message


async def test_the_server_counts_its_backups_and_does_not_wait_for_silent_storage(
    storage: s3.Storage, place: places.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await asyncio.to_thread(by_hand, place, payload=b"")
    settings = settings_for("postgresql://nobody@/x", tmp_path, backup_to=place.where)
    registry = CollectorRegistry()
    watch = BackupWatch(settings, registry)
    watch.start()
    async with asyncio.timeout(10):
        while registry.get_sample_value(BACKUP) != card.taken_at.timestamp():  # noqa: ASYNC110 - gauges tell nobody
            await asyncio.sleep(0.01)
    assert registry.get_sample_value("teleconsulta_backup_last_drill_timestamp_seconds") == 0
    await watch.stop()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        again = BackupWatch(settings, CollectorRegistry())
        again.start()
        asked, _ = await asyncio.to_thread(silent.accept)
        async with asyncio.timeout(1):
            await again.stop()
        asked.close()


async def test_without_a_place_there_is_nothing_to_count(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    BackupWatch(settings_for("postgresql://nobody@/x", tmp_path), registry).start()
    assert list(registry.collect()) == []
