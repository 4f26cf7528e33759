"""Two sets of weights on four places that can be ranked on paper."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectivity.claims import about_weightings as words
from connectivity.claims.claim import Basis
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.method.scoring import Weights
from connectivity.weight_sets import (
    beyond_doubt_claim,
    not_listed_claim,
    presets,
    reweigh,
    same,
    stand_in,
    worst_tenth_claim,
)

LINES, EQUAL = Weights(1, 1, 0, 0), Weights()
BASIS = Basis("S", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)


def world(**columns):
    """Alder, Birch, Cedar and Dogwood: the same gap for both activities, so that I is that gap.

    Only lines: 40, 30, 30, 0. Equal weights, I · (1 − ¼ − ¼) without need and distance: 20, 30, 15, 0.
    """
    gap, need = [40.0, 30.0, 30.0, 0.0], [0.0, 100.0, 0.0, 100.0]
    table = pd.DataFrame(
        {
            **{f"score_{name}": gap for name in ("remote", "digital")},
            **{f"score_{name}": need for name in ("need", "alternative")},
            "status": "scored",
            "severity_rank": [1, 2, 2, 4],
            "district_name": "Westshire",
        },
        index=["alder", "birch", "cedar", "dogwood"],
    )
    return table.assign(**columns)


def test_ranks_by_both_weights_are_those_worked_out_on_paper():
    found = reweigh(world(), first=LINES, second=EQUAL)
    assert found.places["first"].tolist() == [1, 2, 2, 4]  # ties share a rank
    assert found.places["second"].tolist() == [2, 1, 3, 4]
    assert found.places["moved"].tolist() == [-1, 1, -1, 0]
    assert (found.before, found.shared, found.entering) == (1, 0, 1)
    assert found.group("enters").index.tolist() == ["birch"]
    assert found.group("leaves").index.tolist() == ["alder"]
    assert found.group("rises").index.tolist() == ["birch"]
    assert found.group("falls").index.tolist() == ["alder", "cedar"]


def test_a_move_is_beyond_doubt_only_outside_the_range_and_the_own_rank():
    drawn = world(rank_p05=[1.0, 2.0, 2.0, 4.0], rank_p95=[3.0, 2.0, 4.0, 4.0])
    found = reweigh(drawn, first=LINES, second=EQUAL)
    assert found.places["beyond"].tolist() == [False, True, False, False]
    claim = beyond_doubt_claim(found, place="Wold", basis=BASIS)
    assert (claim.best, claim.of, claim.unit) == (1, 3, "places")
    own = reweigh(drawn.assign(severity_rank=[2, 1, 3, 4]), first=LINES, second=EQUAL)
    assert own.places["beyond"].tolist() == [False, False, False, False]
    claim = beyond_doubt_claim(own, place="Wold", basis=BASIS)
    assert (claim.best, claim.of) == (0, 3)


def test_without_draws_nothing_is_said_to_be_beyond_doubt():
    found = reweigh(world(), first=LINES, second=EQUAL)
    assert found.places["beyond"].isna().all()
    assert beyond_doubt_claim(found, place="Wold", basis=BASIS).say() == ""
    same_twice = reweigh(world(), first=LINES, second=LINES)
    assert beyond_doubt_claim(same_twice, place="Wold", basis=BASIS).details["moved"] == 0


def test_places_that_cannot_be_told_apart_are_named_by_their_council_and_never_listed():
    areas = world(
        status=["scored", NOT_TOLD_APART, "scored", "scored"],
        district_name=["Westshire", "Eastport", "Westshire", "Westshire"],
    )
    found = reweigh(areas, first=LINES, second=EQUAL)
    assert "birch" not in found.places.index
    claim = not_listed_claim(areas, basis=BASIS)
    assert (claim.place, claim.best, claim.of) == ("Eastport", 1, 4)
    assert not_listed_claim(world(district_name="Westshire"), basis=BASIS) is None


def test_an_area_without_a_score_is_in_neither_ranking():
    areas = world(status=["scored", "scored", "not enough data", "scored"])
    assert reweigh(areas, first=LINES, second=EQUAL).places.index.tolist() == ["alder", "birch", "dogwood"]


def test_the_claim_on_the_worst_tenth_counts_who_stays_who_leaves_and_who_enters():
    found = reweigh(world(), first=LINES, second=EQUAL)
    told = {"used": ("when only the lines count", "by equal weights"), "weights": ((1, 1, 0, 0), (25, 25, 25, 25))}
    claim = worst_tenth_claim(found, place="Wold", basis=BASIS, **told)
    assert (claim.best, claim.of, claim.details["entering"]) == (0, 1, 1)
    quote = claim.say("quotation")
    assert "home working 50%, online services 50%, need 0%, no alternative nearby 0%" in quote
    assert "modelled from Ofcom, July 2025" in quote
    few = worst_tenth_claim(found.among(["birch", "cedar"]), place="Wold", basis=BASIS, **told)
    assert (few.best, few.of, few.details["entering"]) == (0, 0, 1)
    none = worst_tenth_claim(found.among(["cedar"]), place="Wold", basis=BASIS, **told)
    assert (none.best, none.of, none.details["entering"]) == (0, 0, 0)


def test_lines_of_2013_are_never_called_premises():
    then = Basis("S", "2013", "lines", "measured sync speeds", counts_fwa=False, counts_mobile=False, modelled=False)
    assert "premises" not in words.weights_meaning(then)
    assert "no line fell short" in words.weights_meaning(then)


hundred = st.lists(st.floats(0, 100), min_size=2, max_size=12)
percent = st.tuples(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))


@settings(max_examples=40)
@example(gaps=[0.0, 0.0], one=(1, 0, 0, 0), other=(1, 8, 1, 0))  # 100^(1/9) · 100^(8/9) is not quite 100
@given(gaps=hundred, one=percent, other=percent)
def test_changing_sides_mirrors_the_moves_and_no_gap_stays_no_gap(gaps, one, other):
    areas = pd.DataFrame(
        {
            "score_remote": [0.0, *gaps],
            "score_digital": [0.0, *(gap / 2 for gap in gaps)],
            "score_need": [100.0, *gaps[::-1]],
            "score_alternative": 100.0,
            "status": "scored",
            "severity_rank": 1,
        }
    )
    there = reweigh(areas, first=Weights(*one), second=Weights(*other)).places
    back = reweigh(areas.iloc[::-1], first=Weights(*other), second=Weights(*one)).places.loc[there.index]
    assert (there["moved"] == -back["moved"]).all()
    assert (there["worst_second"] == back["worst_first"]).all()
    assert (there.loc[0, ["first", "second"]] >= there[["first", "second"]].max()).all()  # no gap: nobody ranks below


@given(own=percent, first=percent)
def test_what_stands_in_is_always_another_set(own, first):
    assert not same(stand_in(first, own), first)
    assert not same(stand_in(own, own, absent=("need", "alternative")), own, absent=("need", "alternative"))
    listed = [preset.weights for preset in presets(own).values()]
    assert listed[0] == own
    assert all(max(weights) <= 100 for weights in listed)
    assert all(not same(a, b) for at, a in enumerate(listed) for b in listed[:at])


@pytest.mark.parametrize("own", [(25, 25, 25, 25), (40, 40, 10, 10)])
def test_presets_name_what_they_weigh(own):
    found = presets(own)
    assert found["lines"].weights[2:] == (0, 0)
    assert found["need"].weights[2] == 2 * own[2]
    assert ("equal" in found) == (own != (25, 25, 25, 25))
