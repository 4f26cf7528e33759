"""Layers on LSOA 2021 and their neighbours: census, File 8 of 2025, dwellings, WIMD, rural–urban class."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from worlds import AREAS, outlines, run_command, world_today, write_csv

from layers.errors import LayerError, MissingColumnError
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.people.census import read_census
from layers.people.deprivation import read_underlying_2025, read_wimd
from layers.people.dwellings import read_dwellings, read_output_areas, read_postcode_premises

CENSUS = {
    "lsoa21_code": ["E01000001", "E01000002"],
    "usual_residents": [1_000.0, 0.0],
    "disabled_residents": [150, 0],
    "households": [400, 0],
    "households_deprived_2plus_dimensions": [50, 0],
}
WIMD = {"lsoa11_code": ["W01000001"], "Income_rank": ["1,898.0"], "Employment_rank": [659], "Income_decile": [5]}
FILE_8 = {
    "lsoa21_code": ["E01000001", "E01000002"],
    "connectivity_score": [95.5, ""],
    "digital_connectivity_broadband_download_and_upload_speeds": [-0.756, 1.2],
}


def read(reader, folder, table, *, geography="lsoa21", **changes):
    path = write_csv(folder / "table.csv", pd.DataFrame({**table, **changes}))
    return reader(path, geography=geography, ledger=Ledger())


def refused(reader, folder, table, *, geography="lsoa21", **changes):
    with pytest.raises(LayerError) as caught:
        read(reader, folder, table, geography=geography, **changes)
    assert caught.value.parts["file"] == "table.csv"
    assert caught.value.parts["next"]
    return caught.value.parts | {"what": caught.value.what}


# --- Census -------------------------------------------------------------------------------------------------------


def test_census_counts_become_shares_on_paper(tmp_path):
    table = read(read_census, tmp_path, CENSUS)
    first, empty = table.loc["E01000001"], table.loc["E01000002"]
    assert first.to_dict() == {"residents": 1000, "disabled_share": 0.15, "deprived_households_share": 0.125}
    assert empty["residents"] == 0
    assert empty[["disabled_share", "deprived_households_share"]].isna().all()  # of nobody there is no share


def test_a_blank_census_count_is_not_known(tmp_path):
    table = read(read_census, tmp_path, CENSUS, disabled_residents=["", 0])
    assert pd.isna(table.loc["E01000001", "disabled_share"])
    assert table.loc["E01000001", "deprived_households_share"] == 0.125


@pytest.mark.parametrize(
    ("column", "cells"), [("disabled_residents", [1_001, 0]), ("households_deprived_2plus_dimensions", [50, 1])]
)
def test_a_part_larger_than_its_whole_names_the_published_column(tmp_path, column, cells):
    said = refused(read_census, tmp_path, CENSUS, **{column: cells})
    assert said["column"] == column
    assert said["rows"] == ("E01000001" if cells[0] > 1_000 else "E01000002")
    assert "swapped" in said["next"]


@pytest.mark.parametrize("column", [column for column in CENSUS if column != "lsoa21_code"])
def test_a_missing_census_column_is_named(tmp_path, column):
    said = refused(read_census, tmp_path, {key: cells for key, cells in CENSUS.items() if key != column})
    assert said["column"] == column


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"lsoa21_code": ["E01000001"] * 2}, "line 2, 3 (2 of 2 rows)"),
        ({"usual_residents": [-1, 0]}, "line 2 (1 of 2 rows)"),
        ({"usual_residents": ["many", 0]}, "line 2 (1 of 2 rows)"),
    ],
)
def test_census_rows_that_cannot_be(tmp_path, changes, rows):
    assert refused(read_census, tmp_path, CENSUS, **changes)["rows"] == rows


def test_the_census_in_a_study_on_2011_areas(tmp_path):
    assert (
        "lsoa21 codes, and the study is on lsoa11" in refused(read_census, tmp_path, CENSUS, geography="lsoa11")["what"]
    )


# --- File 8 of 2025 -----------------------------------------------------------------------------------------------


def test_connectivity_is_turned_round_and_a_blank_stays_unknown(tmp_path):
    table = read(read_underlying_2025, tmp_path, FILE_8)
    assert table.loc["E01000001"].tolist() == [95.5, -0.756, 4.5]
    assert table.loc["E01000002"].isna().tolist() == [True, False, True]


def test_the_broadband_indicator_may_be_absent(tmp_path):
    table = read(read_underlying_2025, tmp_path, {key: FILE_8[key] for key in ("lsoa21_code", "connectivity_score")})
    assert "broadband_indicator" not in table


@pytest.mark.parametrize("score", [100.1, -1])
def test_a_connectivity_score_out_of_range(tmp_path, score):
    said = refused(read_underlying_2025, tmp_path, FILE_8, connectivity_score=[50, score])
    assert said["column"] == "connectivity_score"
    assert said["rows"] == "line 3 (1 of 2 rows)"


# --- Dwellings, output areas, premises by postcode ----------------------------------------------------------------


@pytest.mark.parametrize("heading", ["dwellings", "all_properties"])
def test_dwellings_are_a_weight(tmp_path, heading):
    weight = read(read_dwellings, tmp_path, {"lsoa21cd": ["E01000001", "E01000002"], heading: [730, "-"]})
    assert weight["E01000001"] == 730
    assert pd.isna(weight["E01000002"])  # the publisher's sign for "no figure"


@pytest.mark.parametrize(("geography", "year"), [("lsoa11", "2011"), ("lsoa21", "2021")])
def test_output_areas_of_both_years(tmp_path, geography, year):
    short = geography.removeprefix("lsoa")
    table = {f"oa{short}cd": ["E00000001", "E00000002"], f"lsoa{short}cd": ["E01000001"] * 2}
    path = write_csv(tmp_path / "oa.csv", pd.DataFrame(table))
    ledger = Ledger()
    found = read_output_areas(path, geography=geography, ledger=ledger)
    assert found["area_code"].to_dict() == {"E00000001": "E01000001", "E00000002": "E01000001"}
    assert ledger.sources[0].release == year
    said = refused(read_output_areas, tmp_path, {**table, f"oa{short}cd": ["E00000001"] * 2}, geography=geography)
    assert said["column"] == f"oa{short}cd"


def test_the_release_a_study_states_for_output_areas_stands(tmp_path):
    path = write_csv(tmp_path / "oa.csv", [{"oa21cd": "E00000001", "lsoa21cd": "E01000001"}])
    ledger = Ledger(releases={tmp_path / "oa.csv": "December 2021, best fit"})
    read_output_areas(path, geography="lsoa21", ledger=ledger)
    assert ledger.sources[0].release == "December 2021, best fit"


def test_premises_by_postcode_are_joined_without_spaces(tmp_path):
    premises = read(read_postcode_premises, tmp_path, {"pcds": ["zz1 1aa", "ZZ11AB"], "addresses": [3, "1,200"]})
    assert premises.to_dict() == {"ZZ11AA": 3, "ZZ11AB": 1_200}


# --- Wales --------------------------------------------------------------------------------------------------------


def test_welsh_ranks_are_read(tmp_path):
    table = read(read_wimd, tmp_path, WIMD, geography="lsoa11")
    assert table.loc["W01000001"].tolist() == [1_898, 659, 5]


def test_a_rank_is_a_whole_number(tmp_path):
    assert refused(read_wimd, tmp_path, WIMD, geography="lsoa11", Income_rank=["5.5"])["column"] == "Income_rank"


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"lsoa11_code": ["E01000001"]}, "LSOA11CD", "Welsh codes"),
        ({"Income_rank": ["1,910"]}, "Income_rank", "ranks 1 to 1,909"),
        ({"Employment_rank": [0]}, "Employment_rank", "ranks 1 to 1,909"),
    ],
)
def test_what_is_not_the_welsh_index(tmp_path, changes, column, expected):
    said = refused(read_wimd, tmp_path, WIMD, geography="lsoa11", **changes)
    assert column in said["column"]
    assert expected in said["expected"]
    assert "nations are never ranked together" in said["next"]


# --- Rural–urban class --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geography", "table"),
    [
        ("lsoa21", {"LSOA21CD": ["E01000001"], "RUC21CD": ["RSF1"], "RUC21NM": ["Smaller rural: Further from a town"]}),
        ("lsoa21", {"lsoa21_code": ["E01000001"], "ruc21_code": ["UN1"], "classification": ["Urban: Nearer"]}),
        ("lsoa11", {"LSOA11CD": ["E01000001"], "RUC11CD": ["A1"], "RUC11": ["Urban major conurbation"]}),
    ],
)
def test_both_classifications_are_read_in_the_publishers_words(tmp_path, geography, table):
    words = list(table.values())[2][0]
    assert read(KINDS["rural_urban"].read_by(), tmp_path, table, geography=geography)["rural_urban"].tolist() == [words]


def test_a_classification_without_words(tmp_path):
    with pytest.raises(MissingColumnError):
        read(KINDS["rural_urban"].read_by(), tmp_path, {"LSOA21CD": ["E01000001"], "RUC21CD": ["UN1"]})


# --- In a study on 2021 areas -------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path):
    """The six areas on LSOA 2021, with dwellings, census and File 8."""
    world = world_today(tmp_path / "world")
    world.write_text("areas.geojson", json.dumps(outlines(code="LSOA21CD", name="LSOA21NM")))
    for name in ("lookup.csv", "postcodes.csv"):
        world.edit(name, lambda t: t.rename(columns={"LSOA11CD": "LSOA21CD", "lsoa11cd": "LSOA21CD"}))
    write_csv(world.path("dwellings.csv"), [{"lsoa21cd": area, "dwellings": 100} for area in AREAS])
    write_csv(
        world.path("file8.csv"),
        [dict(zip(FILE_8, (area, 50 + number, number / 2), strict=True)) for number, area in enumerate(AREAS)],
    )
    write_csv(world.path("census.csv"), [dict(zip(CENSUS, (area, 400, 60, 160, 20), strict=True)) for area in AREAS])
    return world


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(study):
        places = {"out": tmp_path / "out", "log": tmp_path / "log"}
        return run_command("build", study, **places, monkeypatch=monkeypatch, capsys=capsys)

    return run


LAYERS = {
    **dict.fromkeys(("output_areas", "area_classification", "stations")),
    "dwellings": "dwellings.csv",
    "underlying_2025": "file8.csv",
    "census": "census.csv",
}
KEYS = {"geography": "lsoa21", "indicators": ["disabled_residents", "deprived_households", "connectivity"]}


def test_a_study_on_2021_areas_meets_the_published_totals(world, run):
    result = run(world.study(layers=LAYERS, **KEYS))
    assert result.code == 0, result.err
    assert result.manifest["warnings"] == []
    assert any("by how far apart postcodes lie" in said for said in result.manifest["modelled"])
    assert result.ranking.groupby("district_code")["premises"].sum().tolist() == [600, 300]


def test_the_broadband_indicator_of_the_indices_places_no_premises(world, run):
    """It found slow lines worse than spacing where it was held out (method §2): with or without it, all is the same."""
    before = run(world.study(layers=LAYERS, **KEYS)).ranking
    world.set("file8.csv", row=0, digital_connectivity_broadband_download_and_upload_speeds="")
    result = run(world.study(layers=LAYERS, switches={"missing_areas_allowed": 0.2}, **KEYS))
    assert result.code == 0, result.err
    assert not [said for said in result.manifest["warnings"] if said.startswith("postcodes.csv")]
    assert result.manifest["premises"]["in"] == result.manifest["premises"]["scored"] == 900
    assert result.ranking["remote_infeasible"].tolist() == before["remote_infeasible"].tolist()


def test_a_broadband_indicator_of_other_places_names_its_own_file(world, run):
    world.edit("file8.csv", lambda table: table.assign(lsoa21_code=[f"E0109999{n}" for n in range(6)]))
    result = run(world.study(layers=LAYERS, **KEYS))
    assert result.code == 2
    assert result.said("file") == "file8.csv"
    assert result.said("found") == "100.0% missing"


def test_postcodes_that_miss_the_areas_name_their_own_file(world, run):
    world.edit("postcodes.csv", lambda table: table[~table["LSOA21CD"].isin(AREAS[:2])])
    result = run(world.study(layers=LAYERS, **KEYS))
    assert result.code == 2
    assert result.said("file") == "postcodes.csv"
