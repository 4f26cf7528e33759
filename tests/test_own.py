"""A reader's own file: six squares whose answers can be read off, and every fault said once and in full."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hand_builds import NORTH, SOUTH, code, hand_build
from hand_shapes import as_geojson, as_geopackage
from hypothesis import given
from hypothesis import strategies as st

from connectivity.claims import about_own_data
from connectivity.claims.claim import Basis
from connectivity.maps import own_marks
from connectivity.own_data import own_summary
from connectivity.own_data.own_rows import MOST_POINTS, Figures, Points, read_own
from connectivity.own_data.uploaded_sheet import LARGEST, MEGABYTE, MOST_ROWS
from layers.errors import LayerError

WEST, SOUTHERN = 400_000, 100_000
COUNTS = {n: (100 * n, 0, n, 2 * n, 4 * n) for n in range(1, 6)} | {6: (600, 300)}
"""Area n: 100 n premises, of which n to 4 n cannot, best 2 n; area 6 has no score."""
HERE = Basis("S", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
FIRST, LAST = code(1), code(6)


@pytest.fixture(scope="module")
def areas():
    """Six squares of a kilometre in a row: 1, 3, 5 in the south, 2, 4, 6 in the north."""
    made = hand_build(COUNTS).areas
    return made.set_geometry(made.geometry.translate(WEST, SOUTHERN))


@pytest.fixture
def read(areas, tmp_path):
    """Read a file against the squares, with three postcodes: in area 1, in area 2, and one that has ended."""
    rows = [("AA11AA", FIRST, WEST + 500.0, SOUTHERN + 500.0), ("AA11AB", code(2), WEST + 1500.0, SOUTHERN + 10.0)]
    rows.append(("AA11AC", code(2), float("nan"), float("nan")))
    table = pd.DataFrame(rows, columns=["postcode", "area_code", "easting", "northing"])
    table.to_parquet(tmp_path / "postcodes.parquet", index=False)

    def make(content, *, name="mine.csv", geography="lsoa21", folder=tmp_path):
        held = content if isinstance(content, bytes) else content.encode()
        return read_own(held, name=name, areas=areas, geography=geography, folder=folder)

    return make


def sums(own):
    return len(own.table) + sum(one.count for one in own.unused)


def test_points_lie_where_their_coordinates_say(read):
    own = read(f"Site,Eastings,NORTHINGS\nA,{WEST + 1},{SOUTHERN + 1}\nB,{WEST + 5500},{SOUTHERN + 999}\n")
    assert isinstance(own, Points)
    assert own.table["area_code"].tolist() == [FIRST, LAST]
    assert own.table["name"].tolist() == ["A", "B"]


def test_degrees_and_metres_give_the_same_places(read):
    spots = [(WEST + 500, SOUTHERN + 500), (WEST + 2500, SOUTHERN + 250)]
    there = gpd.GeoSeries(gpd.points_from_xy(*zip(*spots, strict=True)), crs=27700).to_crs(4326)
    text = "name,lat,long\n" + "".join(f"x,{spot.y:.7f},{spot.x:.7f}\n" for spot in there)
    own = read(text)
    assert own.table["area_code"].tolist() == [FIRST, code(3)]
    assert own.table["easting"].sub([spot[0] for spot in spots]).abs().max() < 0.1


def test_postcodes_count_where_the_directory_puts_them_and_an_ended_one_has_no_place_on_the_map(read, areas):
    own = read("Post Code,Name\naa1 1aa,A\nAA1-1AB,B\nAA11AC,C\nZZ1 1ZZ,D\nsomewhere,E\n,F\n")
    assert own.table["area_code"].tolist() == [FIRST, code(2), code(2)]
    assert about_own_data.rows_accounted(own) == (
        "6 rows = 3 used + 1 with a postcode that is not in this study (line 5) "
        "+ 2 without a whole postcode (line 6, 7)."
    )
    assert (
        about_own_data.points_not_located(own) == "1 postcode has no location any more: in the table, not on the map."
    )
    assert len(own_marks.of_points(own, areas=areas, basis=HERE, profile="remote").circles) == 2


def test_every_row_is_used_or_named_with_its_line(read):
    own = read(f"Easting,Northing\n{WEST + 1},{SOUTHERN + 1}\n,\n{WEST + 1},\n{WEST - 5},{SOUTHERN}\n-900000,5000000\n")
    assert own.table["name"].tolist() == ["Row 1"]
    assert {one.why: one.count for one in own.unused} == {
        "rows that hold nothing": 1,
        "outside Great Britain": 1,
        "outside this study": 1,
        "without a location": 1,
    }
    assert "(line 4)" in about_own_data.rows_accounted(own)  # the blank row keeps its line
    assert sums(own) == own.rows == 5


@given(st.lists(st.tuples(st.integers(-2000, 9000), st.integers(-500, 1500)), min_size=1, max_size=40))
def test_rows_in_are_rows_used_and_rows_named(spots):
    made = hand_build(COUNTS).areas
    here = made.set_geometry(made.geometry.translate(WEST, SOUTHERN))
    text = f"x,y\n{WEST + 1},{SOUTHERN + 1}\n" + "".join(f"{WEST + x},{SOUTHERN + y}\n" for x, y in spots)
    own = read_own(text.encode(), name="a.csv", areas=here, geography="lsoa21", folder=None)
    assert sums(own) == own.rows == len(spots) + 1
    for row in own.table.itertuples():
        assert here.geometry[row.area_code].intersects(shapely.Point(row.easting, row.northing))


@pytest.mark.parametrize(("name", "write"), [("a.geojson", as_geojson), ("a.gpkg", as_geopackage)])
@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326"])
def test_a_layer_of_points_is_read(read, name, write, crs):
    points = [shapely.Point(WEST + 500, SOUTHERN + 500), shapely.Point(WEST + 9500, SOUTHERN)]
    table = gpd.GeoDataFrame({"Name": ["A", "B"]}, geometry=points, crs=27700).to_crs(crs)
    own = read(write(table), name=name)
    assert own.table[["name", "area_code"]].to_numpy().tolist() == [["A", FIRST]]
    assert about_own_data.rows_accounted(own) == "2 rows = 1 used + 1 outside this study (shape 2)."


def test_points_add_up_each_small_area_once(read, areas):
    own = read(
        f"x,y\n{WEST + 1},{SOUTHERN}\n{WEST + 2},{SOUTHERN}\n{WEST + 2001},{SOUTHERN}\n{WEST + 5500},{SOUTHERN}\n"
    )
    gap, inside, bare = own_summary.holding(own, areas=areas, profile="remote", basis=HERE)
    assert (gap.low, gap.best, gap.high, gap.premises) == (4, 8, 16, 400)
    assert (inside, bare) == (3, 1)
    missing = own_summary.not_scored(bare, of=inside, basis=HERE)
    assert (missing.best, missing.of, missing.unit) == (1, 3, "places")
    assert own_summary.not_scored(0, of=inside, basis=HERE) is None
    placed = own_summary.placed(own, areas=areas, basis=HERE)
    assert (placed.key, placed.best, placed.of, placed.details["points"]) == ("own_data.points", 3, 6, 4)


def test_figures_are_joined_by_code_and_a_blank_is_not_zero(read, areas):
    own = read(f'LSOA21CD,Place,Loans,Trips\n{FIRST},a,0,5\n{code(2)},b,,7\n{code(3)},c,"1,250",[x]\nE01099999,z,1,1\n')
    assert isinstance(own, Figures)
    assert own.others == ("Place",)
    assert own.table["Loans"].fillna(-1).tolist() == [0, -1, 1250]
    places = own_summary.places_of(own, "Loans", areas=areas)
    assert places["figure"].isna().sum() == 4
    loans, trips = (own_summary.without_figure(own, column, areas=areas, basis=HERE) for column in ("Loans", "Trips"))
    assert (loans.best, loans.of, loans.details["withheld"]) == (4, 6, 0)
    assert (trips.best, trips.of, trips.details["withheld"]) == (4, 6, 1)
    assert "No figure is not 0." in loans.say()
    placed = own_summary.placed(own, areas=areas, basis=HERE)
    assert (placed.key, placed.best, placed.of) == ("own_data.figures", 3, 6)
    assert placed.details["column"] == "LSOA21CD"
    assert (
        about_own_data.rows_accounted(own) == "4 rows = 3 used + 1 for places outside this study (such as E01099999)."
    )


def test_council_figures_stand_beside_the_council_s_areas_added_up(read, areas):
    own = read(f"LAD24CD,Loans\n{NORTH},7\nE07000001,3\nTotal,10\n")
    assert (own.unit, own.table["Loans"].tolist()) == ("district", [7])
    gap = own_summary.gaps_of(own, areas=areas, profile="remote", basis=HERE)[NORTH]
    assert (gap.best, gap.premises) == (12, 600)  # areas 2 and 4; 6 has no score
    assert "1 with something that is not an area code (line 4)" in about_own_data.rows_accounted(own)
    shown = own_marks.of_figures(own, "Loans", areas=areas, basis=HERE, profile="remote").circles
    assert [(circle[3], circle[5]) for circle in shown] == [("Northshire", "")]


@pytest.mark.parametrize(("counts", "modelled"), [((100, 0, 7, 7, 7), False), ((100, 60), True)])
def test_a_whole_council_without_a_range_is_what_was_published(counts, modelled):
    areas = hand_build({2: (100, 0, 5, 5, 5), 4: counts}).areas
    (gap,) = own_summary.gaps_by_council(areas, profile="remote", basis=HERE).values()
    assert gap.modelled == modelled


def test_small_areas_come_before_the_council_that_stands_beside_them(read):
    assert read(f"LAD24CD,LSOA21CD,Loans\n{SOUTH},{FIRST},7\n{SOUTH},{code(3)},8\n").unit == "area"


def test_a_layer_of_areas_is_joined_by_its_codes(read, areas):
    table = gpd.GeoDataFrame(
        {"LSOA21CD": [FIRST, code(2)], "n": [3, None]}, geometry=list(areas.geometry[:2]), crs=27700
    )
    own = read(as_geopackage(table), name="mine.gpkg")
    assert own.table["n"].fillna(-1).tolist() == [3, -1]


def test_circles_are_as_large_as_the_figure_and_zero_is_seen(read, areas):
    own = read(f"LSOA21CD,n\n{FIRST},100\n{code(2)},-25\n{code(3)},0\n{code(4)},\n")
    shown = own_marks.of_figures(own, "n", areas=areas, basis=HERE, profile="remote")
    assert [(circle[5], circle[2], circle[6]) for circle in shown.circles] == [
        (FIRST, 20, own_marks.SEEN_THROUGH),
        (code(2), 10, own_marks.HOLLOW),
        (code(3), 1.5, own_marks.SEEN_THROUGH),
    ]
    assert "Below 0 they are hollow" in shown.title


def test_fifths_hold_every_place_once_and_equal_figures_stay_together():
    values = pd.Series([1.0, 1, 1, 1, 2, 3, 4, 5, 6, 7], index=[f"a{n}" for n in range(10)])
    gaps = {key: own_summary.Claim("places.remote", key, 1, 2, 3, 100, HERE) for key in values.index}
    groups = own_summary.fifths(values, gaps=gaps)
    assert [(group.low, group.high, group.places) for group in groups] == [(1, 1, 4), (2, 3, 2), (4, 5, 2), (6, 7, 2)]
    assert sum(group.gap.premises for group in groups) == 1000
    table = values.rename("Loans").to_frame()
    own = Figures("mine.csv", "area", "code", table, (), {}, 10, ())
    beside = own_summary.lowest_and_highest("Loans", groups, found=own)
    assert (beside.low, beside.best, beside.high, beside.of) == (4, 8, 12, 400)
    assert beside.details["counts"] == (4, 2)
    assert (beside.details["highest"].best, beside.details["highest"].of) == (4, 200)
    assert beside.details["overlap"]
    assert "(could be 4 to 12) have a gap for home working." in beside.say()
    apart = [own_summary.Fifth(0, 1, 5, gaps["a0"]), own_summary.Fifth(2, 3, 5, replace(gaps["a1"], low=4, high=9))]
    assert not own_summary.lowest_and_highest("Loans", apart, found=own).details["overlap"]
    assert own_summary.fifths(values[:9], gaps=gaps) == []


def test_codes_of_2011_in_a_study_of_2021_are_doubted(areas, tmp_path):
    redrawn = areas.rename(index={LAST: "E01034000"})
    text = "code,n\n" + "".join(f"{code(n)},1\n" for n in range(1, 6))
    own = read_own(text.encode(), name="a.csv", areas=redrawn, geography="lsoa21", folder=tmp_path)
    claim = own_summary.redrawn_bare(own, areas=redrawn, basis=HERE)
    assert (claim.key, claim.best, claim.of) == ("own_data.redrawn", 1, 6)


def test_the_examples_can_be_read_back(read, areas):
    assert len(read(own_summary.points_example(areas)).table) == 5
    own = read(own_summary.figures_example(areas, geography="lsoa21"))
    assert own.table["Example figure"].isna().sum() == 1


GPKG = as_geopackage(gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(WEST, SOUTHERN)], crs=27700))
LINE = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.LineString([(WEST, SOUTHERN), (WEST, SOUTHERN + 5)])], crs=27700)
AREA = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(WEST, SOUTHERN, WEST + 5, SOUTHERN + 5)], crs=27700)
PAIR = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.MultiPoint([(WEST, SOUTHERN), (WEST, SOUTHERN + 5)])], crs=27700)
FAULTS = {
    "nothing in it": (b"  \n", "mine.csv", "The file is empty"),
    "a heading alone": (b"Easting,Northing\n", "mine.csv", "has a heading but no rows"),
    "blank rows alone": (b"Easting,Northing\n,\n,\n", "mine.csv", "has a heading but no rows"),
    "another ending": (b"x", "mine.xlsx", "cannot read this kind of file"),
    "no ending": (b"x", "", "cannot read this kind of file"),
    "a workbook called csv": (b"PK\x03\x04rest", "mine.csv", "a workbook or a zip, not a CSV"),
    "bytes that are no text": (b"\x00\x01\x02\x00", "mine.csv", "The file is not text"),
    "a web page": (b"<!doctype html><p>no", "mine.csv", "This is a web page"),
    "semicolons": (b"Name;Easting;Northing\nA;1;2\n", "mine.csv", "not divided by commas"),
    "a comma without quotes": (b"Name,Postcode\nA,B,AA1 1AA\n", "mine.csv", "The table cannot be read"),
    "too large": (b"x" * (50 * MEGABYTE + 1), "mine.csv", "The file is too large"),
    "too many rows": (b"Postcode\n" + b"AA1 1AA\n" * 50_001, "mine.csv", "has too many rows"),
    "too many points": (b"Postcode\n" + b"AA1 1AA\n" * 5001, "mine.csv", "too many points to show"),
    "no place": (b"Name,Size\nA,3\n", "mine.csv", "No column says where each row is"),
    "half a pair": (b"Name,Easting\nA,400001\n", "mine.csv", "One half of the coordinates is missing"),
    "two of a column": (b"Easting,Northing,easting\n1,2,3\n", "mine.csv", "stands 2 times"),
    "words for numbers": (b"Easting,Northing\nfour,100001\n400001,100001\n", "mine.csv", "holds something else"),
    "infinity": (b"Easting,Northing\ninf,100001\n", "mine.csv", "holds something else"),
    "degrees for metres": (b"Easting,Northing\n-2.4,50.7\n", "mine.csv", "say metres, and the numbers are degrees"),
    "some in degrees": (b"x,y\n-2.4,50.7\n400001,100001\n", "mine.csv", "some numbers are degrees"),
    "metres for degrees": (b"lat,lon\n100001,400001\n", "mine.csv", "say degrees, and the numbers are metres"),
    "swapped degrees": (b"lat,lon\n-2.0,50.8\n", "mine.csv", "Latitude and longitude are swapped"),
    "swapped metres": (b"x,y\n100500,400500\n", "mine.csv", "The two coordinates are swapped"),
    "elsewhere": (b"x,y\n500500,400500\n", "mine.csv", "No row of the file lies in this study"),
    "elsewhere by postcode": (b"Postcode\nZZ1 1ZZ\n", "mine.csv", "No row of the file lies in this study"),
    "the other year by heading": (f"LSOA11CD,n\n{FIRST},1\n".encode(), "mine.csv", "The codes are those of 2011"),
    "other codes": (b"code,n\nE01099999,1\n", "mine.csv", "No code of the file is one of this study"),
    "one area twice": (f"code,n\n{FIRST},1\n{FIRST.lower()},2\n".encode(), "mine.csv", "1 area stands more than once"),
    "a cell that is no number": (
        f"code,n\n{FIRST},1\n{code(2)},£5\n{code(3)},4\n".encode(),
        "mine.csv",
        "something else",
    ),
    "no figures": (f"code,n\n{FIRST},high\n".encode(), "mine.csv", "No column holds numbers"),
    "one figure twice": (f"code,n,n\n{FIRST},1,2\n".encode(), "mine.csv", "stands 2 times"),
    "a GeoPackage cut short": (GPKG[: len(GPKG) // 2], "mine.gpkg", "cut short"),
    "GeoJSON cut short": (b'{"type": "FeatureCollection", "feat', "mine.geojson", "cannot be read"),
    "a table called gpkg": (b"x,y\n1,2\n", "mine.gpkg", "cannot be read"),
    "lines": (as_geopackage(LINE), "mine.gpkg", "neither points nor areas"),
    "areas without codes": (as_geojson(AREA), "mine.geojson", "No column says where each row is"),
    "several points in one": (as_geopackage(PAIR), "mine.gpkg", "made of several points"),
    "degrees that say metres": (
        json.dumps(
            {
                "type": "FeatureCollection",
                "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-2.4, 50.7]}}
                ],
            }
        ).encode(),
        "mine.geojson",
        "not in the units",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_once_with_the_file_and_what_to_do(read, fault):
    content, name, said = FAULTS[fault]
    with pytest.raises(LayerError) as caught:
        read(content, name=name)
    assert said in str(caught.value)
    assert caught.value.parts["file"] == (name or "your file")
    assert caught.value.parts["next"]
    assert "study file" not in str(caught.value)


def test_the_faulty_lines_are_named(read):
    for fault, lines in (
        ("words for numbers", "line 2"),
        ("a cell that is no number", "line 3"),
        ("one area twice", "line 2, 3"),
        ("some in degrees", "line 2 (1 of 2 rows)"),
    ):
        content, name, _ = FAULTS[fault]
        with pytest.raises(LayerError) as caught:
            read(content, name=name)
        assert caught.value.parts["rows"].startswith(lines), fault


def test_codes_that_only_2021_has_are_refused_in_a_study_of_2011(read):
    with pytest.raises(LayerError, match="The codes are those of 2021") as caught:
        read(f"code,n\n{FIRST},1\nE01033769,2\nW01001959,3\n", geography="lsoa11")
    assert caught.value.parts["rows"].startswith("line 3, 4")
    assert read(f"code,n\n{FIRST},1\nE01033768,2\n", geography="lsoa11").unit == "area"


def test_a_build_without_postcodes_says_so(read, tmp_path):
    with pytest.raises(LayerError, match="holds no postcodes"):
        read("Postcode\nAA1 1AA\n", folder=tmp_path / "bare")


def test_several_layers_are_told_without_a_word_of_study_files(read, tmp_path):
    path = tmp_path / "two.gpkg"
    table = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(WEST, SOUTHERN)], crs=27700)
    for layer in ("one", "two"):
        table.to_file(path, layer=layer, driver="GPKG")
    with pytest.raises(LayerError, match="Which layer of the file is meant") as caught:
        read(path.read_bytes(), name="two.gpkg")
    assert caught.value.parts["next"] == "save what you mean as a file of its own: a CSV in UTF-8, or one layer"


def test_limits_are_records_with_their_reason():
    for limit in (LARGEST, MOST_ROWS, MOST_POINTS):
        assert limit.source
        assert limit.unit


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "a\u202eb", "\x07bell", "<img src=x onerror=alert(1)>"])
def test_hostile_names_are_kept_as_harmless_text(read, name):
    own = read(f'Name,x,y\n"{name}",{WEST + 1},{SOUTHERN + 1}\n')
    (shown,) = own.table["name"]
    assert shown.isprintable()
    assert read(f"x,y\n{WEST + 1},{SOUTHERN + 1}\n", name=f"{name}.csv").file.isprintable()


def test_the_map_opens_on_the_circles_of_the_areas_on_show_with_room_for_their_names(areas):
    rows = [("a", FIRST, 52.0, -1.0), ("b", code(2), 53.0, -2.0), ("c", code(3), 60.0, 0.0)]
    circles = [(lat, lon, 6, name, "", area, 1.0) for name, area, lat, lon in rows]
    made = own_marks.OwnMarks("k", "t", circles, ())
    assert made.corners([FIRST, code(2)]) == [[51.88, -2.12], [53.12, -0.88]]  # 12 % free on each side
    assert made.corners([LAST]) is None
    (south, west), (north, east) = made.corners([FIRST])
    assert (south, north) == pytest.approx((51.97, 52.03))  # one point: a town and its land, not one house
    assert east - west == pytest.approx(0.06 / math.cos(math.radians(52)), abs=1e-4)
    council = own_marks.OwnMarks("k", "t", [(52.0, -1.0, 6, "a", "", "", 1.0)], ())
    assert council.corners([LAST]) is not None


def test_names_are_printed_while_a_map_has_room_for_them():
    one = (52.0, -1.0, 6, "a", "", FIRST, 1.0)
    few, many = (own_marks.OwnMarks("k", "t", [one] * count, ()).sent[2] for count in (200, 201))
    assert (few, many) == (True, False)
