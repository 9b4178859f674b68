"""Who may go, and in which order tables are taken: pure."""

from __future__ import annotations

from uuid import UUID

import pytest

from teleconsulta.keeping.graph import Link, Part, order
from teleconsulta.keeping.rules import BY_KIND, alone

BIA, CAE, DAN = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("candidates", "seats", "going"),
    [
        ({BIA}, {(BIA, BIA)}, {BIA}),
        ({BIA, CAE}, {(BIA, BIA), (CAE, BIA)}, {BIA, CAE}),  # a companion goes with the patient
        ({CAE}, {(CAE, BIA)}, set()),  # and stays in the record of a patient who stays
        ({BIA, CAE}, {(BIA, BIA), (BIA, CAE), (CAE, DAN)}, set()),  # through others, too
        (set(), set(), set()),
    ],
)
def test_nobody_goes_who_sat_with_somebody_who_stays(
    candidates: set[UUID], seats: set[tuple[UUID, UUID]], going: set[UUID]
) -> None:
    assert alone(candidates, seats) == going


def test_a_table_comes_after_all_those_it_refers_to() -> None:
    known = [
        Link("calls", "room_id", "rooms"),
        Link("calls", "patient_id", "people"),
        Link("rooms", "patient_id", "people"),
        Link("stays", "call_id", "calls"),
        Link("stays", "seat_id", "seats"),
        Link("seats", "room_id", "rooms"),
        Link("sessions", "user_id", "users"),
    ]
    found = order(known, "people")
    assert set(found) == {"people", "rooms", "calls", "seats", "stays"}
    assert all(found.index(link.parent) < found.index(link.child) for link in known[:-1])


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        order([Link("a", "b_id", "b"), Link("b", "a_id", "a")], "a")


def test_a_part_asks_for_any_of_its_columns() -> None:
    part = Part("stays", {"call_id": [BIA], '"order"': [CAE]})
    assert part.where == 'call_id = ANY(:of_call_id) OR "order" = ANY(:of_order)'
    assert part.values == {"of_call_id": [BIA], "of_order": [CAE]}


def test_the_law_is_the_least() -> None:
    assert BY_KIND["clinical_record"].least == 7305
    assert BY_KIND["incident"].least == 1826
    assert not BY_KIND["clinical_record"].by_itself
    assert not BY_KIND["incident"].by_itself
