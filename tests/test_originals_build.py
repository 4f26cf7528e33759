"""A study built from nothing but the publishers' own files, as downloaded."""

from __future__ import annotations

import pandas as pd
import pytest
from official import census, deprivation, dwellings, ofcom, ons, ordnance_survey, transport
from official.world import DISTRICTS, World
from worlds import toml

from connectivity.build import build
from connectivity.quality.notice import read_quality
from layers.errors import LayerError
from layers.joined import join_layers
from layers.study import read_study

WORLD = World()
TABLES = (1, "007a", 11, 38, 45, 61)
FILES = {
    "outlines.geojson": ons.outlines_geojson(WORLD),
    "lookup.csv": ons.as_csv(ons.lookup_rows(WORLD)),
    "codepo_gb.zip": ordnance_survey.code_point_zip(WORLD),
    "output_areas.csv": ons.as_csv(ons.output_area_rows(WORLD)),
    "202507_fixed_broadband_coverage_r01.zip": ofcom.fixed_2025(WORLD),
    "File_7.csv": deprivation.file_7(WORLD),
    "File_8.xlsx": deprivation.file_8_2025(WORLD),
    "connectivity_metrics_2025.ods": transport.connectivity_ods(WORLD),
    "ruc.csv": ons.as_csv(ons.rural_urban_rows(WORLD), number="FID"),
    "CTSOP1.1.zip": dwellings.ctsop_zip(WORLD),
    **{f"census{table}.zip": census.census_zip(WORLD, table) for table in TABLES},
}
LAYERS = {
    "boundaries": {"file": "outlines.geojson"},
    "lookup": {"file": "lookup.csv"},
    "postcodes": {"file": "codepo_gb.zip"},
    "output_areas": {"file": "output_areas.csv"},
    "ofcom_oa": {
        "file": "202507_fixed_broadband_coverage_r01.zip",
        "member": "*_fixed_oa_coverage_r01.zip!*_oa_coverage_r01.csv",
    },
    "deprivation": {"file": "File_7.csv"},
    "underlying_2025": {"file": "File_8.xlsx"},
    "dft_connectivity": {"file": "connectivity_metrics_2025.ods"},
    "census": {"file": [f"census{table}.zip" for table in TABLES]},
    "dwellings": {"file": "CTSOP1.1.zip"},
    "rural_urban": {"file": "ruc.csv"},
}
INDICATORS = ["income_employment_2025", "older_residents", "disabled_residents", "deprived_households", "connectivity"]
FIRST = WORLD.areas["lsoa21"].iloc[0]


@pytest.fixture
def join(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)

    def join(*without, indicators=INDICATORS):
        keys = {"name": "Originals", "geography": "lsoa21", "districts": list(DISTRICTS), "indicators": indicators}
        layers = [{"kind": kind, **layer} for kind, layer in LAYERS.items() if kind not in without]
        (tmp_path / "study.toml").write_text(toml(keys, layers=layers), encoding="utf-8")
        return join_layers(read_study(tmp_path / "study.toml"))

    return join


def test_every_indicator_of_the_study_is_fed_by_an_original(join):
    first = join().areas.loc[FIRST]
    assert first[["income_rate", "employment_rate"]].tolist() == [0.10, 0.05]
    assert first[["residents", "older_share", "disabled_share", "deprived_households_share"]].tolist() == [
        *(40, 0.25, 0.2, 0.25)
    ]
    assert first[["no_car_share", "home_working_share"]].tolist() == [0.125, 0.25]
    assert first["rural_urban"] == "Smaller rural: Further from a major town or city"
    assert first["travel_badness"] == 50


def test_the_premises_of_the_output_areas_reach_their_areas(join):
    joined = join()
    each = ofcom.output_areas(WORLD)["All Premises"].iloc[:2].sum()
    assert joined.coverage.table.loc[FIRST, "premises"] == each
    assert joined.density is not None
    assert joined.postcodes["area_code"].notna().all()


def test_where_file_8_and_dfts_workbook_both_say_it_file_8_stays_and_it_is_said(join):
    both, workbook = join(), join("underlying_2025")
    assert both.areas["connectivity_public_transport"].eq(40).all()
    assert [said for said in both.ledger.warnings if "File 8's is used" in said]
    assert workbook.areas["travel_badness"].tolist() == both.areas["travel_badness"].tolist()  # the same in both files
    assert not [said for said in workbook.ledger.warnings if "File 8's is used" in said]


def test_that_ages_of_the_census_meet_goalposts_of_the_estimates_is_said_only_where_they_count(join):
    assert [said for said in join().ledger.warnings if "mid-2020 estimates" in said]
    without = join(indicators=["income_employment_2025", "disabled_residents", "connectivity"])
    assert not [said for said in without.ledger.warnings if "mid-2020 estimates" in said]


def test_a_census_file_that_is_another_table_stops_the_build_by_its_name(join, tmp_path):
    table = pd.DataFrame({"date": [2021], "geography": ["a"], "geography code": [FIRST], "Sex: Female": [1]})

    def spoilt(*args, **kwargs):
        (tmp_path / "census45.zip").write_bytes(ofcom.zip_bytes({"x-lsoa.csv": table.to_csv(index=False).encode()}))
        return join(*args, **kwargs)

    with pytest.raises(LayerError) as caught:
        spoilt()
    assert caught.value.parts["file"] == "census45.zip"


def test_postcodes_placed_by_outline_keep_their_layer_and_the_build_from_green(join, tmp_path):
    join()  # writes the study
    build(tmp_path / "study.toml", out=tmp_path / "out", draws=0)
    report = read_quality(tmp_path / "out")
    (postcodes,) = (layer for layer in report["layers"] if layer["kind"] == "postcodes")
    assert postcodes["light"]["colour"] == "amber"
    assert any("whose outline holds them" in reason["words"] for reason in postcodes["light"]["reasons"])
    assert any("used in place of the official lookup" in reason["words"] for reason in report["light"]["reasons"])


def test_the_census_is_checked_in_words_a_reader_knows(join, tmp_path):
    ledger = join().ledger
    rules = [
        one.rule for one in ledger.records if one.kind == "census" and getattr(one, "rule", "").startswith("no more")
    ]
    assert rules == [
        "no more residents aged 65 or over than residents",
        "no more households deprived in two or more ways than households",
        "no more disabled residents than residents",
        "no more households without a car than households",
        "no more people working from home than people in work",
    ]
