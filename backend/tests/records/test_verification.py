"""Whatever is done to a dossier is refused, and named in words."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleconsulta.consents.catalogue import text
from teleconsulta.records.seal import seal
from teleconsulta.records.signer import Signer
from teleconsulta.records.verification import examine, told
from tests.records.sample import SIGNER, entries, facts, written

DOSSIER = written()
LINES = DOSSIER.splitlines(keepends=True)
ROWS = len(LINES) - 2
KINDS = [orjson.loads(line)["kind"] for line in LINES]
NAMED = re.compile(r"[Rr]ow \d+|[Ll]ine \d+|end with a line break|list of rows|signature")


def problems(lines: list[bytes]) -> tuple[str, ...]:
    return examine(b"".join(lines)).problems


def test_an_untouched_dossier_is_whole() -> None:
    found = examine(DOSSIER, {SIGNER.public_hex})
    assert found.problems == ()
    assert f"{ROWS} rows (header: 1, consultation: 1, identity: 3" in told(found)
    assert "01900000-0000-7000-8000-000000000001" in told(found)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert written() == DOSSIER


@given(place=st.integers(0, len(DOSSIER) - 1), mask=st.integers(1, 255))
@settings(max_examples=200, deadline=None)
def test_one_flipped_byte_is_named(place: int, mask: int) -> None:
    flipped = DOSSIER[:place] + bytes([DOSSIER[place] ^ mask]) + DOSSIER[place + 1 :]
    found = examine(flipped).problems
    assert found
    assert all(NAMED.search(problem) for problem in found), found
    line = DOSSIER[:place].count(b"\n")
    joined_or_split = b"\n" in {DOSSIER[place : place + 1], flipped[place : place + 1]}
    if line < ROWS and not joined_or_split:
        assert len(found) == 1
        assert found[0].startswith(f"Row {line + 1} (")
        assert found[0].endswith("was changed.")


@pytest.mark.parametrize("line", [ROWS, ROWS + 1], ids=["list", "signature"])
def test_every_byte_of_the_seal_counts(line: int) -> None:
    start = sum(map(len, LINES[:line]))
    name = "list of rows" if line == ROWS else "signature"
    for place in range(start, start + len(LINES[line]) - 1):
        for mask in (0x01, 0x20, 0x80):
            flipped = DOSSIER[:place] + bytes([DOSSIER[place] ^ mask]) + DOSSIER[place + 1 :]
            found = examine(flipped).problems
            assert found, (place, mask)
            assert name in found[0].lower() or "format" in found[0] or "last two lines" in found[0], found


@pytest.mark.parametrize("row", range(ROWS))
def test_a_dropped_row_is_named(row: int) -> None:
    (only,) = problems([*LINES[:row], *LINES[row + 1 :]])
    assert only.startswith(f"Row {row + 1} (")
    assert only.endswith("is missing.")


@given(st.permutations(range(ROWS)))
@settings(max_examples=60, deadline=None)
def test_reordered_rows_are_named(order: list[int]) -> None:
    found = problems([LINES[place] for place in order] + LINES[ROWS:])
    if order == sorted(order):
        assert found == ()
    else:
        assert found
        assert all(re.match(r"Row \d+ \(.+\) is out of order: it stands in line \d+\.$", one) for one in found)


@given(st.sets(st.integers(0, ROWS - 1), min_size=1))
@settings(max_examples=50, deadline=None)
def test_all_dropped_rows_are_named(dropped: set[int]) -> None:
    found = problems([line for place, line in enumerate(LINES) if place not in dropped])
    assert [int(one.split()[1]) - 1 for one in found] == sorted(dropped)


def swapped(first: int, second: int) -> list[bytes]:
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    return lines


CHAT = KINDS.index("message")
HARM = {
    "two messages have changed places": (swapped(CHAT, CHAT + 1), ["(chat message) is out of order"]),
    "a row comes twice": ([*LINES[:4], LINES[3], *LINES[4:]], ["Line 5 is a copy of row 4 (identity)."]),
    "a row was put in": ([*LINES[:4], b"{}\n", *LINES[4:]], ["Line 5 does not belong in this dossier."]),
    "something after the end": ([*LINES, b"x\n"], ["are not at the end", "does not belong in this dossier"]),
    "the end was cut off": (LINES[:-1], ["The signature is missing"]),
    "list and signature are gone": (LINES[:-2], ["last two lines"]),
    "list and signature have changed places": (swapped(ROWS, ROWS + 1), ["are not at the end"]),
    "the line break at the end is gone": ([*LINES[:-1], LINES[-1][:-1]], ["does not end with a line break"]),
    "line breaks of another system": ([line.replace(b"\n", b"\r\n") for line in LINES], ["last two lines"]),
    "nothing at all": ([], ["This is no dossier"]),
    "another file": ([b"%PDF-1.7\n", b"\xff\xfe\x00\n"], ["This is no dossier"]),
}


@pytest.mark.parametrize("harm", HARM)
def test_harm_has_a_name(harm: str) -> None:
    lines, said = HARM[harm]
    found = problems(lines)
    for words in said:
        assert any(words in problem for problem in found), found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(sorted(set(KINDS))) | json_values, json_values), max_size=5))
@settings(max_examples=60, deadline=None)
def test_whatever_somebody_sends_is_answered(rows: list[tuple[object, object]]) -> None:
    """In the shape of a dossier, with anything in it: refused in words, never by falling over."""
    shaped = [{"row": at, "kind": kind, "data": data} for at, (kind, data) in enumerate(rows, 1)]
    compact = (json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for row in shaped)
    lines = [line.encode("utf-8", "replace") for line in compact]
    assert examine(b"\n".join([*lines, b""])).problems


@given(st.lists(st.tuples(st.sampled_from(["audit", "consent_text", "header"]), st.dictionaries(
    st.sampled_from(["entry", "hash", "text", "sha256", "seq"]), json_values)), max_size=4))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_whatever_somebody_signs_is_answered(rows: list[tuple[str, dict[str, object]]]) -> None:
    small = [row for row in rows if fits(row[1])]
    assert examine(seal(small, SIGNER, {})).contents is not None


def fits(value: object) -> bool:
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def resealed(lines: list[bytes], signer: Signer = SIGNER) -> bytes:
    """What somebody with a key of their own can make of a dossier."""
    rows = [orjson.loads(line) for line in lines]
    return seal([(row["kind"], row["data"]) for row in rows], signer, {})


def test_whoever_signs_with_another_key_is_only_found_by_the_key() -> None:
    forger = Signer("a key that is not the clinic's, and long enough")
    forged = resealed([*LINES[:2], *LINES[3:ROWS]], forger)
    assert examine(forged).ok
    (only,) = examine(forged, {SIGNER.public_hex}).problems
    assert forger.public_hex in only


def test_a_signature_of_another_key_does_not_fit() -> None:
    other = resealed(LINES[:ROWS], Signer("a key that is not the clinic's, and long enough")).splitlines(keepends=True)
    row = orjson.loads(LINES[-1])
    row["data"]["signature"] = orjson.loads(other[-1])["data"]["signature"]
    (only,) = problems([*LINES[:-1], orjson.dumps(row, option=orjson.OPT_SORT_KEYS) + b"\n"])
    assert only.startswith("The signature")


def test_a_format_of_tomorrow_is_told() -> None:
    row = orjson.loads(LINES[ROWS])
    row["data"]["format"] = "teleconsulta-dossier/2"
    listed = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    (only,) = problems([*LINES[:ROWS], listed + b"\n", LINES[-1]])
    assert "teleconsulta-dossier/2" in only


class TestWhatWasTamperedWithBefore:
    """The signature is good; the record it was made from was not."""

    def test_a_changed_entry_of_the_audit_log(self) -> None:
        log = entries()
        log[1].details = {"é": "another"}
        (only,) = examine(written(audit=log)).problems
        assert "entry 41 of the audit log was changed on the server" in only

    def test_a_cut_in_the_audit_log(self) -> None:
        log = entries()
        log[1] = entries(start=41)[0]
        (only,) = examine(written(audit=log)).problems
        assert "the audit log was cut before entry 41" in only

    def test_a_log_out_of_order(self) -> None:
        found = examine(written(audit=entries()[::-1])).problems
        assert "entry 41 of the audit log stands after entry 49" in found[0]

    def test_a_text_that_nobody_agreed_to(self) -> None:
        other = replace(text("pt-BR"), raw="Eu autorizo tudo.")
        (only,) = examine(written(texts=[other])).problems
        assert "text of the consent does not have the hash" in only


def test_decimals_are_text_and_times_have_one_form() -> None:
    row = orjson.loads(LINES[KINDS.index("participation")])["data"]
    assert row["quality"] == {**dict.fromkeys(row["quality"]), "samples": 3, "rtt_ms": "35.25", "loss_in": "0",
                              "fps": "30"}  # fmt: skip
    assert orjson.loads(LINES[1])["data"]["started_at"] == "2026-11-27T12:00:00.000000Z"


def test_the_text_of_the_consent_is_whole() -> None:
    row = orjson.loads(LINES[KINDS.index("consent_text")])["data"]
    assert hashlib.sha256(row["text"].encode()).hexdigest() == row["sha256"] == facts().consents[0].sha256
