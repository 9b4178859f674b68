"""Backups as files: what damages them, who can read them, which of them go."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from teleconsulta.backup import age, programs, restoring
from teleconsulta.backup.errors import Damaged, NoBackup, NoIdentity, NoProgram, NoRecipient, WrongIdentity
from teleconsulta.backup.manifest import DUMP, Table, differences, outdated
from teleconsulta.backup.places import Folder, card_of, cards
from teleconsulta.backup.programs import Program
from tests.backup.keys import PUBLIC, TAKEN, by_hand, identity_file
from tests.support import SECRET


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "backups")


@pytest.fixture
def key(tmp_path: Path) -> restoring.Key:
    return restoring.Key(age.identities(str(identity_file(tmp_path))), [SECRET])


class TestWholeness:
    def test_a_whole_one_is_read_and_its_seal_known(self, place: Folder, key: restoring.Key) -> None:
        assert restoring.inspect(place, by_hand(place, secret=SECRET), key).sealed == "ours"
        later = TAKEN + timedelta(days=1)
        assert restoring.inspect(place, by_hand(place, secret="of another", taken_at=later), key).sealed == "not ours"
        later += timedelta(days=1)
        assert restoring.inspect(place, by_hand(place, taken_at=later), key).sealed == "unknown"

    @pytest.mark.parametrize("where", [30, 400, 100_000, -1], ids=["header", "first piece", "middle", "last byte"])
    def test_one_wrong_byte_is_refused(self, place: Folder, key: restoring.Key, where: int) -> None:
        card = by_hand(place)
        path = Path(place.where) / (card.name + DUMP)
        content = bytearray(path.read_bytes())
        content[where] ^= 1
        path.write_bytes(content)
        with pytest.raises(Damaged):
            restoring.inspect(place, card, key)
        with pytest.raises(Damaged):
            restoring.looks_whole(place, card)

    @pytest.mark.parametrize("where", [30, 400, 100_000, -1], ids=["header", "first piece", "middle", "last byte"])
    def test_a_card_that_was_changed_too_does_not_help(self, place: Folder, key: restoring.Key, where: int) -> None:
        card = by_hand(place)
        path = Path(place.where) / (card.name + DUMP)
        content = bytearray(path.read_bytes())
        content[where] ^= 1
        path.write_bytes(content)
        forged = card.model_copy(update={"sha256": sha256(content).hexdigest()})
        with pytest.raises((Damaged, WrongIdentity)):
            restoring.inspect(place, forged, key)

    def test_one_that_was_cut_off_is_refused(self, place: Folder, key: restoring.Key) -> None:
        card = by_hand(place)
        path = Path(place.where) / (card.name + DUMP)
        path.write_bytes(path.read_bytes()[: 65_536 * 2])
        with pytest.raises(Damaged):
            restoring.inspect(place, card, key)

    def test_another_identity_reads_nothing(self, place: Folder) -> None:
        from pyrage import x25519

        with pytest.raises(WrongIdentity):
            restoring.inspect(place, by_hand(place), restoring.Key([x25519.Identity.generate()]))

    def test_one_backup_under_anothers_name_is_refused(self, place: Folder, key: restoring.Key) -> None:
        old, new = by_hand(place), by_hand(place, taken_at=TAKEN + timedelta(days=1))
        path = Path(place.where)
        (path / (new.name + DUMP)).write_bytes((path / (old.name + DUMP)).read_bytes())
        with pytest.raises(Damaged):
            restoring.inspect(place, new.model_copy(update={"sha256": old.sha256, "size": old.size}), key)


class TestKeys:
    @pytest.mark.parametrize("texts", [[], ["age1nonsense"], [PUBLIC, ""]], ids=["none", "nonsense", "one empty"])
    def test_what_is_no_public_key_is_refused(self, texts: list[str]) -> None:
        with pytest.raises(NoRecipient):
            age.recipients(texts)

    @pytest.mark.parametrize(
        "content",
        ["", "# nothing\n", PUBLIC, "AGE-SECRET-KEY-1NONSENSE"],
        ids=["empty", "a remark", "a public key", "nonsense"],
    )
    def test_what_is_no_identity_is_refused(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "file").write_text(content)
        with pytest.raises(NoIdentity):
            age.identities(str(tmp_path / "file"))


class TestFolder:
    def test_only_whole_backups_are_known(self, place: Folder) -> None:
        card = by_hand(place)
        half = by_hand(place, taken_at=TAKEN + timedelta(days=1))
        place.delete(half.name + DUMP)
        (Path(place.where) / "notes.json").write_text("{}")
        assert cards(place) == [card]
        assert card_of(place, None) == card_of(place, card.name + DUMP) == card
        with pytest.raises(NoBackup):
            card_of(place, half.name)

    def test_a_writing_that_fails_leaves_nothing(self, place: Folder) -> None:
        def fail() -> None:
            with place.writing("a") as out:
                out.write(b"half")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert place.names() == []

    def test_nobody_else_may_look(self, place: Folder) -> None:
        card = by_hand(place)
        folder = Path(place.where)
        assert folder.stat().st_mode & 0o077 == 0
        assert (folder / (card.name + DUMP)).stat().st_mode & 0o077 == 0


def test_old_ones_go_but_never_the_last(place: Folder) -> None:
    made = [by_hand(place, taken_at=TAKEN + timedelta(days=day)) for day in (0, 10, 39, 40)]
    keep = timedelta(days=30)
    assert outdated(made, keep, TAKEN + timedelta(days=40, seconds=1)) == made[:2]
    assert outdated(made, keep, TAKEN + timedelta(days=4000)) == made[:3]
    assert outdated([], keep, TAKEN) == []


def test_differences_are_named() -> None:
    before = {"a": Table(rows=1, sha256="1"), "b": Table(rows=2, sha256="2"), "c": Table(rows=3, sha256="3")}
    after = {"a": Table(rows=1, sha256="x"), "b": Table(rows=1, sha256="2"), "d": Table(rows=0, sha256="4")}
    assert differences(before, before) == []
    assert differences(before, after) == [
        "a (rows differ)", "b (1 rows instead of 2)", "c (missing)", "d (unexpected)"
    ]  # fmt: skip


class TestPrograms:
    KNOWN = [Program(Path("b"), 18), Program(Path("a"), 15), Program(Path("c"), 17)]  # noqa: RUF012 - not changed

    @pytest.mark.parametrize(("server", "chosen"), [(13, 15), (15, 15), (16, 17), (18, 18)])
    def test_the_oldest_that_is_new_enough(self, server: int, chosen: int) -> None:
        assert programs.choose("pg_dump", self.KNOWN, server).major == chosen

    def test_none_that_is_new_enough_is_told(self) -> None:
        with pytest.raises(NoProgram, match=r"pg_dump of PostgreSQL 19 or newer is needed, and here is 15, 17, 18"):
            programs.choose("pg_dump", self.KNOWN, 19)

    def test_a_password_is_no_argument(self) -> None:
        said, environment = programs.spoken("postgresql://ana:a%40b@db.example:5433/x?sslmode=require")
        assert said == "postgresql://ana@db.example:5433/x?sslmode=require"
        assert environment["PGPASSWORD"] == "a@b"
