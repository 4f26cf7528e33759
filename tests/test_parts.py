"""Parts of a study: which small areas belong to a place, what is cut, and what a study does not have."""

from __future__ import annotations

import pandas as pd
import pytest

from connectivity.places.parts import COAST, Part, kinds, part_of, places
from layers.reporting import Shares

AREAS = pd.DataFrame(
    {"area_name": list("ABCD"), "district_code": list("NNSS"), "district_name": ["North"] * 2 + ["South"] * 2},
    index=["E1", "E2", "E3", "E4"],
)


def report(rows, *, method="postcodes", names=None):
    inside = pd.DataFrame(rows, columns=["area_code", "key", "share"])
    keys = sorted(set(inside["key"]))
    table = pd.DataFrame({"code": keys, "name": [(names or {}).get(key, f"Place {key}") for key in keys]}, index=keys)
    return table, Shares(inside, pd.DataFrame(columns=["area_code", "reason", "share"]), method)


WARDS = {
    "ward": report([("E1", "W1", 1.0), ("E2", "W1", 0.6), ("E2", "W2", 0.4), ("E3", "W2", 0.98), ("E3", "W1", 0.02)])
}


def test_a_ward_is_made_of_the_areas_that_lie_in_it_and_says_how_many_are_cut():
    part = part_of("ward:W1", reports=WARDS, areas=AREAS)
    assert list(part.codes) == ["E1", "E2"]  # 2 % of E3 is not worth showing
    assert part.cut == 2  # but E3 is cut, and so is E2
    assert part.called == "Place W1 ward"


def test_a_place_that_holds_only_slivers_still_shows_them():
    part = part_of("ward:W9", reports={"ward": report([("E4", "W9", 0.01)])}, areas=AREAS)
    assert list(part.codes) == ["E4"]


def test_of_a_best_fit_nobody_knows_what_is_cut():
    fitted = {"ward": report([("E1", "W1", 1.0)], method="best fit")}
    assert part_of("ward:W1", reports=fitted, areas=AREAS).cut is None


@pytest.mark.parametrize("text", ["ward:W7", "parish:W1", "ward", "", ":", "coast", "coast:x", "<script>:W1"])
def test_what_the_study_does_not_have_is_no_part(text):
    assert part_of(text, reports=WARDS, areas=AREAS) is None


def test_the_coast_holds_what_is_known_to_be_coastal_and_nothing_else():
    areas = AREAS.assign(coastal=pd.array([True, False, None, True], dtype="boolean"))
    part = part_of(COAST, reports={}, areas=areas)
    assert (list(part.codes), part.text) == (["E1", "E4"], "coast")


def test_the_coast_of_one_council_is_a_part_of_its_own():
    areas = AREAS.assign(coastal=[True, False, True, True])
    assert places(COAST, reports={}, areas=areas) == {"N": "North", "S": "South"}
    part = part_of("coast:S", reports={}, areas=areas)
    assert (list(part.codes), part.called) == (["E3", "E4"], "the coastal areas of South")
    inland = areas.assign(coastal=[True, False, False, False])
    assert part_of("coast:S", reports={}, areas=inland) is None


def test_a_sum_over_a_part_counts_slivers_too():
    part = part_of("ward:W1", reports=WARDS, areas=AREAS)
    assert part.shares.to_dict() == {"E1": 1.0, "E2": 0.6, "E3": 0.02}


def test_a_link_names_a_part_as_it_is_read():
    part = part_of("ward:W2", reports=WARDS, areas=AREAS)
    assert part_of(part.text, reports=WARDS, areas=AREAS).codes.equals(part.codes)


def test_what_is_missing_says_so_instead_of_vanishing():
    listed = {kind.key: kind for kind in kinds(WARDS, areas=AREAS)}
    assert set(listed) == {"district", "county", "lep", "constituency", "ward", "coast"}
    assert listed["ward"].missing is None
    assert "no constituencies" in listed["constituency"].missing
    assert "on the coast" in listed["coast"].missing
    known = AREAS.assign(coastal=[True, False, False, False])
    assert {kind.key: kind.missing for kind in kinds({}, areas=known)}["coast"] is None


def test_two_places_of_one_name_are_told_apart_by_code():
    twice = {"ward": report([("E1", "W1", 1.0), ("E2", "W2", 1.0)], names={"W1": "Abbey", "W2": "Abbey"})}
    assert places("ward", reports=twice, areas=AREAS) == {"W1": "Abbey · W1", "W2": "Abbey · W2"}
    assert places("parish", reports=twice, areas=AREAS) == {}


def test_every_part_has_a_name_for_a_sentence():
    assert Part(COAST, "", "the coastal areas", pd.Index([]), pd.Series(dtype=float)).called == "the coastal areas"
