"""Islands of a few squares whose shore is plain to see: told by neighbours, by districts, by a file, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from worlds import AREAS, NORTHSHIRE, SOUTHSHIRE, TO_DEGREES, world_today

from connectivity.build import build
from connectivity.claims.claim import Basis
from connectivity.manifest import CoastRecord
from connectivity.outputs import read_build
from connectivity.places.lenses import lens_claims
from layers.coast import BORDER, coastal, coastal_by_districts, read_coast
from layers.errors import LayerError, MissingAreasError, MissingColumnError
from layers.figures import Figure
from layers.geography import GEOGRAPHIES
from layers.ledger import Ledger

KM = 1_000.0
WEST, SOUTH = 400_000.0, 100_000.0
SEA = "An area is coastal where at least 50 m of its outline meets the sea or tidal water"


def box(left, bottom, right, top, *, west=WEST, south=SOUTH):
    """Make a rectangle in kilometres, counted from the south-western corner."""
    return shapely.box(west + KM * left, south + KM * bottom, west + KM * right, south + KM * top)


def series(**shapes):
    return gpd.GeoSeries(shapes, crs=27700)


def island(side=3):
    return series(**{f"{x}{y}": box(x, y, x + 1, y + 1) for x in range(side) for y in range(side)})


NOBODY = gpd.GeoSeries([], crs=27700)


def told(areas, others=NOBODY):
    return coastal(areas, others=others).to_dict()


# --- By the areas beside ------------------------------------------------------------------------------------------


def test_on_an_island_of_nine_squares_only_the_middle_one_has_no_shore():
    said = told(island())
    assert said.pop("11") is False
    assert all(said.values())
    assert len(said) == 8


def test_a_square_with_a_neighbour_on_every_side_is_not_coastal_whoever_asks():
    areas = island()
    assert told(areas[["11"]], areas.drop("11")) == {"11": False}
    assert told(areas[["11"]], areas.drop(["11", "21"])) == {"11": True}


def test_where_the_study_ends_and_the_country_does_not_is_no_shore():
    # Two columns of three are in the study; the third column is the neighbouring council's, and at sea beyond it.
    areas = island()
    study = areas[[name for name in areas.index if name[0] in "12"]]
    said = told(study, areas.drop(study.index))
    assert said == {"10": True, "11": False, "12": True, "20": True, "21": True, "22": True}


def test_neighbours_that_meet_at_other_corners_are_neighbours_all_the_same():
    areas = series(whole=box(1, 0, 2, 2), low=box(0, 0, 1, 0.7), high=box(0, 0.7, 1, 2))
    around = series(e=box(2, -1, 3, 3), w=box(-1, -1, 0, 3), s=box(0, -1, 2, 0), n=box(0, 2, 2, 3))
    assert told(areas, around) == {"whole": False, "low": False, "high": False}


@pytest.mark.parametrize(("metres", "shore"), [(30, False), (49, False), (60, True), (300, True)])
def test_a_gap_between_two_areas_is_water_only_from_50_metres_on(metres, shore):
    # A gap of so many metres runs between two squares, closed at both ends by long areas.
    gap = metres / KM
    areas = series(left=box(0, 0, 1, 1), right=box(1 + gap, 0, 2 + gap, 1))
    around = series(
        w=box(-1, -1, 0, 2), e=box(2 + gap, -1, 3 + gap, 2), s=box(0, -1, 2 + gap, 0), n=box(0, 1, 2 + gap, 2)
    )
    assert told(areas, around) == {"left": shore, "right": shore}


@pytest.mark.parametrize(("metres", "shore"), [(0, False), (100, False), (140, False), (160, True), (400, True)])
def test_an_area_that_only_touches_the_sea_at_a_corner_is_not_coastal(metres, shore):
    # A front of so many metres between two neighbours; 50 m at each end of it are beside them, and 50 m must be left.
    front = metres / KM
    wedge = shapely.Polygon(
        [(WEST, SOUTH), (WEST + 1000 * front, SOUTH), (WEST + 2000, SOUTH + KM), (WEST, SOUTH + KM)]
    )
    east = shapely.Polygon([(WEST + 1000 * front, SOUTH), (WEST + 3000, SOUTH), (WEST + 2000, SOUTH + KM)])
    if not metres:
        wedge = shapely.Polygon([(WEST, SOUTH), (WEST + 2000, SOUTH + KM), (WEST, SOUTH + KM)])
    said = told(series(wedge=wedge), series(east=east, west=box(-1, 0, 0, 2), north=box(0, 1, 3, 2)))
    assert said == {"wedge": shore}


def test_a_lagoon_inside_an_area_is_tidal_water():
    lagoon = box(0, 0, 1, 1).difference(box(0.3, 0.3, 0.7, 0.7))
    around = series(e=box(1, -1, 2, 2), w=box(-1, -1, 0, 2), s=box(0, -1, 1, 0), n=box(0, 1, 1, 2))
    assert told(series(a=lagoon), around) == {"a": True}
    assert told(series(a=lagoon), pd.concat([around, series(inner=box(0.3, 0.3, 0.7, 0.7))])) == {"a": False}


def test_islands_of_an_area_have_shore():
    inland = island()
    areas = inland.copy()
    areas["11"] = shapely.union(areas["11"], box(20, 20, 21, 21))
    assert told(areas)["11"] is True


def test_a_corner_given_twice_is_no_matter():
    ring = [(0, 0), (1, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    twice = shapely.Polygon([(WEST + KM * x, SOUTH + KM * y) for x, y in ring])
    assert told(series(a=twice)) == {"a": True}


@given(st.permutations(list(island().index)))
def test_the_order_of_the_areas_is_no_matter(order):
    areas = island()
    assert told(areas.loc[order]) == told(areas)


def test_shore_is_measured_in_metres_only():
    degrees = gpd.GeoSeries([shapely.box(-2, 50, -1, 51)], crs=4326)
    with pytest.raises(ValueError, match="in metres on EPSG:27700; found EPSG:4326"):
        coastal(degrees, others=NOBODY)
    with pytest.raises(ValueError, match="found None"):
        coastal_by_districts(island(), districts=degrees.set_crs(None, allow_override=True), scotland=True)


# --- The border with Scotland -------------------------------------------------------------------------------------

PEEL_FELL = BORDER[5]


def at_border(left, bottom, right, top):
    """Make a rectangle in kilometres from Peel Fell, on the border and 60 km from any sea."""
    return box(left, bottom, right, top, west=PEEL_FELL[0], south=PEEL_FELL[1])


def test_an_edge_along_the_scottish_border_is_not_known_and_what_is_far_from_it_is():
    areas = series(edge=at_border(0, -2, 2, 0), behind=at_border(0, -4, 2, -2), both=at_border(2, -40, 4, 0))
    around = series(west=at_border(-2, -40, 0, 0), south=at_border(0, -40, 2, -4))
    said = coastal(areas, others=around)
    assert said["edge"] is pd.NA  # Scotland, or sea for all these outlines say
    assert said["behind"] is False or not said["behind"]  # a neighbour on every side
    assert said["both"]  # 35 km of open outline far from the border
    assert str(said.dtype) == "boolean"


def test_with_scotlands_districts_the_border_is_known():
    areas = series(edge=at_border(0, -2, 2, 0))
    england = series(E=at_border(-1, -10, 3, 0))
    scotland = series(S=at_border(-1, 0, 3, 10))
    everywhere = pd.concat([england, scotland])
    assert coastal_by_districts(areas, districts=everywhere, scotland=True).tolist() == [False]
    assert coastal_by_districts(areas, districts=england, scotland=False).tolist() == [pd.NA]


# --- By the outlines of districts ---------------------------------------------------------------------------------


def test_districts_tell_the_sea_from_the_next_council():
    # Of a strip of three squares, the first meets the sea in the west; the last meets the next council in the east.
    areas = series(west=box(0, 0, 1, 1), middle=box(1, 0, 2, 1), east=box(2, 0, 3, 1))
    around = series(north=box(-1, 1, 4, 2), south=box(-1, -1, 4, 0), east=box(3, 0, 4, 1))
    districts = pd.concat([series(own=box(0, 0, 3, 1)), around])
    said = coastal_by_districts(areas, districts=districts, scotland=True)
    assert said.to_dict() == {"west": True, "middle": False, "east": False}


def test_a_gap_between_two_files_is_no_sea():
    # The areas were drawn 80 m short of where the districts' file has the border, inland and at the sea alike.
    areas = series(west=box(0.08, 0, 1, 1), east=box(1, 0, 2.92, 1))
    around = series(north=box(-1, 1, 4, 2), south=box(-1, -1, 4, 0), east=box(3, 0, 4, 1))
    districts = pd.concat([series(own=box(0, 0, 3, 1)), around])
    said = coastal_by_districts(areas, districts=districts, scotland=True)
    assert said.to_dict() == {"west": True, "east": False}


# --- By a file ----------------------------------------------------------------------------------------------------


def read(folder, text, geography="lsoa11"):
    path = folder / "coast.csv"
    path.write_text(text, encoding="utf-8")
    return read_coast(path, geography=geography, ledger=Ledger())


def test_a_file_says_yes_no_or_nothing(tmp_path):
    said = read(tmp_path, "LSOA11CD,Coastal\nE01000001,yes\nE01000002, No \nE01000003,\n")
    assert said["coastal"].tolist() == [True, False, pd.NA]


@pytest.mark.parametrize("word", ["maybe", "true", "1", "y"])
def test_any_other_word_is_refused_by_its_line(tmp_path, word):
    with pytest.raises(LayerError) as refusal:
        read(tmp_path, f"LSOA11CD,coastal\nE01000001,yes\nE01000002,{word}\n")
    assert refusal.value.what == "1 area is neither coastal nor not."
    assert refusal.value.parts["file"] == "coast.csv"
    assert refusal.value.parts["column"] == "coastal"
    assert refusal.value.parts["rows"] == "line 3 (1 of 2 rows)"
    assert refusal.value.parts["found"] == word


def test_another_years_codes_are_refused(tmp_path):
    with pytest.raises(LayerError, match="holds lsoa21 codes, and the study is on lsoa11"):
        read(tmp_path, "LSOA21CD,coastal\nE01000001,yes\n")


def test_an_area_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(LayerError, match="1 areas stand more than once"):
        read(tmp_path, "LSOA11CD,coastal\nE01000001,yes\nE01000001,no\n")


def test_a_file_without_the_column_is_refused(tmp_path):
    with pytest.raises(MissingColumnError, match="A column is missing: coastal"):
        read(tmp_path, "LSOA11CD,costal\nE01000001,yes\n")


# --- In a build ---------------------------------------------------------------------------------------------------


def coast_file(world, words=("yes", "no", "", "no", "no", "yes")):
    lines = [f"{area},{word}" for area, word in zip(AREAS, words, strict=True)]
    return world.write_text("coast.csv", "\n".join(["LSOA11CD,coastal", *lines, "W01000001,yes"]) + "\n")


def built(study, folder):
    build(study, out=folder, draws=0)
    return read_build(folder)


def test_a_study_that_is_part_of_the_country_says_that_it_cannot_know(tmp_path):
    world = world_today(tmp_path)
    plain = built(world.study(), tmp_path / "out")
    assert "coastal" not in plain.areas
    record = plain.manifest.coastal
    assert record.how.startswith("Not known: the outlines of neighbours are not in the file")
    assert (record.yes, record.no, record.not_known) == (0, 0, 6)


def test_what_the_file_says_reaches_the_build_and_never_the_score(tmp_path):
    world = world_today(tmp_path)
    plain = built(world.study(), tmp_path / "plain")
    coast_file(world)
    study = world.study(layers={"coast": {"file": "coast.csv", "release": "December 2011"}})
    lens = built(study, tmp_path / "lens")
    assert lens.areas.loc[AREAS, "coastal"].tolist() == [True, False, pd.NA, False, False, True]
    assert lens.manifest.coastal == CoastRecord(how="As coast.csv says (December 2011).", yes=2, no=3, not_known=1)
    assert lens.manifest.fingerprint != plain.manifest.fingerprint
    rows = (tmp_path / "lens" / "ranking.csv").read_bytes()
    assert rows == (tmp_path / "plain" / "ranking.csv").read_bytes()
    assert list(lens.areas.columns.drop("coastal")) == list(plain.areas.columns)


def test_codes_of_another_place_leave_the_studys_areas_without_an_answer_and_are_refused(tmp_path):
    world = world_today(tmp_path)
    world.write_text("coast.csv", "LSOA11CD,coastal\nE01999999,yes\n")
    with pytest.raises(MissingAreasError, match="“Areas on the coast” has no row for 6 of the study's 6 areas"):
        build(world.study(layers={"coast": "coast.csv"}), out=tmp_path / "out", draws=0)


def test_outlines_of_the_whole_country_tell_without_a_file(tmp_path, monkeypatch):
    # The country is the study's two rows of three and one long area south of them, so Birch alone is inland.
    seven = Figure(7, "small areas", "a country of seven", "this test")
    monkeypatch.setitem(GEOGRAPHIES, "lsoa11", replace(GEOGRAPHIES["lsoa11"], count=seven))
    world = world_today(tmp_path)
    corners = [TO_DEGREES.transform(*corner) for corner in box(-1, -1, 4, 0).exterior.coords]
    beyond = {
        "type": "Feature",
        "properties": {"LSOA11CD": "E01999998", "LSOA11NM": "Beyond 001A"},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }
    world.shapes(lambda features: features.append(beyond))
    seen = built(world.study(), tmp_path / "out")
    assert seen.areas.loc[AREAS, "coastal"].tolist() == [True, False, True, True, True, True]
    assert seen.manifest.coastal.how.startswith(SEA)
    coast_file(world)
    stated = built(world.study(layers={"coast": "coast.csv"}), tmp_path / "stated")
    assert stated.areas["coastal"].sum() == 2  # a layer of the study wins


def district_file(world, *, count, code="LAD25CD"):
    """Write the two shires, sea in the south, and a ring of other districts on the other three sides."""
    rings = [(NORTHSHIRE, box(0, 0, 3, 1)), (SOUTHSHIRE, box(0, 1, 3, 2)), ("S12000001", box(-1, 2, 4, 3))]
    rings += [("E06000903", box(-1, 0, 0, 2)), ("E06000904", box(3, 0, 4, 2))]
    rings += [(f"E07{number:06}", box(9, 50 + 2 * number, 10, 51 + 2 * number)) for number in range(count - 4)]
    features = [
        {"type": "Feature", "properties": {code: name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in rings
    ]
    grid = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    world.write_text("districts.geojson", json.dumps({"type": "FeatureCollection", "crs": grid, "features": features}))
    return world.study(layers={"coast": {"file": "districts.geojson", "release": "May 2025"}})


def test_outlines_of_districts_tell_a_study_of_two_shires_where_its_shore_is(tmp_path):
    world = world_today(tmp_path)
    seen = built(district_file(world, count=318), tmp_path / "out")
    assert seen.areas.loc[AREAS, "coastal"].tolist() == [True, True, True, False, False, False]
    assert seen.manifest.coastal.how.endswith("by the outlines of districts in districts.geojson.")


def test_outlines_of_a_few_districts_are_refused(tmp_path):
    study = district_file(world_today(tmp_path), count=317)
    with pytest.raises(LayerError, match="do not hold every district") as refusal:
        build(study, out=tmp_path / "out", draws=0)
    assert refusal.value.parts["found"] == "317 of England and Wales"


def test_outlines_without_codes_of_districts_are_refused(tmp_path):
    study = district_file(world_today(tmp_path), count=318, code="WD25CD")
    with pytest.raises(MissingColumnError, match="A column is missing: LAD25CD"):
        build(study, out=tmp_path / "out", draws=0)


@pytest.mark.parametrize(("value", "words"), [(True, ["yes"]), (False, ["no"]), (pd.NA, [])])
def test_the_facts_about_a_place_say_so_where_it_is_known(value, words):
    here = Basis("Demo", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
    claims = [one for one in lens_claims({"coastal": value}, basis=here) if one.details["label"] == "coastal"]
    assert [one.say("cell") for one in claims] == words
