from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectivity.method.records import DIMENSIONS
from connectivity.method.scoring import Weights, score
from connectivity.robustness.pairs import SAMPLED, dominance
from connectivity.robustness.ranks import worst_tenth, worst_tenth_shared
from connectivity.robustness.whole_index import CALLED, CORRELATED, correlation_ratio, index_overall, spearman

NAMES = [f"score_{name}" for name in DIMENSIONS]
few = st.integers(0, 3).map(float)
small_worlds = st.lists(st.tuples(few, few, few, few), min_size=2, max_size=30)


def world(seed: int = 1, *, count: int = 400) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    remote = random.beta(1, 8, count) * 100
    return pd.DataFrame(
        {
            "score_remote": remote,
            "score_digital": remote * random.uniform(0.1, 0.8, count),
            "score_need": random.uniform(0, 100, count),
            "score_alternative": random.uniform(0, 100, count),
        }
    )


def brute(rows) -> tuple[int, int]:
    ordered = alike = 0
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if one == other:
                alike += 1
            elif all(a >= b for a, b in zip(one, other, strict=True)) or all(
                a <= b for a, b in zip(one, other, strict=True)
            ):
                ordered += 1
    return ordered, alike


@given(small_worlds)
def test_ordered_pairs_are_those_found_one_by_one(rows):
    found = dominance(pd.DataFrame(rows))
    ordered, alike = brute(rows)
    assert found.pairs == len(rows) * (len(rows) - 1) // 2
    assert found.share == pytest.approx(ordered / found.pairs)
    assert found.alike == pytest.approx(alike / found.pairs)
    assert found.error == 0


def test_pairs_over_more_than_one_block_are_those_found_one_by_one():
    table = world(count=300).round(0)
    ordered, _ = brute([tuple(row) for row in table.to_numpy()])
    assert dominance(table).share == pytest.approx(ordered / (300 * 299 / 2))


def test_a_sample_of_pairs_lies_within_its_stated_error():
    table = world(count=500)
    exact, sampled = dominance(table), dominance(table, exact_to=100, seed=4)
    assert sampled.pairs == SAMPLED
    assert 0 < sampled.error < 0.0004
    assert abs(sampled.share - exact.share) < 4 * sampled.error  # the seed is fixed; 4 standard errors: 1 in 16,000


def test_one_area_makes_no_pair():
    assert math.isnan(dominance(pd.DataFrame({"a": [1.0]})).share)


@given(small_worlds, st.tuples(few, few, few, few).filter(lambda w: w[0] + w[1] > 0))
@settings(deadline=None)
def test_no_weights_reverse_a_pair_where_one_is_at_least_as_bad_throughout(rows, chosen):
    values = np.array(rows)
    scores = score(pd.DataFrame(rows, columns=NAMES), weights=Weights(*chosen)).to_numpy()
    covers = (values[:, None] >= values[None]).all(axis=2)
    assert (np.subtract.outer(scores, scores)[covers] >= -1e-9).all()


def test_the_index_as_a_whole_on_a_made_up_world():
    found = index_overall(world(), weights=Weights())
    assert found.areas == 400
    assert found.importance["share_of_variance"].sum() == pytest.approx(1)
    assert found.importance["weight"].tolist() == [0.25] * 4
    assert set(found.alternatives.index) == set(CALLED) - {"geometric"}
    assert found.alternatives.loc["equal weights"].tolist() == pytest.approx([1, 1])
    assert found.alternatives.loc["plain mean", "spearman"] < found.alternatives.loc["arithmetic", "spearman"]


def test_another_aggregation_is_compared_with_the_two_it_is_not():
    found = index_overall(world(), weights=Weights(), aggregation="worst")
    assert "worst" not in found.alternatives.index
    assert {"geometric", "arithmetic"} <= set(found.alternatives.index)


def test_a_dimension_that_is_not_in_the_study_is_neither_weighed_nor_compared():
    table = world().assign(score_need=math.nan)
    found = index_overall(table, weights=Weights(), absent=["need"])
    assert list(found.importance.index) == ["remote", "digital", "alternative"]
    assert found.areas == 400
    assert found.importance["weight"].sum() == pytest.approx(1)


def test_areas_without_a_dimension_are_left_out():
    table = world()
    table.loc[:9, "score_need"] = math.nan
    assert index_overall(table, weights=Weights()).areas == 390


def test_dimensions_that_say_the_same_are_flagged():
    table = world()
    assert index_overall(table, weights=Weights()).correlated == []
    copied = table.assign(score_digital=table["score_remote"] * 0.7 + 1)
    one, other, r = index_overall(copied, weights=Weights()).correlated[0]
    assert (one, other) == ("remote", "digital")
    assert r == pytest.approx(1)
    opposed = table.assign(score_need=100 - table["score_alternative"])
    assert index_overall(opposed, weights=Weights()).correlated[0][2] < -CORRELATED.value


def test_what_drives_a_score_is_not_what_its_weight_says():
    table = world().assign(score_digital=0.0)
    found = index_overall(table, weights=Weights(0.1, 0.5, 0.2, 0.2)).importance
    assert found.loc["remote", "share_of_variance"] > 0.5 > found.loc["remote", "weight"]
    assert found.loc["digital", "correlation_ratio"] == pytest.approx(0, abs=1e-9)


def test_a_world_where_every_place_is_the_same_is_not_known_rather_than_zero():
    flat = world().assign(**dict.fromkeys(NAMES, 10.0))
    found = index_overall(flat, weights=Weights())
    assert found.alternatives["spearman"].isna().all()
    assert found.importance["share_of_variance"].isna().all()
    assert found.dominance.share == 0
    assert found.dominance.alike == 1


def test_the_correlation_ratio_finds_what_a_straight_line_does_not():
    random = np.random.default_rng(3)
    given_ = pd.Series(random.uniform(-1, 1, 4000))
    noise = pd.Series(random.normal(0, 1, 4000))
    curve = given_**2  # variance 4/45
    assert abs(given_.corr(curve)) < 0.05
    assert correlation_ratio(given_, curve + noise * math.sqrt(4 / 45)) == pytest.approx(0.5, abs=0.04)
    assert correlation_ratio(noise, curve) == pytest.approx(0, abs=0.02)


def test_equal_scores_at_the_edge_of_the_worst_tenth_are_all_in_it():
    values = pd.Series([9.0, 5.0, 5.0, *[1.0] * 12])  # a tenth of 15, rounded up, is 2
    assert worst_tenth(values).tolist() == [0, 1, 2]
    assert worst_tenth_shared(values, values[::-1]) == 1
    assert worst_tenth_shared(values, -values) == 0


def test_ranks_correlate_whatever_the_scale():
    ramp = pd.Series([1.0, 2.0, 3.0, 4.0])
    assert spearman(ramp, np.exp(ramp)) == pytest.approx(1)
    assert spearman(ramp, -(ramp**3)) == pytest.approx(-1)
