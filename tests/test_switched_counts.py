"""A switch turned: hand figures, the other way of routes.parquet, sums drawn together, and what cannot be turned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand import coverage
from worlds import NORTHSHIRE, world_2013, world_today

from connectivity.build import build
from connectivity.claims.claim import Basis, summed
from connectivity.method.feasibility import infeasible
from connectivity.method.records import HOME_WORKER
from connectivity.outputs import read_build
from connectivity.places.parts import part_of
from connectivity.places.reports import read_shares
from connectivity.postcode.postcode_tables import WHOLE
from connectivity.robustness.count_draws import FEW_DRAWS
from connectivity.robustness.stored_run import StoredRun, read_stored_run
from connectivity.robustness.switched_counts import (
    AS_BUILT,
    NOTHING_KEPT,
    Switch,
    choices_of,
    switched_counts,
)

ALDER = "E01000001"
HOUSEHOLDS, CLOUD = Switch("household"), Switch("business")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("today")
    study = world_today(place / "world").study(switches={"fwa": True}, layers={"wards": "wards.geojson"})
    build(study, out=place / "out", draws=FEW_DRAWS)
    return place / "out"


@pytest.fixture(scope="module")
def today(folder):
    return read_build(folder)


@pytest.fixture(scope="module")
def run(folder):
    return read_stored_run(folder)


def by_hand(**more):
    """Keep the run of one area: 100 premises, 20 under 10 Mbit/s, 20 from 10 to 30, 30, 20 and 10 above."""
    published = coverage({ALDER: [10, 0, 10, 20, 30, 20, 10]}, below_decent=5, fwa=50)
    published = replace(published, table=published.table.assign(**more))
    areas = pd.DataFrame(
        {"status": "scored", "district_code": NORTHSHIRE, "premises": 100.0}, index=pd.Index([ALDER], name="area_code")
    )
    facts = pd.DataFrame(index=areas.index)
    run = StoredRun(published, facts, areas.index, (), (0.5, 0.5, 0, 0), count_fwa=True, aggregation=0, draws=9, seed=1)
    return run, areas


def ends(run, areas, switch, *, key="remote"):
    found = switched_counts(run, areas=areas, switch=switch)
    assert found.drawn is None  # published: what the figures mean has a range, and nothing was drawn
    row = found.columns.loc[ALDER]
    return [row[f"{key}_infeasible{end}"] for end in ("_low", "", "_high")]


def test_a_household_on_the_line_alone_by_hand():
    # 40 lines under 30; of 30 lines from 30 to 100 the chance to upload is 1, .92 and .8, and of 20 above at least .98
    found = ends(*by_hand(), Switch("household", fwa=False))
    assert found == pytest.approx([40, 40 + 30 * 0.08, 40 + 30 * 0.2 + 30 * 0.02])


def test_a_business_in_the_cloud_on_the_line_alone_by_hand():
    # 70 lines under 100, and of 20 to 300 and 10 above the chances are 1, .85 and .5; 1, .95 and .7
    found = ends(*by_hand(), Switch("business", fwa=False))
    assert found == pytest.approx([70, 70 + 20 * 0.15 + 10 * 0.05, 70 + 20 * 0.5 + 10 * 0.3])


def test_a_household_with_fixed_wireless_by_hand():
    # it serves 5 of 100 well enough: of 15 lines under 10 that it reaches .95 fail still, and .95 of the other failures
    assert ends(*by_hand(), HOUSEHOLDS)[1] == pytest.approx(5 + 15 * 0.95 + (20 + 30 * 0.08) * 0.95)


def test_an_essential_service_without_fixed_wireless_by_hand():
    # 20 lines under 10, and 3 of 100 of the 20 lines from 10 to 30 cannot upload; with it the published 5
    assert ends(*by_hand(), Switch(fwa=False), key="digital")[1] == pytest.approx(20 + 20 * 0.03)
    assert "digital_infeasible" not in switched_counts(*by_hand()[:1], areas=by_hand()[1], switch=CLOUD).columns


def test_mobile_out_is_the_count_of_the_fixed_line_and_in_is_offered_only_where_a_study_has_it():
    run, areas = by_hand(indoor_4g=0.5)
    without, beside = (
        float(infeasible(run.coverage, HOME_WORKER, count_fwa=True, count_mobile=mobile)["best"].iloc[0])
        for mobile in (False, True)
    )
    assert ends(run, areas, Switch(mobile=False))[1] == pytest.approx(without)
    assert ends(run, areas, Switch(fwa=True, mobile=True))[1] == pytest.approx(beside)
    assert beside < without
    assert choices_of(run).own["mobile"] == "in"
    assert "mobile" not in choices_of(run).refused
    assert "mobile" in choices_of(by_hand()[0]).refused


def test_what_the_map_paints_is_the_share_of_what_is_known():
    run, areas = by_hand()
    found = switched_counts(run, areas=areas, switch=Switch("household", fwa=False)).columns.loc[ALDER]
    assert found["score_remote"] == pytest.approx(42.4)
    assert found["remote_download_fails"] + found["remote_upload_fails"] == pytest.approx(42.4)


def test_fixed_wireless_the_other_way_is_what_the_build_says_of_it(today, run):
    found = switched_counts(run, areas=today.areas, switch=Switch(fwa=False), drawn=today.drawn)
    counted = today.areas.index[today.areas["remote_infeasible"].notna()]
    for key in ("remote", "digital"):
        for end in ("_low", "", "_high"):
            assert found.columns.loc[counted, f"{key}_infeasible{end}"].tolist() == pytest.approx(
                today.routes.loc[counted, f"{key}{end}"].tolist()
            )


def test_sums_of_a_switch_are_drawn_together(folder, today, run):
    found = switched_counts(run, areas=today.areas, switch=Switch(fwa=False), drawn=today.drawn)
    areas = today.areas.assign(**{name: found.columns[name] for name in found.columns})
    basis = replace(Basis.of(today.manifest), counts_fwa=False)
    groups = {WHOLE: areas, **{str(code): rows for code, rows in areas.groupby("district_code")}}
    for code, rows in groups.items():
        claim = summed(rows, place="Here", profile="digital", basis=basis, drawn=found.drawn)
        told = today.routes.loc[code, ["digital_low", "digital", "digital_high"]].tolist()
        assert [claim.low, claim.best, claim.high] == pytest.approx(told, abs=0.05), code
        ends = rows[["digital_infeasible_low", "digital_infeasible_high"]].sum()
        assert claim.high - claim.low < ends.iloc[1] - ends.iloc[0]
    reports = read_shares(folder)
    ward = part_of(f"ward:{reports['ward'][0].index[0]}", reports=reports, areas=today.areas)
    low, high = found.drawn.range_of(ward.shares, profile="digital")
    assert [low, high] == pytest.approx(today.routes.loc[ward.text, ["digital_low", "digital_high"]].tolist(), abs=0.05)


def test_who_works_leaves_online_services_as_they_were_drawn(today, run):
    found = switched_counts(run, areas=today.areas, switch=HOUSEHOLDS, drawn=today.drawn)
    assert np.array_equal(found.drawn.shares["digital"], today.drawn.shares["digital"])
    assert not [name for name in found.columns if "digital" in name]
    more = found.columns["remote_infeasible"].dropna()
    assert (more >= today.areas.loc[more.index, "remote_infeasible"]).all()
    cloud = switched_counts(run, areas=today.areas, switch=CLOUD, drawn=today.drawn).columns["remote_infeasible"]
    assert (cloud.dropna() >= more).all()
    assert found.columns.index.equals(today.areas.index)


def test_every_range_of_a_switch_holds_its_best_estimate(today, run):
    for switch in (HOUSEHOLDS, CLOUD, Switch("business", fwa=False)):
        found = switched_counts(run, areas=today.areas, switch=switch, drawn=today.drawn).columns.dropna()
        assert (found["remote_infeasible_low"] <= found["remote_infeasible"]).all()
        assert (found["remote_infeasible"] <= found["remote_infeasible_high"]).all()


def test_nothing_is_turned_of_lines_measured_in_the_past_nor_of_a_build_that_kept_nothing(tmp_path, run):
    build(world_2013(tmp_path / "world").study(), out=tmp_path / "out", draws=1)
    then = choices_of(read_stored_run(tmp_path / "out"))
    assert then.refused == {"who", "wireless", "mobile"}
    assert then.switch({"who": "household", "wireless": "in"}) == AS_BUILT
    assert NOTHING_KEPT.switch({"who": "cloud"}) == AS_BUILT
    now = choices_of(run)
    assert now.refused == {"mobile"}
    assert now.switch({"who": "cloud", "wireless": "out", "mobile": "in"}) == Switch("business", fwa=False)
    assert now.switch({"who": "one", "wireless": "in"}) == AS_BUILT


def test_fixed_wireless_is_not_turned_where_an_area_has_no_figure_of_it(run):
    table = run.coverage.table.copy()
    table.loc[run.scored[0], "fwa"] = np.nan
    assert "wireless" in choices_of(replace(run, coverage=replace(run.coverage, table=table))).refused
