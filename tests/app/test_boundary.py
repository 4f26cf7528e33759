"""The page that reports by any boundary: what it says, that it adds up, and that no file can break it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shires import HOSTILE, squares, write, write_again

from connectivity.method.records import HOME_WORKER
from connectivity.places.reportable import coded
from connectivity.places.reports import report_by, write_reports
from connectivity.views.shape import clicked_at
from layers.reporting import shares_of

TABLE = "notspot_areas"
WEST, SOUTH = 400_000, 100_000
GRID = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}


def points():
    """Four postcodes in each square, one in each quarter; 150 premises at each."""
    areas = squares()
    spots = [(code, x, y) for code in areas.index for x in (250, 750) for y in (250, 750)]
    corner = areas.geometry.bounds
    return pd.DataFrame(
        {
            "postcode": [f"AA{number // 10}{number % 10}AA" for number in range(len(spots))],
            "area_code": [code for code, _, _ in spots],
            "easting": [corner.loc[code, "minx"] + x for code, x, _ in spots],
            "northing": [corner.loc[code, "miny"] + y for code, _, y in spots],
            "premises": 150.0,
            "live": True,
            "ended": pd.Series(None, index=range(len(spots)), dtype="str"),
        }
    )


def reports(folder):
    """Write the postcodes of the two shires, and reports by wards and by councils."""
    areas = squares()
    points().to_parquet(folder / "postcodes.parquet", index=False)
    wards = pd.DataFrame({"code": np.repeat(["W1", "W2", "W3"], 4), "name": np.repeat(["Ash", HOSTILE, "Yew"], 4)})
    made = []
    for name, family in (
        (wards.set_index(areas.index), "ward"),
        (areas[["district_code", "district_name"]].set_axis(["code", "name"], axis=1), "district"),
    ):
        boundary = coded(name, family)
        shares = shares_of(boundary, areas=areas, located=None)
        made.append((report_by(boundary.places, shares=shares, areas=areas, family=boundary.family, beyond={}), shares))
    write_reports(made, folder=folder)


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Open the two shires, with their postcodes and two reports; one place has a hostile name."""
    from shires import Reader

    folder = write_again(write(tmp_path / "reported"), reports)
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    return Reader(folder)


def opened(reader, **query):
    reader.open("boundary", **query)
    assert not reader.at.exception
    return reader


def test_the_page_opens_on_wards_with_the_whole_and_a_table(reader):
    opened(reader)
    assert reader.at.title[0].value == "What does my ward or parish look like?"
    assert "7,200 premises = 7,200 in 3 wards." in reader.html
    assert "About 1,000 of 6,600 homes and businesses" in reader.html
    rows = reader.data(TABLE)["rows"]
    assert [row[0] for row in rows] == ["W2", "W1", "W3"]
    assert rows[1][6:8] == ["26| of 2,400", "16 to 36"]
    assert "This study has no parishes." in reader.html


def test_another_boundary_has_the_same_total(reader):
    opened(reader, by="district")
    assert "7,200 premises = 7,200 in 2 councils." in reader.html
    assert len(reader.data(TABLE)["rows"]) == 2


def test_a_place_gets_a_sentence_its_range_and_what_is_left_out(reader):
    opened(reader)
    reader.at.selectbox(key="place in report ward").select("W2").run()
    assert "could be" not in reader.at.title[0].value
    assert "600 more premises there are in small areas without enough data." in reader.html
    assert "About 255" not in reader.html  # 45 + 60 + 90 of the three that are scored
    assert "About 195 of 1,800 homes and businesses" in reader.html


def test_the_chosen_place_stays_in_the_address(reader):
    opened(reader)
    reader.at.selectbox(key="place in report ward").select("W2").run()
    assert reader.at.query_params["at"] == "W2"
    other = opened(reader, by="ward", at="W2")
    assert "About 195 of 1,800 homes and businesses" in other.html


def test_a_link_to_a_place_of_the_first_kind_needs_no_kind(reader):
    opened(reader)
    reader.at.selectbox(key="place in report ward").select("W2").run()
    assert "by" not in reader.at.query_params
    other = opened(reader, at="W2")  # as the address stands once a place is chosen on the page as it opens
    assert "About 195 of 1,800 homes and businesses" in other.html
    assert "We ignored part of your link" not in other.html


def test_a_place_of_the_link_that_is_not_known_is_named(reader):
    opened(reader, by="ward", at="<i>W9</i>")
    assert "“&lt;i&gt;W9&lt;/i&gt;”" in reader.html
    assert "at" not in reader.at.query_params


def test_a_search_for_a_ward_leads_to_its_figures(reader):
    reader.open("where", find="yew")
    assert reader.query == {"part": "ward:W3"}
    assert "in Yew ward" in reader.html


def test_a_hostile_name_is_shown_and_does_nothing(reader):
    opened(reader)
    reader.at.selectbox(key="place in report ward").select("W2").run()
    assert "<script>alert" not in reader.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in reader.html
    assert reader.data(TABLE)["rows"][0][1] == HOSTILE  # enters by textContent


def test_a_bad_link_is_named(reader):
    opened(reader, by="<b>parish</b>")
    assert "“&lt;b&gt;parish&lt;/b&gt;”" in reader.html
    assert "7,200 in 3 wards" in reader.html


def test_the_activity_changes_the_counts(reader):
    opened(reader)
    reader.at.button_group(key="activity of the report").set_value("digital").run()
    assert "cannot use essential online services" in reader.html
    assert reader.query["measure"] == "digital"


def lines(*corners):
    return "\n".join(f"{WEST + x}, {SOUTH + y}" for x, y in corners)


def typing(reader, text):
    opened(reader, by="own")
    reader.at.button_group(key="way to give a shape").set_value("type").run()
    reader.at.text_area(key="corners typed").input(text).run()
    assert not reader.at.exception
    return reader.html


def test_typed_corners_report_what_stands_inside(reader):
    said = typing(
        reader, f"{WEST}, {SOUTH}\n{WEST + 1000}, {SOUTH}\n{WEST + 1000}, {SOUTH + 500}\n{WEST}, {SOUTH + 500}"
    )
    assert "7,200 premises = 300 inside + 6,900 outside." in said
    assert "None of 300 homes and businesses</em> in the shape you gave" in said
    assert "300 of its 300 premises are in small areas that its border cuts." in said
    assert "modelled" in said


def test_a_shape_around_everything_is_the_study_and_one_in_the_sea_is_nothing(reader):
    assert "7,200 premises = 7,200 inside." in typing(reader, lines((-9, -9), (9000, -9), (9000, 9000), (-9, 9000)))
    sea = lines((0, -900), (900, -900), (900, -100))
    said = typing(reader, sea)
    assert "No premises of this study stand in the shape you gave." in said
    assert "7,200 premises = 0 inside + 7,200 outside." in said
    assert "100% of the ground in your shape lies outside this study" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{WEST}, {SOUTH}\n{WEST + 900}, {SOUTH}", "at least three corners"),
        (f"{WEST}, {SOUTH}\n{WEST + 9}, {SOUTH + 9}\n{WEST + 9}, {SOUTH}\n{WEST}, {SOUTH + 9}", "cross each other"),
        (f"{WEST}, {SOUTH}\n{WEST + 9}, {SOUTH}\n{WEST + 18}, {SOUTH}", "holds no ground"),
        ("50.7, -2.4\n50.8, -2.4\n370000, 90000", "Some corners are in metres and some in degrees"),
        ("-2.4, 50.7\n-2.4, 50.8\n-2.3, 50.7", "latitude and longitude are swapped"),
        ("here\n50.8, -2.4\n50.7, -2.3", "A line does not hold two numbers"),
        ("1e400, 2\n1, 2\n3, 4", "A line does not hold two numbers"),
        ("9000000, 90000\n9000100, 90000\n9000100, 90100", "not in Great Britain"),
    ],
)
def test_corners_that_make_no_shape_are_explained(reader, text, words):
    assert words in typing(reader, text)


def test_degrees_and_metres_give_the_same_shape():
    from connectivity.places import drawn_shapes

    there = gpd.GeoSeries([shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)], crs=27700)
    degrees = there.to_crs(4326).iloc[0].exterior.coords[:-1]
    typed = drawn_shapes.typed("\n".join(f"{y:.7f}; {x:.7f}" for x, y in degrees))
    assert typed.symmetric_difference(there.iloc[0]).area < 10


def uploading(reader, content, *, name="mine.geojson"):
    opened(reader, by="own")
    reader.at.button_group(key="way to give a shape").set_value("file").run()
    reader.at.file_uploader(key="file of shapes").upload(name, content, "application/json").run()
    assert not reader.at.exception
    return reader.html


def outline(*shapes, crs=GRID, **columns):
    document = json.loads(gpd.GeoDataFrame(columns, geometry=list(shapes), crs=27700).to_json(to_wgs84=False))
    return json.dumps(document | {"crs": crs}).encode()


def test_an_uploaded_file_reports_each_of_its_shapes_and_the_overlap(reader):
    left = shapely.box(WEST, SOUTH, WEST + 2000, SOUTH + 3000)
    more = shapely.box(WEST + 1000, SOUTH, WEST + 4000, SOUTH + 3000)
    said = uploading(reader, outline(left, more, name=["Left", HOSTILE]))
    assert "7,200 premises = 9,000 inside − 1,800 counted in more than one" in said.replace(" + 0 outside", "")
    assert {row[1] for row in reader.data(TABLE)["rows"]} == {"Left", HOSTILE}
    assert "<script>alert" not in said


def test_an_upload_that_crosses_itself_is_repaired_and_said(reader):
    bow = shapely.Polygon([(WEST, SOUTH), (WEST + 2000, SOUTH + 2000), (WEST + 2000, SOUTH), (WEST, SOUTH + 2000)])
    assert "1 outline crossed itself and was mended" in uploading(reader, outline(bow))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read"),
        (b"<html>not found</html>", "cannot be read"),
        (outline(shapely.box(-2.4, 50.7, -2.3, 50.8)), "not in the units"),
        (outline(shapely.box(WEST + 90_000, SOUTH, WEST + 91_000, SOUTH + 9)), "lies outside the study"),
        (outline(shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9), name=["=HYPERLINK(1)"]), "spreadsheet formula"),
        (outline(shapely.Point(WEST, SOUTH)), "1 shape is not an area"),
    ],
)
def test_an_upload_that_cannot_be_used_is_explained(reader, content, words):
    assert words in uploading(reader, content)


def test_nothing_uploaded_is_left_on_disk(reader, tmp_path):
    before = set(tmp_path.rglob("*"))
    uploading(reader, outline(shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)))
    assert set(tmp_path.rglob("*")) == before


# --- Drawing --------------------------------------------------------------------------------------------------------


def test_corners_that_were_clicked_become_a_shape_once_finished(reader):
    corners = [(50.80, -2.0), (50.80, -1.98), (50.82, -1.98), (50.82, -2.0)]
    opened(reader, by="own")
    assert "Click the corners" in reader.html
    reader.at.session_state["corners drawn"] = corners
    reader.at.run()
    assert "4 corners so far" in reader.html
    next(button for button in reader.at.button if button.label == "Finish").click().run()
    assert not reader.at.exception
    assert "inside + " in reader.html
    next(button for button in reader.at.button if button.label == "Undo").click().run()
    assert "3 corners so far" in reader.html
    next(button for button in reader.at.button if button.label == "Clear").click().run()
    assert "0 corners so far" in reader.html


@pytest.mark.parametrize("event", [None, {}, [], ["1", 2], [1], [1, 2, 3], "xy", {"lat": 1, "lng": 2}])
def test_what_is_no_click_is_passed_over(event):
    assert clicked_at(event) is None


def test_a_build_without_reports_or_postcodes_says_so(tmp_path, monkeypatch):
    from shires import Reader

    monkeypatch.setenv("NOTSPOT_BUILD", str(write(tmp_path / "bare")))
    said = typing(Reader(tmp_path / "bare"), f"{WEST}, {SOUTH}\n{WEST + 9}, {SOUTH}\n{WEST + 9}, {SOUTH + 9}")
    assert "does not say where premises stand" in said
    assert "holds no reports by boundary" in said


def test_the_whole_is_called_by_the_place_in_view(reader):
    opened(reader)
    assert f"in Two shires cannot support {HOME_WORKER.label}" in reader.html  # not “All”, not a ward


def test_each_worst_small_area_of_a_place_leads_to_its_reasons(reader):
    page = opened(reader, by="ward", at="W1").html
    said = page[page.index("with the highest scores here") :].partition("Only small areas have a score")[0]
    assert re.findall(r'href="([^"]*)"', said) == [f"/why?place=E010000{number}" for number in ("04", "03", "02")]
    assert "<script>alert" not in said  # E01000002 has a hostile name
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said


def test_a_place_leads_to_the_map_of_it(reader):
    page = opened(reader, by="ward", at="W1").html
    assert '<a href="/?part=ward%3AW1" target="_self">See Ash ward on the map</a>' in page
    council = opened(reader, by="district", at="E06000001").html
    assert '<a href="/?district=E06000001" target="_self">See Westshire on the map</a>' in council


def test_a_shape_of_one_s_own_is_on_no_map(reader):
    said = typing(reader, lines((0, 0), (2000, 0), (2000, 2000), (0, 2000)))
    assert "in the shape you gave" in said
    assert "with the highest scores here" in said
    assert "on the map</a>" not in said


def test_a_ward_s_row_names_its_council_and_a_best_fit_is_said_once(tmp_path, monkeypatch):
    from shires import Reader

    folder, areas = write(tmp_path / "fitted"), squares()
    west = areas["district_name"].eq("Westshire")
    wards = pd.DataFrame({"code": np.where(west, "W1", "W2"), "name": np.where(west, "Ash", "Eastshire")}).set_index(
        areas.index
    )
    wards.iloc[0] = ["W3", "Border"]
    wards.iloc[2] = ["W3", "Border"]  # in the other shire
    boundary = coded(wards, "ward")
    shares = replace(shares_of(boundary, areas=areas, located=None), method="best fit")
    made = report_by(boundary.places, shares=shares, areas=areas, family=boundary.family, beyond={})
    write_reports([(made, shares)], folder=folder)
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    shown = opened(Reader(folder), by="ward").data(TABLE)
    assert shown["columns"][0] == "Place (best fit, modelled)"
    assert {row[1]: row[2] for row in shown["rows"]} == {"Ash": "Westshire", "Border": "", "Eastshire": ""}
