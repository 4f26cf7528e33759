"""Wholes compared: by draws of both sums where they are modelled, by ranges that do not meet where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from connectivity.places.wholes import Whole, chance_of_larger_share
from connectivity.robustness.count_draws import CountDraws


def whole(key: str, *, low: float, high: float, premises: float = 100.0) -> Whole:
    rows = {"premises": [premises], "remote_infeasible_low": [low], "remote_infeasible_high": [high]}
    return Whole(key, key, pd.DataFrame(rows, index=[key]), 0)


@pytest.mark.parametrize(
    ("first", "second", "chance"), [((10, 20), (1, 9), 1.0), ((1, 9), (10, 20), 0.0), ((1, 10), (5, 20), None)]
)
def test_published_counts_are_told_apart_only_where_ranges_do_not_meet(first, second, chance):
    one, other = (whole(key, low=ends[0], high=ends[1]) for key, ends in (("A", first), ("B", second)))
    assert chance_of_larger_share(one, other, profile="remote", drawn=None) == chance


def test_modelled_counts_are_compared_draw_by_draw_and_by_share():
    premises = pd.Series([100.0, 1000.0], index=["A", "B"])
    of = np.iinfo(np.uint16).max
    shares = np.array([[0.5, 0.1, 0.3, 0.3], [0.4, 0.2, 0.2, 0.2]])
    drawn = CountDraws(
        premises, {"remote": (shares * of).astype(np.uint16), "digital": (shares * of).astype(np.uint16)}
    )
    one, other = whole("A", low=0, high=100), whole("B", low=0, high=1000, premises=1000.0)
    assert chance_of_larger_share(one, other, profile="remote", drawn=drawn) == 0.75
    assert chance_of_larger_share(other, one, profile="remote", drawn=drawn) == 0.25
