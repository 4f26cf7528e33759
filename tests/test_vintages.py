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
from layers.lookups import counts_on_2021, postcodes_on_2021, read_changes

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
RESIDENTS = pd.Series({"Ash": 900.0, "Beech West": 300.0, "Beech East": 100.0, "Elder and Elm": 2_000.0})
COUNTS = pd.Series({"Ash": 10.0, "Beech": 40.0, "Elder": 5.0, "Elm": 6.0, "Oak": 7.0, "Yew": 8.0})
SHAPES = pd.Series(
    {
        "Ash": shapely.box(0, 0, 100, 100),
        "Beech West": shapely.box(100, 0, 150, 100),
        "Beech East": shapely.box(150, 0, 200, 100),
        "Elder and Elm": shapely.box(200, 0, 300, 100),
    }
)


def moved(counts=COUNTS, *, changes=CHANGES, residents=RESIDENTS):
    ledger = Ledger()
    return counts_on_2021(counts, changes=changes, residents=residents, ledger=ledger), ledger


# --- Counts -------------------------------------------------------------------------------------------------------


def test_unchanged_split_and_merged_areas_on_paper():
    result, ledger = moved()
    # Beech's 40 go 3 to 1, as its residents do
    assert result.to_dict() == {"Ash": 10, "Beech West": 30, "Beech East": 10, "Elder and Elm": 11}
    assert ledger.excluded == {"no exact successor in 2021": 15}
    assert ledger.warnings == [
        "1 areas of 2021 were merged from several of 2011: Elder and Elm.",
        "2 areas of 2011 cannot be moved to 2021: Oak, Yew.",
    ]


def test_an_area_the_lookup_does_not_have_is_listed_with_its_count():
    result, ledger = moved(pd.Series({"Ash": 10.0, "Scots Pine": 3.0}))
    assert result.to_dict() == {"Ash": 10}
    assert ledger.excluded == {"no exact successor in 2021": 3}
    assert "Scots Pine" in ledger.warnings[0]


def test_what_is_lost_adds_up_over_several_counts():
    ledger = Ledger()
    for _ in range(2):
        counts_on_2021(COUNTS, changes=CHANGES, residents=RESIDENTS, ledger=ledger)
    assert ledger.excluded == {"no exact successor in 2021": 30}


def test_a_count_that_is_not_known_stays_so():
    result, _ = moved(COUNTS.mask(COUNTS.index.isin(["Beech", "Elm"])))
    assert result["Ash"] == 10
    assert result[["Beech West", "Beech East", "Elder and Elm"]].isna().all()


def test_successors_where_nobody_lives_share_alike():
    result, _ = moved(residents=RESIDENTS.mask(RESIDENTS.index.str.startswith("Beech"), 0.0))
    assert result[["Beech West", "Beech East"]].tolist() == [20, 20]


def test_split_areas_without_residents_are_refused():
    with pytest.raises(LayerError, match="1 successors of split areas have no residents") as caught:
        moved(residents=RESIDENTS.drop("Beech East"))
    assert caught.value.parts["rows"] == "Beech East"
    assert "census" in caught.value.parts["next"]


def test_counts_of_which_none_can_be_moved():
    result, ledger = moved(COUNTS[["Oak", "Yew"]])
    assert result.empty
    assert ledger.excluded == {"no exact successor in 2021": 15}


def test_the_order_of_the_lookup_does_not_matter():
    pd.testing.assert_series_equal(moved()[0], moved(changes=CHANGES[::-1])[0])


@st.composite
def reallocations(draw):
    """Draw a lookup of some areas, each unchanged, split, merged with its neighbour or complex, and their counts."""
    pairs = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from("USMX"), min_size=1, max_size=8))):
        parts = draw(st.integers(2, 4)) if kind != "U" else 1
        names = [f"{number}.{part}" for part in range(parts)]
        if kind == "M":
            pairs += [(name, f"{number}", "M") for name in names]
        else:
            pairs += [(f"{number}", name, kind) for name in names]
    changes = pd.DataFrame(pairs, columns=["old", "new", "change"])
    counts = {old: float(draw(st.integers(0, 500))) for old in changes["old"].unique()}
    residents = {new: float(draw(st.integers(0, 3_000))) for new in changes["new"].unique()}
    return changes, pd.Series(counts), pd.Series(residents)


@given(reallocations())
@settings(deadline=None)
def test_counts_before_are_counts_after_and_what_is_said_to_be_lost(drawn):
    changes, counts, residents = drawn
    ledger = Ledger()
    result = counts_on_2021(counts, changes=changes, residents=residents, ledger=ledger)
    assert result.sum() + sum(ledger.excluded.values()) == pytest.approx(counts.sum())
    assert (result >= 0).all()
    assert set(result.index) <= set(changes["new"])
    assert not set(result.index) & set(changes.loc[changes["change"] == "X", "new"])


# --- Postcodes ----------------------------------------------------------------------------------------------------


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
    assert "stands in for an official list" in ledger.modelled[0]


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


# --- The file -----------------------------------------------------------------------------------------------------


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
