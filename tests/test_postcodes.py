from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from worlds import AREAS, POSTCODES_EACH, world_2013, world_today

from connectivity.build import build
from connectivity.postcode.postcode_tables import BEYOND, COLUMNS, POSTCODES, ROUTES, located_premises, read_postcodes
from connectivity.robustness.count_draws import FEW_DRAWS
from layers.joined import join_layers
from layers.study import read_study


def test_premises_of_an_area_are_shared_by_its_live_postcodes_and_none_is_lost(tmp_path):
    joined = join_layers(read_study(world_today(tmp_path).study()))
    table = located_premises(joined)
    assert tuple(table.columns) == COLUMNS
    assert table["postcode"].is_monotonic_increasing
    assert len(table) == len(AREAS) * POSTCODES_EACH
    pd.testing.assert_series_equal(
        table.groupby("area_code")["premises"].sum(), joined.coverage.table["premises"], check_dtype=False
    )


def test_an_ended_postcode_keeps_its_area_and_its_date_and_has_no_premises(tmp_path):
    world = world_today(tmp_path)
    world.edit("postcodes.csv", lambda table: table.assign(doterm=["200403", *[""] * (len(table) - 1)]))
    joined = join_layers(read_study(world.study()))
    table = located_premises(joined).set_index("postcode")
    ended = table.loc["ZZ11AA"]
    assert ended["ended"] == "200403"
    assert not ended["live"]
    assert pd.isna(ended["premises"])
    assert pd.isna(ended["easting"])
    assert table["ended"].notna().sum() == 1
    alder = table[table["area_code"] == AREAS[0]]["premises"]
    assert alder.sum() == pytest.approx(joined.coverage.table.loc[AREAS[0], "premises"])
    assert alder.dropna().tolist() == [alder.iloc[1]] * (POSTCODES_EACH - 1)


def test_postcodes_of_the_edge_are_not_in_the_table(tmp_path):
    world = world_today(tmp_path)
    beyond = {"pcds": "ZZ9 9ZZ", "lsoa11cd": "E01999999", "easting": "403000", "northing": "100000"}
    world.edit("postcodes.csv", lambda table: pd.concat([table, pd.DataFrame([beyond])]))
    assert "ZZ99ZZ" not in set(located_premises(join_layers(read_study(world.study())))["postcode"])


def test_a_live_postcode_just_outside_the_study_is_remembered(tmp_path):
    world = world_today(tmp_path / "world")
    beyond = [
        {"pcds": code, "lsoa11cd": "E01999999", "easting": "403000", "northing": "100000"}
        for code in ("ZZ1 9ZZ", "ZZ9 9ZZ")
    ]
    world.edit("postcodes.csv", lambda table: pd.concat([table, pd.DataFrame(beyond)]))
    build(world.study(), out=tmp_path / "out")
    assert pd.read_parquet(tmp_path / "out" / BEYOND)["postcode"].tolist() == ["ZZ19ZZ"]


def test_postcodes_with_lines_of_their_own_share_by_them(tmp_path):
    world = world_2013(tmp_path)
    world.set("lines_2013.csv", row=0, **{"Number.of.Connections": 30})
    world.edit("lines_2013.csv", lambda table: table.drop(index=1))
    table = located_premises(join_layers(read_study(world.study()))).set_index("postcode")["premises"]
    assert table["ZZ11AA"] == pytest.approx(30)
    assert pd.isna(table["ZZ11AB"])
    assert table["ZZ11AD"] == pytest.approx(10)


def test_a_postcode_of_2013_has_its_own_figures_and_they_add_up_to_its_area(tmp_path):
    build(world_2013(tmp_path / "world").study(), out=tmp_path / "out")
    table = read_postcodes(tmp_path / "out")
    areas = pd.read_parquet(tmp_path / "out" / "areas.parquet").set_index("area_code")
    assert set(table["own_status"]) == {"scored"}
    for column in ("remote_infeasible", "digital_infeasible_high"):
        pd.testing.assert_series_equal(table.groupby("area_code")[column].sum(), areas[column], check_dtype=False)


def test_fixed_wireless_the_other_way_round_is_what_the_other_switch_builds(tmp_path):
    world = world_today(tmp_path / "world")
    wards = {"wards": "wards.geojson"}
    build(world.study(switches={"fwa": True}, layers=wards), out=tmp_path / "with", draws=FEW_DRAWS)
    build(world.study(switches={"fwa": False}, layers=wards), out=tmp_path / "without", draws=FEW_DRAWS)
    other = pd.read_parquet(tmp_path / "with" / ROUTES).set_index("area_code")
    areas = pd.read_parquet(tmp_path / "without" / "areas.parquet").set_index("area_code")
    each = other.loc[areas.index]
    pd.testing.assert_series_equal(each["remote"], areas["remote_infeasible"], check_names=False)
    pd.testing.assert_series_equal(each["digital_high"], areas["digital_infeasible_high"], check_names=False)
    councils = areas.groupby("district_code")["remote_infeasible"].sum()
    wards = [name for name in other.index if name.startswith("ward:")]
    halves = {name for name in other.index if name.startswith("postcode_")}
    assert set(other.index) - set(wards) - halves == {*areas.index, *councils.index, "study"}
    by_ward = pd.read_csv(tmp_path / "without" / "by_ward.csv").query("row == 'place'")
    assert len(wards) == len(by_ward) > 0
    assert sorted(other.loc[wards, "remote"]) == pytest.approx(sorted(by_ward["remote_infeasible"]), abs=0.005)
    each_low = other.loc[areas.index, "remote_low"].sum()
    assert other.loc[wards, "remote_low"].sum() >= each_low - 0.01  # drawn together, never the sum of ends
    pd.testing.assert_series_equal(other.loc[councils.index, "remote"], councils, check_names=False)
    assert other.loc["study", "remote"] == pytest.approx(councils.sum())


@pytest.mark.parametrize("make", [world_today, world_2013])
def test_a_build_writes_the_table_and_gives_it_back(make, tmp_path):
    study = read_study(make(tmp_path / "world").study())
    build(study, out=tmp_path / "out")
    read = read_postcodes(tmp_path / "out")[list(COLUMNS)]
    pd.testing.assert_frame_equal(read, located_premises(join_layers(study)))
    assert (tmp_path / "out" / POSTCODES).stat().st_size < 20_000


def test_a_build_without_postcodes_has_no_table(tmp_path):
    assert read_postcodes(tmp_path) is None


def test_every_column_is_described(tmp_path):
    build(world_2013(tmp_path / "world").study(), out=tmp_path / "2013")
    build(world_today(tmp_path / "today").study(switches={"fwa": True}), out=tmp_path / "now")
    text = (Path(__file__).resolve().parents[1] / "docs" / "outputs.md").read_text(encoding="utf-8")
    tables = {name: text.split(f"## `{name}`\n", 1)[1].split("\n## ", 1)[0] for name in (POSTCODES, BEYOND, ROUTES)}
    in_the_middle = {"remote_infeasible", "remote_infeasible_high", "remote_download_fails", "remote_upload_fails"}
    in_the_middle |= {name.replace("remote", "digital") for name in in_the_middle}
    in_the_middle |= {"digital_infeasible_low", "digital_low", "digital", "digital_high"}
    for folder, names in (("2013", (POSTCODES, BEYOND)), ("now", (POSTCODES, BEYOND, ROUTES))):
        for name in names:
            for column in set(pd.read_parquet(tmp_path / folder / name).columns) - in_the_middle:
                assert f"`{column}`" in tables[name]
