from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectivity.claims.claim import Basis
from connectivity.method.kernel import AGGREGATIONS
from connectivity.method.records import DIMENSIONS
from connectivity.method.scoring import Weights, score
from connectivity.robustness.pairs import flip, rounded_swap, swap_claim

NAMES = [f"score_{name}" for name in DIMENSIONS]
EVEN = Weights()
HERE = Basis("Demo", "July 2025", "premises", "availability", False, False, modelled=True)
PARTS = 20
badness = st.integers(0, 100).map(float)
row = st.tuples(badness, badness, badness, badness)
aggregations = st.sampled_from(AGGREGATIONS)
weight = st.integers(0, 5).map(float)
weights = st.tuples(weight, weight, weight, weight).filter(lambda w: w[0] + w[1] > 0).map(lambda w: Weights(*w))


def world(alder, birch) -> pd.DataFrame:
    return pd.DataFrame([alder, birch], columns=NAMES, index=["alder", "birch"], dtype=float)


def found(alder, birch, *, chosen=EVEN, aggregation="geometric", absent=()):
    table = world(alder, birch)
    return flip(table, first="alder", second="birch", weights=chosen, aggregation=aggregation, absent=absent)


def gaps(table: pd.DataFrame, places: np.ndarray, aggregation) -> np.ndarray:
    """Difference of the two scores at many weights, by the score itself, one pair of rows for each."""
    return np.array(
        [float(score(table, weights=Weights(*place), aggregation=aggregation).diff().iloc[1]) * -1 for place in places]
    )


def lattice(parts: int) -> np.ndarray:
    steps = [step for step in product(range(parts + 1), repeat=4) if sum(step) == parts and step[0] + step[1] > 0]
    return np.array(steps) / parts


LATTICE = lattice(PARTS)


def quick_gaps(table: pd.DataFrame, aggregation) -> np.ndarray:
    """The same on the whole lattice at once, from the formula of method §5."""
    values = table.to_numpy()
    both = LATTICE[:, 0] + LATTICE[:, 1]
    part = LATTICE[:, 0] / both
    scores = []
    for one in values:
        comfort = np.maximum(100 - one[:2], 1)
        if aggregation == "geometric":
            joined = 100 - comfort[0] ** part * comfort[1] ** (1 - part)
        elif aggregation == "arithmetic":
            joined = 100 - part * comfort[0] - (1 - part) * comfort[1]
        else:
            joined = np.full(len(part), 100 - comfort.min())
        scores.append(joined * (1 - LATTICE[:, 2] * (1 - one[2] / 100) - LATTICE[:, 3] * (1 - one[3] / 100)))
    return scores[0] - scores[1]


def test_one_swap_on_paper():
    # I = 20 and 10 whatever the split. Alder 20·(1 − w_n), Birch 10 at need 100: level at w_n = ½ where w_a = 0 too;
    # with no lack of alternatives in either, 20·(1 − w_n − w_a) = 10·(1 − w_a): w_n = ½(1 − w_a) at w_a = ¼ is .375
    swap = found((20, 20, 0, 0), (10, 10, 100, 0))
    assert swap.gap == pytest.approx(20 * 0.5 - 10 * 0.75)
    after = swap.after.as_dict()
    assert 20 * (1 - after["need"] - after["alternative"]) == pytest.approx(10 * (1 - after["alternative"]), abs=1e-6)
    # the plane 2·w_n + w_a = 1, nearest to ¼, ¼, ¼, ¼ among weights that add up to 1
    normal = np.array([0, 0, 2, 1]) - 0.75
    assert swap.distance == pytest.approx(0.25 / np.linalg.norm(normal), abs=1e-9)
    assert list(after.values()) == pytest.approx((0.25 + 0.25 * normal / (normal @ normal)).tolist(), abs=1e-6)


def test_an_area_as_bad_in_every_part_is_never_passed():
    swap = found((40, 30, 50, 20), (40, 20, 50, 20))
    assert swap.after is None
    assert swap.distance == math.inf
    assert swap.at_least_as_bad


def test_need_cannot_make_a_place_pass_one_where_nothing_is_infeasible():
    swap = found((5, 5, 0, 0), (0, 0, 100, 100))
    assert swap.after is None
    assert not swap.at_least_as_bad


def test_two_that_are_level_need_no_change():
    swap = found((30, 10, 50, 50), (10, 30, 50, 50), aggregation="arithmetic")
    assert swap.distance == 0
    assert swap.after == swap.before


def test_a_split_alone_can_swap_two_areas():
    swap = found((40, 10, 50, 50), (10, 39, 50, 50), aggregation="arithmetic")
    after = swap.after.as_dict()
    assert after["remote"] / (after["remote"] + after["digital"]) == pytest.approx(29 / 59, abs=1e-6)
    assert after["need"] == pytest.approx(after["alternative"], abs=1e-6)


def test_the_order_the_two_are_named_in_changes_nothing_but_the_sign():
    there = found((40, 10, 20, 30), (12, 30, 80, 40))
    back = flip(world((40, 10, 20, 30), (12, 30, 80, 40)), first="birch", second="alder", weights=EVEN)
    assert back.gap == -there.gap
    assert back.distance == pytest.approx(there.distance, abs=1e-12)


def test_a_dimension_that_is_not_in_the_study_gets_no_weight():
    swap = found((20, 20, 0, math.nan), (10, 10, 100, math.nan), absent=["alternative"])
    assert swap.after.alternative == 0
    assert swap.after.need == pytest.approx(0.5, abs=1e-6)


def test_a_study_of_broadband_alone_swaps_by_the_split():
    swap = found((40, 0, math.nan, math.nan), (0, 30, math.nan, math.nan), absent=["need", "alternative"])
    part = swap.after.remote
    assert 60**part * 100 ** (1 - part) == pytest.approx(100**part * 70 ** (1 - part), abs=1e-6)


def test_an_area_that_is_not_scored_is_refused():
    with pytest.raises(ValueError, match="is not scored"):
        found((40, 10, math.nan, 0), (0, 30, 10, 10))


@given(row, row, aggregations, weights)
@settings(max_examples=100, deadline=None)
def test_no_weights_on_a_fine_grid_swap_two_areas_at_a_shorter_distance(alder, birch, aggregation, chosen):
    swap = found(alder, birch, chosen=chosen, aggregation=aggregation)
    place = np.array(list(swap.before.as_dict().values()))
    beyond = quick_gaps(world(alder, birch), aggregation) * (1 if swap.gap >= 0 else -1) < -1e-7
    if swap.after is None:
        assert not beyond.any()
        return
    nearest = np.linalg.norm(LATTICE[beyond] - place, axis=1).min() if beyond.any() else math.inf
    assert swap.distance <= nearest + 1e-9


@given(row, row, aggregations, weights)
@settings(max_examples=60, deadline=None)
def test_the_two_are_level_at_the_weights_found(alder, birch, aggregation, chosen):
    swap = found(alder, birch, chosen=chosen, aggregation=aggregation)
    if swap.after is None:
        return
    after = np.array([list(swap.after.as_dict().values())])
    assert after.sum() == pytest.approx(1)
    assert (after >= 0).all()
    level = float(gaps(world(alder, birch), np.clip(after, 0, 1), aggregation)[0])
    assert level * (1 if swap.gap >= 0 else -1) <= 1e-6


@given(row, row, aggregations, weights)
@settings(max_examples=40, deadline=None)
def test_the_weights_that_are_named_do_swap_the_two(alder, birch, aggregation, chosen):
    table = world(alder, birch)
    swap = found(alder, birch, chosen=chosen, aggregation=aggregation)
    named = rounded_swap(swap, table.loc["alder"], table.loc["birch"], aggregation=aggregation)
    if named is None:
        return
    assert sum(named.values()) == pytest.approx(100)
    gap = float(gaps(table, np.array([list(named.values())]), aggregation)[0])
    assert gap * swap.gap < 0


def claimed(table: pd.DataFrame, **kwargs):
    """Claim what would swap the two, with the record of its details."""
    swap = found(*table.to_numpy().tolist(), **kwargs)
    return swap_claim(swap, table.loc["alder"], table.loc["birch"], names=("Alder", "Birch"), basis=HERE)


def test_the_claim_names_weights_before_and_after():
    claim = claimed(world((20, 20, 0, 0), (10, 10, 100, 0)))
    assert claim.details["swaps"] == "beyond"
    assert dict(claim.details["named"]) == {"remote": 18, "digital": 18, "need": 37, "alternative": 27}
    assert claim.details["before"] == dict.fromkeys(DIMENSIONS, 25)
    assert claim.best == found((20, 20, 0, 0), (10, 10, 100, 0)).distance
    assert str(claim.say()).startswith("If need counted 37% instead of 25%")


@pytest.mark.parametrize(
    ("alder", "birch", "why"),
    [
        ((40, 30, 50, 20), (40, 20, 50, 20), "as bad in every part"),
        ((20, 20, 50, 0), (10, 10, 100.0, 0), "too little falls short"),
        ((5, 5, 0, 0), (0, 0, 100, 100), "nothing falls short"),
    ],
)
def test_the_claim_says_why_nothing_swaps_them(alder, birch, why):
    details = claimed(world(alder, birch)).details
    assert (details["swaps"], details["why"]) == ("never", why)
    assert (details["worse"], details["better"]) == ("Alder", "Birch")
    turned = claimed(world(birch, alder)).details
    assert (turned["why"], turned["worse"]) == (why, "Birch")


def test_rounded_weights_are_found_where_the_nearest_lie_at_the_edge():
    """East Hampshire and the Isle of Wight in 2025: level where broadband counts nothing, swapped a little inside."""
    table = world((20.697540, 2.170767, 19.430693, 48.694919), (14.304296, 1.431981, 15.369791, 73.549394))
    swap = found(*table.to_numpy().tolist())
    named = rounded_swap(swap, table.loc["alder"], table.loc["birch"])
    assert named["remote"] + named["digital"] > 0
    assert float(gaps(table, np.array([list(named.values())]), "geometric")[0]) < 0


def test_a_dimension_that_is_not_in_the_study_is_not_named():
    alone = world((40, 0, math.nan, math.nan), (0, 30, math.nan, math.nan))
    claim = claimed(alone, absent=["need", "alternative"])
    assert dict(claim.details["named"]) == {"remote": 41, "digital": 59}
    level = claimed(world((30, 10, 50, 50), (10, 30, 50, 50)), aggregation="arithmetic")
    assert level.details["swaps"] == "level"
    assert not level.details["named"]
