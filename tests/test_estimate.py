from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import estimate, rounding
from layers import points as spacing
from layers.coverage import bands_between
from layers.errors import LayerError

BANDS = bands_between(2, 10, 30)
COLUMNS = [band.column for band in BANDS]


def world(totals, *, keys, weights, unknown=0, below_decent=0, fwa=0):
    premises = sum(totals) + unknown
    authority = pd.DataFrame([totals], columns=COLUMNS, index=["E06000091"]).assign(
        premises=premises, unknown=unknown, below_decent=below_decent, fwa=fwa
    )
    codes = [f"E0100000{i}" for i in range(len(keys))]
    areas = pd.DataFrame({"district_code": "E06000091", "weight": weights, "key": keys}, index=codes)
    return authority, areas


def spread(*args, beta=estimate.BETA.value, **kwargs):
    authority, areas = world(*args, **kwargs)
    return estimate.disaggregated(authority, bands=BANDS, areas=areas, beta=beta)


def test_equal_areas_share_equally():
    table = spread([8, 8, 8, 16], keys=[0, 0, 0, 0], weights=[1, 1, 1, 1])
    assert table[COLUMNS].to_numpy().tolist() == [[2, 2, 2, 4]] * 4


def test_slow_lines_go_where_postcodes_lie_far_apart():
    table = spread([20, 40, 40, 100], keys=[-2, 2], weights=[1, 1])
    assert table["premises"].tolist() == [100, 100]
    assert table[COLUMNS[0]].iloc[1] > table[COLUMNS[0]].iloc[0]
    # logistic on the key: the odds of a slow line are exp(beta · 4) as large, before rounding
    low, high = estimate.logistic_chances(np.array([100, 100]), np.array([-2.0, 2.0]), 20, estimate.BETA.value)
    assert (high / (1 - high)) / (low / (1 - low)) == pytest.approx(np.exp(4 * estimate.BETA.value))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-4, 4), st.integers(1, 40)), min_size=1, max_size=12),
    st.lists(st.integers(0, 500), min_size=4, max_size=4),
    st.integers(0, 60),
    st.floats(0.45, 1.5),
)
def test_both_margins_are_exact_and_bands_nest(areas, totals, unknown, beta):
    keys, weights = zip(*areas, strict=True)
    everyone = sum(totals) + unknown
    below = min(sum(totals[:2]), 7)
    table = spread(
        totals, keys=keys, weights=weights, unknown=unknown, below_decent=below, fwa=everyone // 3, beta=beta
    )
    assert table[COLUMNS].sum().tolist() == totals
    assert table["unknown"].sum() == unknown
    assert table["premises"].sum() == everyone
    assert (table[[*COLUMNS, "unknown"]].sum(axis=1) == table["premises"]).all()
    assert (table[[*COLUMNS, "unknown", "below_decent", "fwa"]] >= 0).all(axis=None)
    assert (table == table.round()).all(axis=None)
    assert table["below_decent"].sum() == below
    assert (table["below_decent"] <= table["matched"]).all()
    assert table["fwa"].sum() == everyone // 3


def test_row_order_does_not_matter():
    authority, areas = world([30, 70, 90, 250], keys=[0.3, -1, 2, 1], weights=[3, 5, 2, 4], unknown=9)
    straight = estimate.disaggregated(authority, bands=BANDS, areas=areas)
    mixed = estimate.disaggregated(authority, bands=BANDS, areas=areas.iloc[[2, 0, 3, 1]])
    pd.testing.assert_frame_equal(mixed.sort_index(), straight)


def test_an_area_without_a_key_is_refused():
    with pytest.raises(LayerError, match="nothing can be spread"):
        spread([1, 1, 1, 1], keys=[0, float("nan")], weights=[1, 1])


def test_a_total_that_does_not_fit_is_refused():
    with pytest.raises(LayerError, match="does not fit"):
        rounding.largest_remainder(np.array([1.0]), 5, limit=np.array([4]))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.integers(0, 1000))
def test_largest_remainder_conserves(weights, total):
    shared = rounding.largest_remainder(np.array(weights), total)
    assert shared.sum() == total
    assert (shared >= 0).all()


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 10_000))
@settings(deadline=None)
def test_controlled_rounding_meets_both_margins_within_one(rows, columns, seed):
    whole = np.random.default_rng(seed).integers(0, 30, (rows, columns))
    # any table with these margins: the outer product of the margins
    total = max(1, whole.sum())
    cells = np.outer(whole.sum(axis=1), whole.sum(axis=0)) / total
    rounded = rounding.controlled_rounding(cells, rows=whole.sum(axis=1), columns=whole.sum(axis=0))
    assert rounded.sum(axis=1).tolist() == whole.sum(axis=1).tolist()
    assert rounded.sum(axis=0).tolist() == whole.sum(axis=0).tolist()
    assert np.abs(rounded - cells).max() < 1


def test_spacing_counts_each_place_once():
    line = np.array([[0.0, 0], [0, 0], [100, 0], [200, 0], [300, 0], [400, 0], [500, 0]])
    assert spacing.fifth_nearest(line).tolist() == [500, 500, 400, 300, 300, 400, 500]


def test_spacing_is_exact_beside_the_naive_way():
    points = np.random.default_rng(3).random((300, 2)) * 20_000
    naive = np.sort(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)), axis=1)[:, 5]
    assert spacing.fifth_nearest(points).tolist() == pytest.approx(naive.tolist())


def test_too_few_places_give_no_spacing():
    assert np.isnan(spacing.fifth_nearest(np.array([[0.0, 0], [1, 1]]))).all()


def test_key_on_paper():
    metres = 151.0  # about e^5.017
    ring = [(metres * np.cos(a), metres * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 5, endpoint=False)]
    postcodes = pd.DataFrame([(0.0, 0.0), *ring], columns=["easting", "northing"])
    postcodes["area_code"] = ["E01000001"] + ["elsewhere"] * 5
    key = spacing.spacing_key(postcodes, areas=pd.Index(["E01000001", "E01000002"]))
    assert key["E01000001"] == pytest.approx((np.log(metres) - 5.017) / 0.5)
    assert np.isnan(key["E01000002"])


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=15), st.integers(0, 500), st.integers(0, 10_000))
def test_largest_remainder_stays_within_one_of_each_quota(weights, total, seed):
    """The quota rule: nobody is more than a whole one from a fair share, unless a limit stands in the way."""
    shares = np.array(weights)
    quota = shares * total / shares.sum()
    assert np.abs(rounding.largest_remainder(shares, total) - quota).max() < 1 + 1e-6
    limit = np.random.default_rng(seed).integers(0, 60, len(weights))
    within = min(total, int(limit.sum()))
    limited = rounding.largest_remainder(shares, within, limit=limit)
    assert limited.sum() == within
    assert (limited <= limit).all()
