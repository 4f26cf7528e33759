"""What tells where slow lines are: each covariate on paper, and beside the naive way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers import covariates


def test_spacing_counts_each_place_once():
    line = np.array([[0.0, 0], [0, 0], [100, 0], [200, 0], [300, 0], [400, 0], [500, 0]])
    assert covariates.fifth_nearest(line).tolist() == [500, 500, 400, 300, 300, 400, 500]


def test_spacing_is_exact_beside_the_naive_way():
    points = np.random.default_rng(3).random((300, 2)) * 20_000
    naive = np.sort(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)), axis=1)[:, 5]
    assert covariates.fifth_nearest(points).tolist() == pytest.approx(naive.tolist())


def test_too_few_places_give_no_spacing():
    assert np.isnan(covariates.fifth_nearest(np.array([[0.0, 0], [1, 1]]))).all()


def test_postcodes_within_a_radius_are_about_those_of_the_naive_way():
    points = np.random.default_rng(3).random((400, 2)) * 9_000
    for metres in (1000, 3000):
        metre = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        naive = (metre <= metres).sum(axis=1)
        found = covariates.postcodes_within(points, metres=metres)
        assert found.min() >= 1
        assert np.corrcoef(naive, found)[0, 1] > 0.9
        assert found.mean() == pytest.approx(naive.mean(), rel=0.2)


def test_a_settlement_centre_is_where_postcodes_lie_most_densely():
    random = np.random.default_rng(4)
    town = random.normal(10_000, 300, (400, 2))
    farms = random.random((60, 2)) * 20_000
    metres = covariates.metres_to_centre(np.vstack([town, farms]))
    far = np.hypot(*(farms - (10_000, 10_000)).T)
    assert metres[:400].mean() < 600
    assert metres[400:] == pytest.approx(far, abs=800)
    alone = covariates.metres_to_centre(np.array([[1000.0, 1000.0], [9000.0, 1000.0]]))
    assert alone.max() < 250  # no peak is a town: the densest cells stand in


def test_of_an_area_the_mean_is_taken_and_one_without_a_live_postcode_is_not_known():
    places = np.random.default_rng(5).random((50, 2)) * 3000
    postcodes = pd.DataFrame(places, columns=["easting", "northing"]).assign(area_code=["E01000001"] * 50)
    found = covariates.of_postcodes(postcodes, areas=pd.Index(["E01000001", "E01000002"]))
    assert found.loc["E01000001", "spacing"] == pytest.approx(np.log(covariates.fifth_nearest(places).mean()))
    assert found.loc["E01000001", "within_8km"] == pytest.approx(np.log(50))
    assert found.loc["E01000002"].isna().all()
    nothing = covariates.of_postcodes(postcodes.iloc[:0], areas=pd.Index(["E01000001"]))
    assert nothing.isna().all(axis=None)
    assert list(nothing) == list(found)


def test_a_place_is_rural_by_its_class_or_else_by_how_few_postcodes_are_near():
    near = pd.Series(np.log([100.0, 5000.0, 100.0, 5000.0]), index=list("abcd"))
    assert covariates.rural(None, within_3km=near).tolist() == [True, False, True, False]
    classes = pd.Series(["Urban city and town", "Rural village", None, None], index=list("abcd"))
    assert covariates.rural(classes, within_3km=near).tolist() == [False, True, True, False]


def test_standardised_is_0_for_the_average_area_of_the_fit():
    one = covariates.COVARIATES["spacing"]
    found = one.standardised(pd.Series([one.centre, one.centre + one.spread]))
    assert found.tolist() == pytest.approx([0, 1])
