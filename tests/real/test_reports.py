"""Real wards on the 2013 and 2025 studies: nothing is lost between wards, councils and the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from connectivity.outputs import read_build
from connectivity.places.reports import COUNTS, read_shares, report_by
from layers.families import family_of

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module", params=["2013-lines", "2025-modelled"])
def built(request, real_build_by_ward):
    return real_build_by_ward(request.param)


def read(folder, name):
    return pd.read_csv(folder / f"by_{name}.csv")


def test_every_report_adds_up_to_the_build(built):
    manifest = read_build(built).manifest
    assert {"district", "old_district", "ward"} <= set(manifest.reports)
    for name, facts in manifest.reports.items():
        premises = facts.premises
        rest = sum(premises.not_assigned.values())
        assert premises.total == manifest.premises.total
        assert premises.in_places + rest == pytest.approx(premises.total, abs=0.02)
        assert premises.counted_twice == 0
        table = read(built, name)
        assert table["premises"].iloc[-1] == manifest.premises.total


def test_hardly_any_premises_lie_in_no_ward(built):
    facts = read_build(built).manifest.reports["ward"]
    assert facts.places == 346
    assert sum(facts.premises.not_assigned.values()) < 0.001 * facts.premises.total


def test_wards_and_the_rest_are_the_councils_to_the_noise_of_a_float(built):
    areas = read_build(built).areas
    places, shares = read_shares(built)["ward"]
    for code, ours in areas.groupby("district_code"):
        inside = shares.inside[shares.inside["area_code"].isin(ours.index)]
        outside = shares.outside[shares.outside["area_code"].isin(ours.index)]
        parts = type(shares)(inside, outside, shares.method)
        made = report_by(places, shares=parts, areas=ours, family=family_of("ward"), beyond={})
        rows = made.rows.set_index("row")[list(COUNTS)].astype(float)
        summed = rows.drop("total").sum()
        assert np.allclose(summed, rows.loc["total"], rtol=1e-12, atol=1e-6), code


def test_old_councils_of_dorset_add_up_to_the_new_one(built):
    old, new = read(built, "old_district").set_index("name"), read(built, "district").set_index("name")
    dorset = ["East Dorset", "North Dorset", "Purbeck", "West Dorset", "Weymouth and Portland"]
    for column in ("premises", "remote_infeasible", "digital_infeasible"):
        assert old.loc[dorset, column].sum() == pytest.approx(new.loc["Dorset", column], abs=0.05)
    assert old.loc["Winchester", "premises"] == new.loc["Winchester", "premises"]
