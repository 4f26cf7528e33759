from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from connectivity.build import build
from connectivity.method.feasibility import NOT_TOLD_APART
from connectivity.outputs import read_build
from connectivity.schema import RANKING_COLUMNS
from layers.settlements import BASE

REPOSITORY = Path(__file__).resolve().parents[1]
STUDY = REPOSITORY / "data" / "demo" / "study.toml"
GOLDEN = REPOSITORY / "tests" / "golden" / "demo_top_twenty.csv"


@pytest.fixture(scope="module")
def demo(demo_build):
    return demo_build


def test_the_top_twenty_is_the_golden_one(demo):
    """A change here is a change of the ranking: read it, raise METHOD_VERSION, and give the reason in the commit."""
    ranking = pd.read_csv(demo / "ranking.csv").head(20)
    golden = pd.read_csv(GOLDEN)
    drawn = [name for name in golden if name.endswith(("_low", "_high"))]  # another processor rounds draws otherwise
    pd.testing.assert_frame_equal(ranking.drop(columns=drawn), golden.drop(columns=drawn), check_dtype=False)
    pd.testing.assert_frame_equal(ranking[drawn], golden[drawn], rtol=0.02, atol=0.1, check_dtype=False)


def test_ranking_csv_is_as_other_programs_expect_it(demo):
    raw = (demo / "ranking.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    rows = list(csv.DictReader(io.StringIO(raw.decode())))
    assert tuple(rows[0]) == RANKING_COLUMNS
    assert len(rows) == 1646
    scores = [float(row["score"]) for row in rows if row["severity_rank"]]
    assert len(scores) == 744
    assert scores == sorted(scores, reverse=True)
    assert {row["status"] for row in rows if not row["severity_rank"]} == {NOT_TOLD_APART}
    assert {bool(row["scale_rank"]) == bool(row["severity_rank"]) for row in rows} == {True}
    assert rows[0]["severity_rank"] == "1"
    for row in rows:
        assert row["premises"].isdigit()
        for key in ("remote", "digital"):
            low, best, high = (float(row[f"{key}_infeasible{part}"]) for part in ("_low", "", "_high"))
            assert low <= best <= high <= float(row["premises"])


def test_band_counts_sum_to_ofcoms_totals_authority_by_authority(demo):
    areas = read_build(demo).areas
    published = pd.read_csv(STUDY.parent / "202507_fixed_laua_coverage_r01.csv").set_index("laua")
    ours = areas.groupby("district_code").sum(numeric_only=True)
    matched = published["All Matched Premises"]
    expected = {
        "premises": published["All Premises"],
        "premises_unknown": published["All Premises"] - matched,
        "premises_0_2": published["Number of premises with 0<2Mbit/s download speed"],
        "premises_2_5": published["Number of premises with 2<5Mbit/s download speed"],
        "premises_5_10": published["Number of premises with 5<10Mbit/s download speed"],
        "premises_10_30": published["Number of premises with 10<30Mbit/s download speed"],
        "premises_300_plus": published["Number of premises with >=300Mbit/s download speed"],
    }
    for column, totals in expected.items():
        assert ours[column].to_dict() == totals.loc[ours.index].to_dict(), column
    middle = ours["premises_30_100"] + ours["premises_100_300"]
    assert (
        middle.to_dict() == published["Number of premises with 30<300Mbit/s download speed"].loc[ours.index].to_dict()
    )


def test_an_area_that_is_not_told_apart_has_a_tier_of_its_own_and_no_other_has(demo):
    areas = read_build(demo).areas
    assert (areas["tier"].eq("alike") == areas["status"].eq(NOT_TOLD_APART)).all()
    tiers = {one["key"]: one["areas"] for one in json.loads((demo / "robustness.json").read_bytes())["tiers"]}
    assert (tiers["alike"], tiers["insufficient"]) == (902, 0)


def test_what_a_council_lacks_is_ofcoms_total_in_every_draw(demo):
    read = read_build(demo)
    published = pd.read_csv(STUDY.parent / "202507_fixed_laua_coverage_r01.csv").set_index("laua")
    parts = read.areas.reset_index()[["area_code", "district_code"]].assign(share=1.0)
    found = read.drawn.ranges(parts, by="district_code", profile="digital")
    lacking = published["Number of premises below the USO"].loc[found.index]
    unknown = (published["All Premises"] - published["All Matched Premises"]).loc[found.index]
    assert (found["low"] - lacking).ge(-1).all()
    assert (found["high"] - lacking - unknown).le(1).all()
    assert (read.areas.groupby("district_code")["digital_infeasible_low"].sum() <= found["low"]).all()


def test_a_range_comes_from_the_draws_and_that_of_a_sum_is_narrower_than_the_ranges_added_up(demo):
    read = read_build(demo)
    areas = read.areas
    for profile in ("remote", "digital"):
        low, best, high = (areas[f"{profile}_infeasible{end}"] for end in ("_low", "", "_high"))
        assert (low.le(best) & best.le(high)).all()
        assert (low.lt(high) | best.eq(0)).all()
        least, most = read.drawn.range_of(pd.Series(1.0, index=areas.index), profile=profile)
        assert most - least < (high - low).sum() / 4
    assert areas["modelled_rmse"].gt(0).all()


def test_every_premises_and_area_is_accounted_for(demo):
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    for whole in (manifest["premises"], manifest["areas"]):
        assert whole["in"] == whole["scored"] + sum(whole["excluded"].values())
    assert manifest["premises"]["in"] == 1_353_262
    assert manifest["areas"]["in"] == 1646
    assert manifest["counts_fwa"] is True
    assert manifest["counts_mobile"] is False
    assert manifest["unit"] == "premises"
    assert len(manifest["modelled"]) == 5
    for source in manifest["sources"]:
        file = (BASE if source["kind"] == "settlements" else STUDY.parent) / source["file"]
        assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert source["rows"] > 0
        assert source["release"]
        assert source["licence"]


def test_parts_sum_to_the_score_and_shapes_are_valid(demo):
    areas = read_build(demo).areas
    parts = areas[["part_remote", "part_digital", "part_need", "part_alternative"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(areas["score"].to_numpy())
    assert areas.crs.to_epsg() == 27700
    assert areas.geometry.is_valid.all()
    assert areas["area_name"].is_unique
    assert set(areas.loc[~areas["separable"], "district_name"]) == {
        "Bournemouth, Christchurch and Poole",
        "Eastleigh",
        "Fareham",
        "Gosport",
        "Hart",
        "Havant",
        "Portsmouth",
        "Rushmoor",
        "Southampton",
    }


@pytest.mark.usefixtures("real_councils_are_told_apart_by_the_rule")
def test_the_same_study_gives_the_same_bytes(demo, tmp_path):
    again = tmp_path / "again"
    build(STUDY, out=again)
    assert (again / "ranking.csv").read_bytes() == (demo / "ranking.csv").read_bytes()
    assert (again / "areas.parquet").read_bytes() == (demo / "areas.parquet").read_bytes()
    first, second = (json.loads((folder / "manifest.json").read_text()) for folder in (demo, again))
    first.pop("created")
    second.pop("created")
    assert first == second
