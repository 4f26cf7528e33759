from __future__ import annotations

import pandas as pd
import pytest
from hand import alder, coverage

from connectivity.method import feasibility
from connectivity.method.records import BUSINESS, ESSENTIAL, HOME_WORKER, HOUSEHOLD
from layers.coverage import Coverage, bands_between
from layers.errors import StudyError


def one(world, profile, *, count_fwa):
    return feasibility.infeasible(world, profile, count_fwa=count_fwa).iloc[0]


def test_a_home_worker_without_fixed_wireless_on_paper():
    found = one(alder(), HOME_WORKER, count_fwa=False)
    # 20 under 10 Mbit/s; upload fails .4/.75/1 of the 40 lines from 10 to 30 and 0/.03/.1 of the 60 from 30 to 100
    assert found["low"] == pytest.approx(20 + 16)
    assert found["best"] == pytest.approx((20 + 30 + 1.8) * 200 / 180)
    assert found["high"] == pytest.approx(20 + 40 + 6 + 20)
    assert found["share"] == pytest.approx(51.8 / 180)
    assert found["download_fails"] + found["upload_fails"] == pytest.approx(found["best"])


def test_a_home_worker_with_fixed_wireless_on_paper():
    found = one(alder(), HOME_WORKER, count_fwa=True)
    # decent fixed wireless leaves 8 of the 20 slow lines and reaches a quarter of all premises; the 12 it serves do no
    # better than lines of 10 to 30 there: at best .75 · (1 − .5 · .25) of them fail, at the highest count all
    assert found["low"] == pytest.approx(20 * (1 - 0.8 * 0.6) + 0)
    assert found["best"] == pytest.approx((8 + 12 * 0.75 * 0.875 + 31.8 * (1 - 0.5 * 0.25)) * 200 / 180)
    assert found["high"] == pytest.approx(20 + 46 + 20)


def test_an_essential_service_on_paper():
    fixed = one(alder(), ESSENTIAL, count_fwa=False)
    assert fixed[["low", "best", "high"]].tolist() == pytest.approx([20, 21.2 * 200 / 180, 20 + 4 + 20])
    with_fwa = one(alder(), ESSENTIAL, count_fwa=True)
    assert with_fwa[["low", "best", "high"]].tolist() == pytest.approx([8, 8 * 200 / 180, 28])


def test_households_and_businesses_on_paper():
    household = one(alder(), HOUSEHOLD, count_fwa=False)  # 60 lines under 30; 60 × 0/.08/.2; 60 × 0/0/.02
    assert household["low"] == pytest.approx(60)
    assert household["high"] == pytest.approx(60 + 12 + 1.2 + 20)
    business = one(alder(), BUSINESS, count_fwa=False)  # 120 under 100; 20 × 0/.15/.5; 40 × 0/.05/.3
    assert business["low"] == pytest.approx(120)
    assert business["best"] == pytest.approx((120 + 3 + 2) * 200 / 180)


def test_depth_weighs_how_far_short_lines_fall():
    # 4 lines at 1, 6 at 3.5 and 10 at 7.5 of 10 Mbit/s: short by .9, .65 and .25; upload alone counts half
    found = one(alder(), HOME_WORKER, count_fwa=False)
    assert found["depth"] == pytest.approx((4 * 0.9 + 6 * 0.65 + 10 * 0.25 + 31.8 * 0.5) / 180)


def test_a_release_without_the_100_split_uses_the_30_to_100_chance():
    bands = bands_between(2, 5, 10, 30, 300)
    row = pd.DataFrame([[0, 0, 0, 0, 100, 0.0]], columns=[b.column for b in bands], index=["E01000001"])
    row = row.assign(premises=100.0, matched=100.0, unknown=0.0, below_decent=0.0, fwa=0.0)
    world = Coverage(row, bands, "September 2019", unit="premises", basis="availability", modelled=False)
    assert one(world, HOME_WORKER, count_fwa=False)["best"] == pytest.approx(3)


def test_2013_lines_use_their_own_chances_and_never_believe_the_superfast_flag():
    bands = bands_between(2, 5, 10, 30)
    columns = [b.column for b in bands]
    row = pd.DataFrame([[0, 0, 10, 40, 50.0]], columns=columns, index=["E01000001"])
    whole = row.assign(premises=100.0, matched=100.0, unknown=0.0, below_decent=float("nan"), fwa=float("nan"))
    able = pd.DataFrame([[0, 0, 4, 10, 20.0]], columns=columns, index=["E01000001"])
    world = Coverage(whole, bands, "2013", unit="lines", basis="measured sync speeds", modelled=False, able=able)
    found = one(world, HOME_WORKER, count_fwa=False)
    assert found["best"] == pytest.approx(10 + 40 * 0.95 + 50 * 0.35)
    assert found["low"] == pytest.approx(10 + 40 * 0.7 + 50 * 0.1)  # what could be had is no measured speed
    assert found["high"] == pytest.approx(10 + 40 + 50 * 0.6)
    with pytest.raises(StudyError, match="Fixed wireless cannot be counted"):
        feasibility.infeasible(world, HOME_WORKER, count_fwa=True)
    with pytest.raises(StudyError, match="cannot say"):
        feasibility.infeasible(world, HOUSEHOLD, count_fwa=False)


def test_havant_below_decent_above_under_10_rescues_nobody():
    world = coverage({"E01000001": [0, 1, 1, 10, 88, 0, 0]}, below_decent=4, fwa=0)
    with_fwa = one(world, HOME_WORKER, count_fwa=True)
    without = one(world, HOME_WORKER, count_fwa=False)
    assert with_fwa["best"] == pytest.approx(without["best"])


def test_unknown_is_never_zero():
    world = coverage({"E01000001": [0, 0, 0, 0, 0, 0, 0]}, unknown=50)
    assert pd.isna(one(world, HOME_WORKER, count_fwa=False)["best"])
    assert feasibility.status(world, areas=world.table.index).iloc[0].startswith("not enough data")


@pytest.mark.parametrize(
    ("bands", "unknown", "reason"),
    [
        ([0, 0, 0, 0, 80, 0, 0], 20, "scored"),
        ([0, 0, 0, 0, 79, 0, 0], 21, "not enough data: more than 20% of premises not known"),
        ([0, 0, 0, 0, 9, 0, 0], 0, "fewer than 10 premises"),
        ([0, 0, 0, 0, 10, 0, 0], 0, "scored"),
    ],
)
def test_status_says_why_an_area_is_not_scored(bands, unknown, reason):
    world = coverage({"E01000001": bands}, unknown=unknown)
    assert feasibility.status(world, areas=world.table.index).tolist() == [reason]


def test_an_area_without_a_row_is_not_enough_data():
    world = alder()
    status = feasibility.status(world, areas=pd.Index(["E01000001", "E01000002"]))
    assert status["E01000002"].startswith("not enough data")
