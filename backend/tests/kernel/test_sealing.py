"""What is sealed opens for its own context, under our own keys, and for nothing else."""

from __future__ import annotations

import pytest

from teleconsulta.kernel.sealing import Opened, Sealer

OLD, NEW = "the secret of last year, long enough", "the secret of this year, long enough"


def test_what_is_sealed_opens_again_and_never_looks_the_same() -> None:
    sealer = Sealer(NEW)
    one, two = sealer.seal(b"seed", "user 1"), sealer.seal(b"seed", "user 1")
    assert one != two
    assert b"seed" not in one
    assert sealer.open(one, "user 1") == Opened(b"seed", stale=False)


@pytest.mark.parametrize("kept", [0, 5, 12, -1], ids=str)
def test_what_was_cut_does_not_open(kept: int) -> None:
    sealer = Sealer(NEW)
    assert sealer.open(sealer.seal(b"seed", "user 1")[:kept], "user 1") is None


def test_what_was_changed_does_not_open() -> None:
    sealer = Sealer(NEW)
    sealed = sealer.seal(b"seed", "user 1")
    assert sealer.open(bytes([sealed[0] ^ 1]) + sealed[1:], "user 1") is None


def test_moved_to_somebody_else_it_does_not_open() -> None:
    sealer = Sealer(NEW)
    assert sealer.open(sealer.seal(b"seed", "user 1"), "user 2") is None


def test_while_the_key_changes_both_open_and_the_old_one_shows() -> None:
    sealed = Sealer(OLD).seal(b"seed", "user 1")
    assert Sealer(NEW, OLD).open(sealed, "user 1") == Opened(b"seed", stale=True)
    assert Sealer(NEW).open(sealed, "user 1") is None
