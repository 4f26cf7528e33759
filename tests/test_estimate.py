from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import estimate, rounding
from layers.covariates import COVARIATES
from layers.coverage import bands_between
from layers.errors import LayerError

BANDS = bands_between(2, 10, 30)
COLUMNS = [band.column for band in BANDS]


SPEEDS = ("below_2", "below_5", "below_10")


def world(totals, *, told, weights, unknown=0, below_decent=0, fwa=0):
    """Make one council: `told` is what the covariates say of each area, alike for every speed."""
    premises = sum(totals) + unknown
    authority = pd.DataFrame([totals], columns=COLUMNS, index=["E06000091"]).assign(
        premises=premises, unknown=unknown, below_decent=below_decent, fwa=fwa
    )
    codes = [f"E0100000{i}" for i in range(len(told))]
    areas = pd.DataFrame({"district_code": "E06000091", "weight": weights}, index=codes)
    return authority, areas.assign(**{speed: list(told) for speed in SPEEDS})


def disaggregated(*args, **kwargs):
    authority, areas = world(*args, **kwargs)
    return estimate.disaggregated(authority, bands=BANDS, areas=areas)


def test_equal_areas_share_equally():
    table = disaggregated([8, 8, 8, 16], told=[0, 0, 0, 0], weights=[1, 1, 1, 1])
    assert table[COLUMNS].to_numpy().tolist() == [[2, 2, 2, 4]] * 4


def test_slow_lines_go_where_the_covariates_say():
    table = disaggregated([20, 40, 40, 100], told=[-1, 1], weights=[1, 1])
    assert table["premises"].tolist() == [100, 100]
    assert table[COLUMNS[0]].iloc[1] > table[COLUMNS[0]].iloc[0]
    low, high = estimate.logistic_chances(np.array([100, 100]), np.array([-1.0, 1.0]), 20)
    assert (high / (1 - high)) / (low / (1 - low)) == pytest.approx(np.exp(2))


def test_lines_of_30_and_more_follow_half_as_steeply():
    _, areas = world([1, 1, 1, 1], told=[2.0], weights=[1])
    assert estimate.log_odds(areas, speeds=[2, 5, 10, 30, 100])[:, 0].tolist() == [2, 2, 2, 1, 1]
    assert estimate.log_odds(areas.assign(structure=1.0), speeds=[10, 30])[:, 0].tolist() == pytest.approx([2.6, 1.3])


@pytest.mark.usefixtures("real_councils_are_told_apart_by_the_rule")
def test_a_council_whose_areas_are_not_told_apart_shares_alike():
    districts = ["E06000091"] * 4 + ["E06000092"] * 4
    areas = pd.DataFrame(
        {"district_code": districts, **{name: [-1, 1, -1, 1, -0.6, 0.6, -0.6, 0.6] for name in SPEEDS}}
    )
    found = estimate.not_told_apart(areas)
    assert found["separable"].tolist() == [True] * 4 + [False] * 4
    assert found["below_10"].tolist() == [-1, 1, -1, 1, 0, 0, 0, 0]


def test_the_residual_is_the_widest_where_nothing_was_tested():
    for rural in (False, True):
        tested = estimate.RESIDUALS["rural" if rural else "urban"]
        widest = max(one.deviation for one in tested)
        assert estimate.residual(rural=rural) == estimate.residual(rural=rural, share=0.001) == widest
        assert estimate.residual(rural=rural, share=tested[1].share) == pytest.approx(tested[1].deviation)
        assert estimate.residual(rural=rural, share=1.0) == tested[-1].deviation


def test_there_is_a_fit_for_every_set_of_covariates_a_study_may_have():
    base = [key for key, one in COVARIATES.items() if not one.optional]
    for more in ([], ["library"], ["station"], ["library", "station"]):
        fit = estimate.fit_of([*base, *more])
        assert set(fit.covariates) == {*base, *more}
        assert {len(fit.below[speed]) for speed in estimate.FITTED_BELOW} == {len(fit.covariates)}
    with pytest.raises(KeyError):
        estimate.fit_of(["spacing"])


def test_a_count_below_decent_that_some_councils_lack_is_refused():
    authority, areas = world([8, 8, 8, 16], told=[0, 0], weights=[1, 1])
    two = pd.concat([authority, authority.set_axis(["E06000092"]).assign(below_decent=np.nan)])
    both = pd.concat([areas, areas.assign(district_code="E06000092").set_axis(["E01000008", "E01000009"])])
    with pytest.raises(LayerError, match="1 of 2 districts have no count of premises below decent broadband"):
        estimate.disaggregated(two, bands=BANDS, areas=both)
    none = estimate.disaggregated(two.assign(below_decent=np.nan), bands=BANDS, areas=both)
    assert none["below_decent"].isna().all()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-4, 4), st.integers(1, 40)), min_size=1, max_size=12),
    st.lists(st.integers(0, 500), min_size=4, max_size=4),
    st.integers(0, 60),
)
def test_both_margins_are_exact_and_bands_nest(areas, totals, unknown):
    told, weights = zip(*areas, strict=True)
    everyone = sum(totals) + unknown
    below = min(sum(totals[:2]), 7)
    table = disaggregated(totals, told=told, weights=weights, unknown=unknown, below_decent=below, fwa=everyone // 3)
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
    authority, areas = world([30, 70, 90, 250], told=[0.3, -1, 2, 1], weights=[3, 5, 2, 4], unknown=9)
    straight = estimate.disaggregated(authority, bands=BANDS, areas=areas)
    mixed = estimate.disaggregated(authority, bands=BANDS, areas=areas.iloc[[2, 0, 3, 1]])
    pd.testing.assert_frame_equal(mixed.sort_index(), straight)


def test_an_area_without_covariates_is_refused():
    with pytest.raises(LayerError, match="nothing can be spread"):
        disaggregated([1, 1, 1, 1], told=[0, float("nan")], weights=[1, 1])


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
