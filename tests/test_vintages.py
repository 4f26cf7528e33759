"""LSOA 2011 and 2021 meet only through the exact lookup: answers on paper, and nothing lost."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import outlines, run_command, world_today, write_csv

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.lookups import postcodes_on_2021, read_changes

PAIRS = [
    ("Ash", "Ash", "U"),
    ("Beech", "Beech West", "S"),
    ("Beech", "Beech East", "S"),
    ("Elder", "Elder and Elm", "M"),
    ("Elm", "Elder and Elm", "M"),
    ("Oak", "Oak North", "X"),
    ("Oak", "Pine", "X"),
    ("Yew", "Pine", "X"),
]
CHANGES = pd.DataFrame(PAIRS, columns=["old", "new", "change"])
SHAPES = pd.Series(
    {
        "Ash": shapely.box(0, 0, 100, 100),
        "Beech West": shapely.box(100, 0, 150, 100),
        "Beech East": shapely.box(150, 0, 200, 100),
        "Elder and Elm": shapely.box(200, 0, 300, 100),
    }
)


def postcodes(*rows):
    table = pd.DataFrame(rows, columns=["postcode", "area_code", "easting", "northing"]).set_index("postcode")
    return table.astype({"area_code": "str", "easting": float, "northing": float})


def placed(table):
    ledger = Ledger()
    result = postcodes_on_2021(table, changes=CHANGES, shapes=SHAPES, ledger=ledger)
    pd.testing.assert_frame_equal(result.drop(columns="area_code"), table.drop(columns="area_code"))
    return result["area_code"], ledger


def test_the_code_decides_where_there_is_one_successor_whatever_the_location():
    area, ledger = placed(postcodes(("A", "Ash", 190, 50), ("B", "Elder", None, None), ("C", "Elm", 0, 0)))
    assert area.tolist() == ["Ash", "Elder and Elm", "Elder and Elm"]
    assert ledger.warnings == []


def test_the_location_decides_in_a_split_area():
    rows = (("A", "Beech", 149, 50), ("B", "Beech", 151, 50), ("C", "Beech", 20, 50), ("D", "Beech", 290, 50))
    area, ledger = placed(postcodes(*rows, ("E", "Ash", 1, 1)))
    # C lies in Ash's outline and D in Elder's: they go to the nearest of Beech's own successors
    assert area.tolist() == ["Beech West", "Beech East", "Beech West", "Beech East", "Ash"]
    assert ledger.warnings == ["4 postcodes of 1 split area went to the new area they lie in (LSOA 2021)."]
    # the report says so of the layer, and of the build
    assert [(found.kind, found.count) for found in ledger.records] == [("lsoa_changes", 4)]
    assert "in place of an official list" in ledger.modelled[0]


def test_a_split_areas_postcode_without_a_location_has_none():
    area, ledger = placed(postcodes(("A", "Beech", None, None), ("B", "Ash", None, None)))
    assert area.isna().tolist() == [True, False]
    assert ledger.warnings == ledger.modelled == ledger.records == []


def test_postcodes_that_are_all_in_split_areas():
    area, _ = placed(postcodes(("A", "Beech", 149, 50)))
    assert area.tolist() == ["Beech West"]


def test_postcodes_of_areas_the_lookup_or_the_study_does_not_have():
    area, _ = placed(postcodes(("A", "Scots Pine", 10, 10), ("B", "Oak", 10, 10)))
    assert area.isna().all()


@given(st.lists(st.tuples(st.sampled_from(["Ash", "Beech", "Elm"]), st.integers(-50, 350), st.integers(-50, 150))))
@settings(deadline=None)
def test_a_postcode_never_goes_to_an_area_that_is_not_a_successor_of_its_own(drawn):
    area, _ = placed(postcodes(*((str(number), *place) for number, place in enumerate(drawn))))
    pairs = set(zip(CHANGES["old"], CHANGES["new"], strict=True))
    assert {(old, area[str(number)]) for number, (old, *_) in enumerate(drawn)} <= pairs


@pytest.mark.parametrize("heading", ["CHGIND", "CHNGIND"])
def test_both_names_of_the_kind_of_change_are_read(tmp_path, heading):
    rows = [{"LSOA11CD": old, "LSOA21CD": new, heading: change} for old, new, change in [*PAIRS, PAIRS[0]]]
    ledger = Ledger()
    table = read_changes(write_csv(tmp_path / "exact.csv", rows), geography="lsoa21", ledger=ledger)
    assert list(table.itertuples(index=False, name=None)) == PAIRS
    assert ledger.sources[0].release == "2022"


def test_a_kind_of_change_that_is_not_known(tmp_path):
    rows = [{"LSOA11CD": old, "LSOA21CD": new, "CHGIND": "Z"} for old, new, _ in PAIRS[:1]]
    with pytest.raises(LayerError) as caught:
        read_changes(write_csv(tmp_path / "exact.csv", rows), geography="lsoa21", ledger=Ledger())
    assert caught.value.parts["rows"] == "line 2 (1 of 1 rows)"
    assert caught.value.parts["expected"] == "U, S, M, X"


def test_a_study_on_2021_areas_takes_postcodes_of_2011_through_the_lookup(tmp_path, monkeypatch, capsys):
    world = world_today(tmp_path / "world")
    world.write_text("areas.geojson", json.dumps(outlines(code="LSOA21CD", name="LSOA21NM")))
    for name in ("lookup.csv", "output_areas.csv"):
        world.edit(name, lambda t: t.rename(columns={"LSOA11CD": "LSOA21CD", "lsoa11cd": "lsoa21cd"}))
    world.edit("postcodes.csv", lambda t: t.rename(columns={"LSOA21CD": "LSOA11CD"}))
    rows = [{"LSOA11CD": code, "LSOA21CD": code, "CHGIND": "U"} for code in world.read("lookup.csv")["LSOA21CD"]]
    write_csv(world.path("exact.csv"), rows)
    layers = {"lsoa_changes": {"file": "exact.csv", "release": "December 2022"}}
    places = {"out": tmp_path / "out", "log": tmp_path / "log"}
    study = world.study(geography="lsoa21", layers=layers)
    result = run_command("build", study, **places, monkeypatch=monkeypatch, capsys=capsys)
    assert result.code == 0, result.err
    assert result.manifest["premises"]["scored"] == 900
    releases = {source["file"]: source["release"] for source in result.manifest["sources"]}
    assert releases["exact.csv"] == "December 2022"  # what the study says wins
