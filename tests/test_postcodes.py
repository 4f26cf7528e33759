from __future__ import annotations

import pandas as pd
import pytest
from worlds import AREAS, POSTCODES_EACH, world_2013, world_today

from connectivity.build import build
from connectivity.postcodes import COLUMNS, POSTCODES, located_premises, read_postcodes
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


@pytest.mark.parametrize("make", [world_today, world_2013])
def test_a_build_writes_the_table_and_gives_it_back(make, tmp_path):
    study = read_study(make(tmp_path / "world").study())
    build(study, out=tmp_path / "out")
    read = read_postcodes(tmp_path / "out")
    pd.testing.assert_frame_equal(read, located_premises(join_layers(study)))
    assert (tmp_path / "out" / POSTCODES).stat().st_size < 20_000


def test_a_build_without_postcodes_has_no_table(tmp_path):
    assert read_postcodes(tmp_path) is None
