from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectivity.method import ranking
from connectivity.method.kernel import AGGREGATIONS
from connectivity.method.records import DIMENSIONS
from connectivity.method.scoring import Weights, contributions, score
from layers.errors import StudyError

NAMES = [f"score_{name}" for name in DIMENSIONS]
badness = st.floats(0, 100)
areas = st.lists(st.tuples(badness, badness, badness, badness), min_size=1, max_size=8)
weight = st.floats(0, 10).map(lambda w: 0.0 if w < 1e-3 else w)
weights = st.tuples(weight, weight, weight, weight).filter(lambda w: w[0] + w[1] > 0).map(lambda w: Weights(*w))
aggregations = st.sampled_from(AGGREGATIONS)


def table(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=NAMES, dtype=float)


def test_one_score_on_paper():
    # comfort 36 and 100: I = 100 − 6·10 = 40; need half-way, no lack of alternatives: 40·(1 − ¼·½ − ¼)
    world = table((64, 0, 50, 0))
    assert score(world, weights=Weights()).tolist() == pytest.approx([25])
    parts = contributions(world, weights=Weights()).iloc[0]
    assert parts.tolist() == pytest.approx([20, 0, 5, 0])


def test_the_other_aggregations_on_paper():
    world = table((64, 0, 100, 100))
    assert score(world, weights=Weights(), aggregation="arithmetic").tolist() == pytest.approx([32])
    assert score(world, weights=Weights(), aggregation="worst").tolist() == pytest.approx([64])
    assert contributions(world, weights=Weights(), aggregation="worst").iloc[0].tolist() == pytest.approx(
        [32, 0, 16, 16]
    )


def test_need_cannot_create_infeasibility():
    assert score(table((0, 0, 100, 100)), weights=Weights()).tolist() == [0]


def test_one_good_dimension_does_not_zero_the_score():
    assert score(table((90, 0, 0, 0)), weights=Weights()).iloc[0] > 0


def test_the_worst_place_scores_99_and_no_more():
    assert score(table((100, 100, 100, 100)), weights=Weights()).tolist() == pytest.approx([99])


def test_a_dimension_that_is_not_in_the_study_gives_its_weight_to_the_others():
    with_gap = table((64, 0, 50, math.nan), (10, 10, 0, math.nan))
    assert score(with_gap, weights=Weights()).isna().all()  # in the study and not known: never scored on the rest
    assert score(with_gap, weights=Weights(), absent=["alternative"]).tolist() == pytest.approx(
        score(table((64, 0, 50, 0), (10, 10, 0, 0)), weights=Weights(1, 1, 1, 0)).tolist()
    )


def test_an_area_that_lacks_a_dimension_of_the_study_is_not_scored():
    scores = score(table((64, 0, 50, 10), (64, 0, math.nan, 10)), weights=Weights())
    assert pd.isna(scores[1])
    assert contributions(table((64, 0, 50, 10), (64, 0, math.nan, 10)), weights=Weights()).iloc[1].isna().any()


@given(areas, weights, aggregations, st.randoms(use_true_random=False))
def test_row_order_never_changes_a_rank(rows, chosen, aggregation, shuffle):
    world = table(*rows)
    order = list(world.index)
    shuffle.shuffle(order)
    straight = ranking.severity_rank(score(world, weights=chosen, aggregation=aggregation))
    mixed = ranking.severity_rank(score(world.loc[order], weights=chosen, aggregation=aggregation))
    assert mixed.loc[world.index].tolist() == straight.tolist()


@given(weights, st.floats(1e-3, 1e3))
def test_only_the_ratio_of_weights_matters(chosen, factor):
    scaled = Weights(*(value * factor for value in chosen.as_dict().values()))
    assert list(scaled.normalised().as_dict().values()) == pytest.approx(list(chosen.normalised().as_dict().values()))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((-1, 1, 1, 1), "not a number of at least 0"),
        ((math.nan, 1, 1, 1), "not a number of at least 0"),
        ((math.inf, 1, 1, 1), "not a number of at least 0"),
        ((0, 0, 0, 0), "All weights are 0"),
        ((0, 0, 1, 1), "nothing is left to score"),
    ],
)
def test_weights_that_cannot_be_weighed_are_refused(values, message):
    with pytest.raises(StudyError, match=message):
        Weights(*values)


def test_scale_counts_people_and_those_in_need_more():
    found = ranking.people(
        pd.Series([1000.0, math.nan]),
        premises=pd.Series([400.0, 100.0]),
        share=pd.Series([0.1, 0.1]),
        need=pd.Series([50.0, 0.0]),
        multiplier=1.0,
    )
    assert found["people"].tolist() == pytest.approx([150, 24])
    assert found["people_estimated"].tolist() == [False, True]
    assert ranking.scale_rank(found["people"]).tolist() == [1, 2]


@given(part=st.integers(1, 99), need=st.floats(0, 100), aggregation=aggregations)
def test_where_nothing_falls_short_the_score_is_exactly_0_by_any_weights(part, need, aggregation):
    fine = pd.DataFrame(
        {"score_remote": [0.0], "score_digital": [0.0], "score_need": [need], "score_alternative": [100.0]}
    )
    assert score(fine, weights=Weights(part, 100 - part, 50, 50), aggregation=aggregation).tolist() == [0.0]
