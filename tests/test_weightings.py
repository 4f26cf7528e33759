"""Two sets of weights on four places that can be ranked on paper."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectivity.claims import about_weightings as words
from connectivity.claims.claim import Basis
from connectivity.method.scoring import Weights
from connectivity.weightings import presets, reweigh, same, stand_in

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
            "separable": True,
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
    assert words.certain(found).startswith("1 of 3 places that change rank ends outside the range")
    own = reweigh(drawn.assign(severity_rank=[2, 1, 3, 4]), first=LINES, second=EQUAL)
    assert own.places["beyond"].tolist() == [False, False, False, False]
    assert words.certain(own).startswith("None of 3 places")


def test_without_draws_nothing_is_said_to_be_beyond_doubt():
    found = reweigh(world(), first=LINES, second=EQUAL)
    assert found.places["beyond"].isna().all()
    assert words.certain(found) == ""
    assert words.certain(reweigh(world(), first=LINES, second=LINES)) == "No place that we can rank changes its rank."


def test_places_that_cannot_be_told_apart_are_counted_and_never_listed():
    areas = world(
        separable=[True, False, True, True], district_name=["Westshire", "Eastport", "Westshire", "Westshire"]
    )
    found = reweigh(areas, first=LINES, second=EQUAL)
    assert found.entering == 1
    assert all("birch" not in found.group(name).index for name in ("enters", "leaves", "rises", "falls"))
    said = words.not_named(found, districts=areas["district_name"])
    assert "the small areas of Eastport apart" in said
    assert "1 of them enters and 0 leave." in said
    assert words.not_named(reweigh(world(), first=LINES, second=EQUAL), districts=areas["district_name"]) == ""


def test_an_area_without_a_score_is_in_neither_ranking():
    areas = world(status=["scored", "scored", "not enough data", "scored"])
    assert reweigh(areas, first=LINES, second=EQUAL).places.index.tolist() == ["alder", "birch", "dogwood"]


def test_the_sentences_agree_with_their_numbers():
    found = reweigh(world(), first=LINES, second=EQUAL)
    used = ("when only the lines count", "by equal weights")
    assert str(words.headline(found, used=used, place="Wold")) == (
        "None of 1 place in Wold that is in the worst tenth when only the lines count stays in it by equal weights. "
        "1 leaves it, and 1 other enters it."
    )
    few = found.among(["birch", "cedar"])
    assert str(words.headline(few, used=used, place="Wold")) == (
        "No place in Wold is in the worst tenth when only the lines count. 1 place is in it by equal weights."
    )
    none = found.among(["cedar"])
    assert "None is in it by equal weights." in str(words.headline(none, used=used, place="Wold"))
    quote = words.citation(found, weights=((1, 1, 0, 0), (25, 25, 25, 25)), place="Wold", basis=BASIS)
    assert quote == (
        "“None of 1 small area in Wold that is in the worst tenth when weights are home working 50%, online services "
        "50%, need 0%, no alternative nearby 0% stays in it when they are home working 25%, online services 25%, need "
        "25%, no alternative nearby 25%. 1 leaves it, and 1 other enters it (modelled from Ofcom, July 2025; fixed "
        "wireless not counted, mobile not counted).”"
    )


def test_lines_of_2013_are_never_called_premises():
    then = Basis("S", "2013", "lines", "measured sync speeds", counts_fwa=False, counts_mobile=False, modelled=False)
    assert "premises" not in words.meaning(then)
    assert "no line fell short" in words.meaning(then)


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
            "separable": True,
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
