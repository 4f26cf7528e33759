"""Mobile bounds an area's figure and never ranks areas within an authority (method §2, §3)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hand import BANDS, alder, coverage

from connectivity.method import feasibility
from connectivity.method.records import BUSINESS, ESSENTIAL, HOME_WORKER, Triple
from layers.coverage import Coverage, bands_between
from layers.errors import StudyError


def with_mobile(world, reach):
    return replace(world, table=world.table.assign(indoor_4g=reach))


def one(world, profile, *, count_fwa=False):
    return feasibility.infeasible(world, profile, count_fwa=count_fwa, count_mobile=True).iloc[0]


def test_twenty_and_fifteen_percent_overlap_by_nothing_to_fifteen_around_three():
    """A line fails 20 of 100; mobile fails 15 % for sure, where 85 % have 4G that always serves."""
    world = with_mobile(coverage({"E01000001": [0, 0, 20, 0, 0, 0, 80]}), 0.85)
    always = replace(ESSENTIAL, mobile=Triple(1, 1, 1))
    found = one(world, always)
    assert found[["low", "best", "high"]].tolist() == pytest.approx([0, 3, 15])


def test_an_essential_service_with_mobile_on_paper():
    """20 of 180 known fail for sure, 21.2 centrally, 24 at most; 4G reaches 80 % and serves .3/.6/.85 of them."""
    found = one(with_mobile(alder(), 0.8), ESSENTIAL)
    assert found["low"] == 0  # 20/180 + (1 − .68) is under 1: they need not overlap
    assert found["best"] == pytest.approx(21.2 * (1 - 0.48) * 200 / 180)
    assert found["high"] == pytest.approx(min(24, 180 * (1 - 0.24)) + 20)
    assert found["download_fails"] + found["upload_fails"] == pytest.approx(found["best"])


def test_where_nearly_everyone_fails_mobile_cannot_serve_them_all():
    world = with_mobile(coverage({"E01000001": [95, 0, 0, 0, 0, 0, 5]}), 1.0)
    found = one(world, HOME_WORKER)
    # 95 fail; mobile serves at most 60 of 100 and surely 10: 35 to 90
    assert found[["low", "best", "high"]].tolist() == pytest.approx([35, 95 * 0.7, 90])


def test_mobile_that_meets_no_profile_changes_nothing():
    world = with_mobile(alder(), 0.9)
    plain = feasibility.infeasible(world, BUSINESS, count_fwa=False).iloc[0]
    counted = one(world, BUSINESS)
    assert counted["best"] == pytest.approx(plain["best"])
    assert counted["high"] == pytest.approx(plain["high"])
    assert counted["low"] == pytest.approx(plain["low"])


def test_mobile_without_its_figure_is_refused():
    with pytest.raises(StudyError, match="Mobile cannot be counted beside the July 2025 release"):
        one(alder(), HOME_WORKER)


def test_mobile_beside_measured_lines_is_refused_even_with_a_figure():
    bands = bands_between(2, 5, 10, 30)
    row = pd.DataFrame([[0, 0, 10, 40, 50.0]], columns=[b.column for b in bands], index=["E01000001"])
    row = row.assign(premises=100.0, matched=100.0, unknown=0.0, below_decent=float("nan"), fwa=float("nan"))
    world = Coverage(row, bands, "2013", unit="lines", basis="measured sync speeds", modelled=False)
    with pytest.raises(StudyError, match="Mobile cannot be counted beside the 2013 release") as caught:
        one(with_mobile(world, 0.9), HOME_WORKER)
    assert caught.value.parts["next"].startswith("set mobile = false")


def test_an_area_of_which_nothing_is_known_stays_so():
    world = with_mobile(coverage({"E01000001": [0] * len(BANDS)}, unknown=50), 0.9)
    assert one(world, HOME_WORKER)[["low", "best", "high", "share"]].isna().all()
