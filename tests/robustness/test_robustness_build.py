"""What a build says of how sure it is: columns, tiers, pairs, report, and the draws made again from what is kept."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world_2013, world_today

from connectivity.build import assess, build
from connectivity.claims.claim import Basis
from connectivity.outputs import read_build
from connectivity.robustness import robustness_report as robustness
from connectivity.robustness.pairs import PlaceComparison, chance_matrix, compare_columns, comparison_claim
from connectivity.robustness.run import scores_of
from connectivity.robustness.stored_run import read_stored_run
from connectivity.robustness.tiers import EVEN, SOME, SURE, TIERS, stability_band, tier_counts, tiers_of
from layers.errors import OutputError
from layers.joined import join_layers
from layers.study import read_study

HERE = Basis("Demo", "July 2025", "premises", "availability", False, False, modelled=True)


def made(path, draws=200):
    study = read_study(path)
    joined = join_layers(study)
    areas, chosen = assess(joined, study)
    found = robustness.robustness_of(
        areas, coverage=joined.coverage, facts=joined.areas, study=study, chosen=chosen, draws=draws, seed=1
    )
    return areas, found


@pytest.mark.parametrize("world", [world_today, world_2013])
def test_a_build_says_how_sure_each_rank_is(tmp_path, world):
    areas, found = made(world(tmp_path).study())
    columns = found.columns
    assert columns.index.equals(areas.index)
    assert (columns["rank_p05"] <= columns["rank_median"]).all()
    assert (columns["rank_median"] <= columns["rank_p95"]).all()

    chances = columns[[name for name in columns if name.startswith("p_")]]
    assert ((chances >= 0) & (chances <= 1)).all(axis=None)
    assert set(columns["tier"]) <= set(TIERS)
    assert (columns["remote_band_low"] <= areas["score_remote"] / 100 + 1e-9).all()
    assert sum(tier["areas"] for tier in found.report["tiers"]) == len(areas)
    assert {one["key"] for one in found.report["inputs"]} >= {"upload", "unknown", "aggregation"}
    json.dumps(found.report, allow_nan=False)


def test_an_area_with_too_little_known_has_no_rank_and_says_so(tmp_path):
    world = world_2013(tmp_path)

    def few(table):
        lines = table["Postcode.No.Spaces"].str.startswith("ZZ3")
        table.loc[lines, "Number.of.Connections"] = "1"
        return table

    world.edit("lines_2013.csv", few)
    areas, found = made(world.study())
    row = found.columns.loc["E01900003"]
    assert areas.loc["E01900003", "status"] == "fewer than 10 lines"
    assert row["tier"] == "insufficient"
    assert row["steadiness"] == "not ranked"
    assert row["driver"] == ""
    assert row[["rank_median", "p_worst_tenth", "remote_band_low"]].isna().all()
    assert found.report["areas"] == 5
    assert found.columns["rank_p95"].max() <= 5


@pytest.mark.parametrize("world", [world_today, world_2013])
def test_two_places_are_compared_on_the_draws_of_the_build(tmp_path, world):
    areas, found = made(world(tmp_path / "world").study())
    folder = tmp_path / "out"
    folder.mkdir()
    robustness.write_robustness(found, folder=folder)
    kept = read_stored_run(folder)
    every = kept.evidence()
    scores = scores_of(every, plan=kept.plan)
    table = chance_matrix(scores)
    for first, second in (("E01900001", "E01900006"), ("E01900004", "E01900005")):
        pair = kept.compare(first, second)
        assert pair.first_worse + pair.second_worse + pair.tie == pytest.approx(1)
        one, other = every.areas.get_indexer([first, second])
        assert pair.first_worse == pytest.approx(table[one, other], abs=0.01)
        back = kept.compare(second, first)
        assert (back.first_worse, back.second_worse) == pytest.approx((pair.second_worse, pair.first_worse))
    top = found.report["top"]
    assert top["areas"][0] == areas["severity_rank"].astype(float).idxmin()
    worse = np.array(top["pairs"]["worse"])
    assert ((worse >= 0) & (worse + worse.T <= 1 + 1e-9)).all()


def test_a_build_without_draws_is_refused_with_the_command(tmp_path):
    with pytest.raises(OutputError, match="nothing of how sure") as raised:
        read_stored_run(tmp_path)
    assert "--draws 1000" in str(raised.value)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=60))
def test_worse_better_and_level_make_every_draw(rows):
    scores = np.array(rows, dtype=np.float32)
    pair = compare_columns(scores, (0, 1), codes=("A", "B"))
    assert pair.first_worse + pair.second_worse + pair.tie == pytest.approx(1)
    assert min(pair.first_worse, pair.second_worse, pair.tie) >= 0
    assert (pair.worse is None) == (max(pair.first_worse, pair.second_worse) < SURE.value)


def test_a_chance_just_under_the_threshold_is_not_rounded_into_certainty():
    draws, least = 1000, round(1000 * SURE.value) - 1
    found = PlaceComparison("A", "B", least / draws, 1 - least / draws, 0.0)
    claim = comparison_claim(found, names=("Alder", "Birch"), draws=draws, basis=HERE)
    assert claim.better is None
    assert (claim.best, claim.of, claim.details["other_worse"], claim.details["level"]) == (
        least,
        draws,
        draws - least,
        0,
    )
    assert str(claim.say()).startswith("We cannot say which of Alder and Birch is worse")
    enough = PlaceComparison("A", "B", 1 - SURE.value, SURE.value, 0.0)
    sure = comparison_claim(enough, names=("Alder", "Birch"), draws=10, basis=HERE)
    assert (sure.place, sure.better) == ("Birch", ("Alder", SURE.value))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_the_counts_of_a_comparison_add_up_to_all_draws(rows):
    scores = np.array(rows, dtype=np.float32)
    pair = compare_columns(scores, (0, 1), codes=("A", "B"))
    said = str(comparison_claim(pair, names=("Alder", "Birch"), draws=len(scores), basis=HERE).say())
    counts = [int(figure) for figure in re.findall(r"\d+", said)]
    if pair.worse is None:
        assert counts[0] == len(scores) == sum(counts[1:])
        assert ("level" in said) == (pair.tie > 0)
    else:
        assert counts == [max((scores[:, 0] > scores[:, 1]).sum(), (scores[:, 0] < scores[:, 1]).sum()), len(scores)]


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_area_has_one_tier_and_the_first_that_fits(feasible, worst):
    tier = tiers_of(pd.Series([feasible]), pd.Series([worst]), alike=pd.Series([False])).iloc[0]
    steps = (("robust", SURE), ("likely", EVEN), ("depends", SOME))
    fits = [name for name, least in steps if worst >= least.value]
    assert tier == ("feasible" if feasible >= SURE.value else [*fits, "some"][0])
    assert sum(tier_counts(pd.Series([tier])).values()) == 1


@given(st.floats(0, 1), st.integers(10, 3000), st.integers(1, 3000))
def test_a_band_holds_its_share_and_narrows_with_premises(share, premises, more):
    shares, counts = pd.Series([share, share]), pd.Series([premises, premises + more])
    found = stability_band(shares, premises=counts)
    assert (found["low"] <= shares + 1e-12).all()
    assert (found["high"] >= shares - 1e-12).all()
    width = found["high"] - found["low"]
    assert width[1] <= width[0] + 1e-12


def test_a_build_writes_what_its_draws_say_and_the_same_again(tmp_path):
    study = world_today(tmp_path).study()
    manifest = build(study, out=tmp_path / "out", draws=120)
    assert (manifest.draws, manifest.seed) == (120, 20_260_301)
    first = read_build(tmp_path / "out").areas
    assert {"rank_median", "rank_p05", "rank_p95", "p_worst_tenth", "tier", "driver"} <= set(first)
    report = json.loads((tmp_path / "out" / "robustness.json").read_bytes())
    assert report["draws"] == 120
    build(study, out=tmp_path / "again", draws=120)
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(read_build(tmp_path / "again").areas))


def test_a_build_says_what_wards_would_make_of_its_worst_tenth(tmp_path):
    world = world_today(tmp_path)
    build(world.study(layers={"wards": "wards.geojson"}), out=tmp_path / "out", draws=50)
    (found,) = json.loads((tmp_path / "out" / "robustness.json").read_bytes())["boundaries"]
    assert (found["unit"], found["areas"], found["worst"]) == ("ward", 6, 1)
    assert -1 <= found["tau"] <= 1
    build(world.study(), out=tmp_path / "none", draws=50, report_by=["district"])
    assert json.loads((tmp_path / "none" / "robustness.json").read_bytes())["boundaries"] == []


def test_one_ward_for_all_ranks_nothing_and_stops_no_build(tmp_path):
    world = world_today(tmp_path)
    shapes = json.loads((tmp_path / "wards.geojson").read_text(encoding="utf-8"))
    for feature in shapes["features"]:
        feature["properties"] |= {"WD25CD": "E05000001", "WD25NM": "Whole Ward"}
    world.write_text("wards.geojson", json.dumps(shapes))
    build(world.study(layers={"wards": "wards.geojson"}), out=tmp_path / "out", draws=50)
    assert json.loads((tmp_path / "out" / "robustness.json").read_bytes())["boundaries"] == []


def test_without_draws_a_build_says_nothing_of_how_sure_it_is(tmp_path):
    manifest = build(world_today(tmp_path).study(), out=tmp_path / "out", draws=0)
    assert manifest.draws == 0
    assert "tier" not in read_build(tmp_path / "out").areas
    assert not (tmp_path / "out" / "robustness.json").exists()
