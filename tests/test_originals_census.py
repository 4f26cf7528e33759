"""Nomis's bulk census downloads, as published."""

from __future__ import annotations

import pandas as pd
import pytest
from official.census import TABLES, census_table, census_zip
from official.spreadsheets import zipped
from official.world import World

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.people.census import CUT_SHORT, read_census

WORLD = World()
ALL = [1, "007a", 11, 38, 44, 45, 61]


def saved(folder, *tables, **kwargs):
    paths = []
    for table in tables:
        number = table if isinstance(table, str) else f"{table:03}"
        paths.append(folder / f"census2021-ts{number}.zip")
        paths[-1].write_bytes(census_zip(WORLD, table, **kwargs))
    return paths


def read(paths, **kwargs):
    return read_census(paths, **{"geography": "lsoa21", "ledger": Ledger(), **kwargs})


def refused(paths, **kwargs):
    with pytest.raises(LayerError) as caught:
        read(paths, **kwargs)
    assert caught.value.parts["next"]
    return caught.value.parts | {"what": caught.value.what}


def test_seven_downloads_make_one_table_with_shares_on_paper(tmp_path):
    ledger = Ledger()
    table = read(saved(tmp_path, *ALL), ledger=ledger)
    assert sorted(table.index) == sorted(WORLD.areas["lsoa21"])
    first = table.iloc[0]
    assert first[["residents", "residents_65_over", "disabled_residents"]].tolist() == [40, 10, 8]
    assert first[["households", "deprived_2_plus", "households_without_car"]].tolist() == [16, 4, 2]
    assert first[["workers", "working_from_home"]].tolist() == [20, 5]
    shares = ["older_share", "disabled_share", "deprived_households_share", "no_car_share", "home_working_share"]
    assert first[shares].tolist() == [0.25, 0.2, 0.25, 0.125, 0.25]
    assert [source.rows for source in ledger.sources] == [8] * 7
    assert ledger.warnings == []


def test_the_order_of_the_files_does_not_matter(tmp_path):
    paths = saved(tmp_path, *ALL)
    pd.testing.assert_frame_equal(read(paths), read(paths[::-1]), check_like=True)


@pytest.mark.parametrize("table", ALL)
def test_each_download_can_stand_alone(tmp_path, table):
    assert len(read(saved(tmp_path, table))) == 8


def test_labels_with_and_without_what_they_measure_are_one(tmp_path):
    names = [name.removesuffix("; measures: Value") for name in TABLES["011"]]
    text = census_table([("Dorset 001A", "E01033000")], "011").decode().replace("; measures: Value", "")
    path = tmp_path / "census2021-ts011.zip"
    path.write_bytes(zipped({"census2021-ts011-lsoa.csv": text}))
    assert names[0] in text
    assert read([path]).loc["E01033000", "deprived_households_share"] == 0.25


def test_a_csv_taken_out_of_its_zip_is_read_too(tmp_path):
    path = tmp_path / "census2021-ts001-lsoa.csv"
    path.write_bytes(census_table([("Dorset 001A", "E01033000")], "001"))
    assert read(path).loc["E01033000", "residents"] == 40


def test_nobody_in_work_has_no_share_working_from_home(tmp_path):
    table = read(saved(tmp_path, 61, counts=dict.fromkeys(TABLES["061"], 0)))
    assert table["home_working_share"].isna().all()


def test_single_years_with_sums_between_are_read_by_their_sums(tmp_path):
    ages = {"Age: Total": 40, "Age: Aged 65 to 74 years": 5, "Age: Aged 65 years": 1, "Age: Aged 75 to 84 years": 3}
    ages |= {"Age: Aged 85 years and over": 2}
    row = ",".join(["date,geography,geography code", *(f'"{age}; measures: Value"' for age in ages)])
    path = tmp_path / "census2021-ts007.zip"
    figures = ",".join(map(str, ages.values()))
    path.write_bytes(zipped({"census2021-ts007-lsoa.csv": f"{row}\n2021,Dorset 001A,E01033000,{figures}\n"}))
    assert read([path]).loc["E01033000", "older_share"] == 0.25


def test_exactly_25_000_rows_are_a_cut_short_answer(tmp_path):
    path = tmp_path / "query.csv"
    path.write_bytes(census_table([("Somewhere", f"E01{n:06}") for n in range(CUT_SHORT)], "001"))
    said = refused([path])
    assert "25,000" in said["found"]
    assert "bulk download" in said["next"]


def test_one_row_more_is_not(tmp_path):
    path = tmp_path / "whole.csv"
    path.write_bytes(census_table([("Somewhere", f"E01{n:06}") for n in range(CUT_SHORT + 1)], "001"))
    assert len(read([path])) == CUT_SHORT + 1


def test_a_changed_heading_names_what_was_found(tmp_path):
    path = tmp_path / "census2021-ts045.zip"
    text = census_table([("Dorset 001A", "E01033000")], "045").decode().replace("No cars", "No car")
    path.write_bytes(zipped({"census2021-ts045-lsoa.csv": text}))
    said = refused([path])
    assert "a heading has changed" in said["what"]
    assert said["file"] == "census2021-ts045.zip"


def test_the_member_of_councils_is_not_of_small_areas(tmp_path):
    said = refused(saved(tmp_path, 1), member="*-ltla.csv")
    assert "E06000059" in said["found"]
    assert "-lsoa.csv" in said["next"]


def test_the_same_table_twice(tmp_path):
    said = refused(saved(tmp_path, 1) * 2)
    assert said["what"] == "Two files hold the same census table."


def test_more_disabled_residents_than_residents(tmp_path):
    said = refused(saved(tmp_path, 38, counts={"Disability: Disabled under the Equality Act": 41}))
    assert "more disabled residents than" in said["what"]
    assert said["column"] == "Disability: Disabled under the Equality Act"


def test_the_census_of_2021_in_a_study_on_2011_areas(tmp_path):
    assert 'geography = "lsoa21"' in refused(saved(tmp_path, 1), geography="lsoa11")["next"]


def test_a_mark_in_place_of_a_figure_is_not_known_and_said(tmp_path):
    ledger = Ledger()
    paths = saved(tmp_path, 45, counts={"Number of cars or vans: No cars or vans in household": "[x]"})
    table = read(paths, ledger=ledger)
    assert table["no_car_share"].isna().all()
    assert table["households_by_cars"].tolist() == [16] * 8
    (said,) = ledger.warnings
    assert said.startswith("census2021-ts045.zip: 8 cells of “Number of cars or vans: No cars or vans in household”")
    assert said.endswith("kept as not known.")
