from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hand import coverage
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.boundary_effect import by_smaller
from connectivity.method.scoring import Weights
from connectivity.robustness.boundary_effect import Scoring, added_up, by_larger, effect, rescored
from connectivity.robustness.whole_index import inversions, kendall
from layers.coverage import Coverage

PLAIN = Scoring(Weights(1, 1, 0, 0))
BANDS = ("<2", "2–5", "5–10", "10–30", "30–100", "100–300", "≥300")
numbers = st.lists(st.integers(0, 6), min_size=2, max_size=25)


def slow_tau(one, other) -> float:
    both = [(np.sign(a - c), np.sign(b - d)) for (a, b), (c, d) in combinations(zip(one, other, strict=True), 2)]
    free = sum(a != 0 for a, _ in both), sum(b != 0 for _, b in both)
    if not all(free):
        return math.nan
    return sum(a * b for a, b in both) / math.sqrt(free[0] * free[1])


@given(st.data())
def test_tau_is_that_of_all_pairs_one_by_one(data):
    one = data.draw(numbers)
    other = data.draw(st.lists(st.integers(0, 6), min_size=len(one), max_size=len(one)))
    expected = slow_tau(one, other)
    assert kendall(pd.Series(one), pd.Series(other)) == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.integers(0, 40), max_size=60))
def test_inversions_are_those_found_one_by_one(row):
    assert inversions(np.array(row, dtype=np.int64)) == sum(a > b for a, b in combinations(row, 2))


def test_the_same_order_has_tau_one_and_the_opposite_minus_one():
    ramp = pd.Series(np.arange(5000.0))
    assert kendall(ramp, ramp**3) == pytest.approx(1)
    assert kendall(ramp, -ramp) == pytest.approx(-1)
    assert math.isnan(kendall(ramp, ramp * 0))


def test_tau_refuses_gaps_and_columns_of_different_length():
    with pytest.raises(ValueError, match="without gaps"):
        kendall(pd.Series([1.0, math.nan]), pd.Series([1.0, 2.0]))
    with pytest.raises(ValueError, match="same length"):
        kendall(pd.Series([1.0, 3.0]), pd.Series([1.0]))


def built(table: Coverage, *, need: float = 0.0, scoring: Scoring = PLAIN) -> pd.DataFrame:
    sides = pd.DataFrame({"score_need": need, "score_alternative": 0.0}, index=table.table.index)
    return sides.assign(score=rescored(table, sides=sides, scoring=scoring))


def four_areas() -> Coverage:
    """Premises under 2 Mbit/s, and at 300 or more, of 100 each: 60 % fail in Alder, 0 in Birch, 30 and 10 elsewhere."""
    slow = {"alder": 60, "birch": 0, "cedar": 30, "dale": 10}
    return coverage({name: [n, 0, 0, 0, 0, 0, 100 - n] for name, n in slow.items()})


def test_a_ward_is_scored_from_its_premises_and_gives_its_areas_its_score():
    table = four_areas()
    inside = pd.DataFrame({"area_code": table.table.index, "key": ["west", "west", "east", "east"], "share": 1.0})
    found, wards = by_larger(built(table), coverage=table, inside=inside, scoring=PLAIN, unit="ward")
    assert wards.to_dict() == pytest.approx({"west": 30, "east": 20})
    # own order: Alder, Cedar, Dale, Birch; by ward Alder and Birch before Cedar and Dale: 4 pairs apart, 2 agree
    assert found.tau == pytest.approx((2 - 2) / math.sqrt(6 * 4))
    assert (found.units, found.areas, found.worst) == (2, 4, 1)
    assert found.enters == ["birch"]
    assert found.leaves == []


def test_an_area_cut_by_a_border_takes_the_mean_of_its_wards():
    table = four_areas()
    rows = [("alder", "west", 1.0), ("birch", "west", 0.25), ("birch", "east", 0.75), ("cedar", "east", 1.0)]
    inside = pd.DataFrame(rows, columns=["area_code", "key", "share"])
    found, wards = by_larger(built(table), coverage=table, inside=inside, scoring=PLAIN, unit="ward")
    assert wards.to_dict() == pytest.approx({"west": 60 / 1.25, "east": 30 / 1.75})
    assert found.areas == 3  # Dale is in no ward, and is not compared


def test_premises_survive_being_added_up_by_parts():
    table = four_areas()
    rows = [(name, ward, share) for name in table.table.index for ward, share in (("west", 0.3), ("east", 0.7))]
    summed = added_up(table, parts=pd.DataFrame(rows, columns=["area_code", "key", "share"]))
    assert summed.table.sum().to_dict() == pytest.approx(table.table.sum().to_dict())


def test_what_is_not_known_of_one_part_is_not_known_of_the_ward():
    table = four_areas()
    table.table.loc["alder", "fwa"] = math.nan
    inside = pd.DataFrame({"area_code": table.table.index, "key": ["west", "west", "east", "east"], "share": 1.0})
    assert added_up(table, parts=inside).table["fwa"].isna().to_dict() == {"east": False, "west": True}


def test_a_share_that_4g_reaches_is_averaged_and_never_added_up():
    table = four_areas()
    table.table["indoor_4g"] = [0.2, 0.4, 0.6, 0.8]
    inside = pd.DataFrame({"area_code": table.table.index, "key": ["west", "west", "east", "east"], "share": 1.0})
    assert added_up(table, parts=inside).table["indoor_4g"].to_dict() == pytest.approx({"west": 0.3, "east": 0.7})


def test_a_ward_takes_the_mean_need_of_its_premises():
    table = coverage({"alder": [30, 0, 0, 0, 0, 0, 0], "birch": [0, 0, 0, 0, 0, 0, 10]})
    scoring = Scoring(Weights(1, 1, 2, 0))
    areas = built(table, scoring=scoring).assign(score_need=[100.0, 0.0])
    inside = pd.DataFrame({"area_code": ["alder", "birch"], "key": "all", "share": 1.0})
    _, wards = by_larger(areas, coverage=table, inside=inside, scoring=scoring, unit="ward")
    assert wards["all"] == pytest.approx(75 * (1 - 0.5 * (1 - 0.75)))


def test_an_area_takes_the_mean_of_its_output_areas_weighed_by_premises():
    """Of the lines at 10 to 30 a quarter can send a video call: 75 % fail; none of the fast ones do."""
    table = coverage({"alder": [0, 0, 0, 100, 0, 0, 300], "birch": [0, 0, 0, 0, 0, 0, 50]})
    fine = coverage({"one": [0, 0, 0, 100, 0, 0, 0], "two": [0, 0, 0, 0, 0, 0, 300], "three": [0, 0, 0, 0, 0, 0, 50]})
    area_of = pd.Series({"one": "alder", "two": "alder", "three": "birch"})
    scoring = Scoring(Weights(1, 0, 0, 0))
    areas = built(table, scoring=scoring)
    found, scores = by_smaller(areas, fine=fine, area_of=area_of, coverage=table, scoring=scoring, unit="output area")
    assert scores.to_dict() == pytest.approx({"one": 75, "two": 0, "three": 0})
    assert areas["score"].to_dict() == pytest.approx({"alder": 75 / 4, "birch": 0})  # remote work alone: no bend
    assert (found.units, found.areas, found.tau) == (3, 2, 1)


def test_an_output_area_of_few_premises_is_left_out_of_the_mean():
    table = coverage({"alder": [50, 0, 0, 0, 0, 0, 55], "birch": [0, 0, 0, 0, 0, 0, 100]})
    fine = coverage({"one": [50, 0, 0, 0, 0, 0, 50], "two": [0, 0, 0, 0, 0, 0, 5], "three": [0, 0, 0, 0, 0, 0, 100]})
    area_of = pd.Series({"one": "alder", "two": "alder", "three": "birch"})
    found, scores = by_smaller(built(table), fine=fine, area_of=area_of, coverage=table, scoring=PLAIN, unit="oa")
    assert math.isnan(scores["two"])
    assert scores["one"] == pytest.approx(50)
    assert found.tau == 1


def test_4g_is_taken_from_the_small_area_where_output_areas_have_none():
    table = coverage({"alder": [50, 0, 0, 0, 0, 0, 50]})
    table.table["indoor_4g"] = 0.5
    fine = coverage({"one": [50, 0, 0, 0, 0, 0, 50]})
    scoring = replace(PLAIN, count_mobile=True)
    areas = built(table, scoring=scoring)
    _, scores = by_smaller(
        areas, fine=fine, area_of=pd.Series({"one": "alder"}), coverage=table, scoring=scoring, unit="oa"
    )
    assert scores["one"] == pytest.approx(areas.loc["alder", "score"])


def test_2013_facts_of_lines_are_added_up_too():
    table = four_areas()
    able = table.table[table.columns] * 0.5
    inside = pd.DataFrame({"area_code": table.table.index, "key": "all", "share": 1.0})
    summed = added_up(replace(table, able=able), parts=inside)
    assert summed.able.sum().to_dict() == pytest.approx(able.sum().to_dict())


@given(st.lists(st.integers(0, 90), min_size=2, max_size=12))
@settings(deadline=None, max_examples=40)
def test_wards_of_one_area_each_change_nothing(slow):
    table = coverage({f"area {i}": [n, 0, 0, 0, 0, 0, 100 - n] for i, n in enumerate(slow)})
    inside = pd.DataFrame({"area_code": table.table.index, "key": table.table.index, "share": 1.0})
    found, _ = by_larger(built(table), coverage=table, inside=inside, scoring=PLAIN, unit="ward")
    assert found.enters == found.leaves == []
    assert found.tau == pytest.approx(1 if len(set(slow)) > 1 else math.nan, nan_ok=True)


def test_areas_without_both_scores_are_not_compared():
    own = pd.Series({"a": 3.0, "b": 2.0, "c": math.nan})
    found = effect(own, pd.Series({"a": 1.0, "b": 2.0, "c": 3.0}), unit="ward", units=3)
    assert found.areas == 2
    assert found.tau == -1
    assert (found.enters, found.leaves) == (["b"], ["a"])
