"""Two kinds of boundary compared: where a place's figure went, what a study lacks, links that cannot be followed."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from shires import HOSTILE, Reader, squares, write

<<<<<<< HEAD
from connectivity.method.profiles import HOME_WORKER
=======
>>>>>>> main
from connectivity.places.reportable import coded
from connectivity.places.reports import report_by, write_reports
from layers.families import family_of
from layers.reporting import Shares, shares_of


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """Open the two shires by councils and by three wards; Yew has half of the last square, the rest is in no ward."""

    def make(*names, draws=None, **changes):
        folder = write(tmp_path / "reported", **changes)
        areas = squares()
        wards = pd.DataFrame({"code": np.repeat(["W1", "W2", "W3"], 4), "name": np.repeat(["Ash", HOSTILE, "Yew"], 4)})
        called = {
            "ward": wards.set_index(areas.index),
            "district": areas[["district_code", "district_name"]].set_axis(["code", "name"], axis=1),
        }
        made = []
        for name in names or ("ward", "district"):
            boundary = coded(called[name], name)
            shares = shares_of(boundary, areas=areas, located=None)
            if name == "ward":
                inside = shares.inside.assign(share=np.where(shares.inside["area_code"] == "E01000012", 0.5, 1.0))
                outside = pd.DataFrame({"area_code": ["E01000012"], "reason": "in no ward", "share": 0.5})
                shares = Shares(inside, outside, "postcodes")
            family = family_of(name)
            made.append((report_by(boundary.places, shares=shares, areas=areas, family=family, beyond={}), shares))
        write_reports(made, folder=folder)
        if draws:
            (folder / "robustness.json").write_text(json.dumps(draws), encoding="utf-8")
        monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
        return Reader(folder)

    return make


def opened(reader, **query):
    reader.open("boundaries", **query)
    assert not reader.at.exception
    return reader


def test_a_fresh_visit_follows_the_place_with_the_most_from_wards_to_councils(reported):
    reader = opened(reported())
    assert reader.at.title[0].value == "Compare two kinds of boundary"
    assert reader.at.selectbox(key="first kind of boundary").value == "ward"
    assert reader.at.selectbox(key="second kind of boundary").value == "district"
    assert "7,200 premises = 6,900 in 3 wards + 300 in no ward." in reader.html
    assert "7,200 premises = 7,200 in 2 councils." in reader.html


def test_a_link_restores_kinds_and_place_and_the_parts_make_the_place(reported):
    reader = opened(reported(), by="district", against="ward", at="E06000002", measure="digital")
    assert reader.query == {"by": "district", "against": "ward", "at": "E06000002", "measure": "digital"}
    assert reader.at.selectbox(key="place to follow").value == "E06000002"
    # Eastshire holds the squares 3, 4, 7, 8, 11 and 12: 1,200 premises in each ward, but half of 12 is in none.
    assert "3,600 premises = 3,300 in 3 wards + 300 in no ward." in reader.html
    table = reader.html.split("<caption>Where its premises are, by ward")[1].split("</table>")[0]
    assert '<th scope="row">Yew</th><td class="r">900</td>' in table
    # Square 11 has 210 × 0.4 = 84 and half of square 12, 300 × 0.4 / 2 = 60.
    assert '<b>144</b> <span class="ns-small">(86 to 202)</span>' in table
    assert "shared out (modelled)" in table
    assert "whole small areas" in table
    assert "cannot use essential online services" in reader.html


def test_choosing_another_kind_or_place_changes_the_link(reported):
    reader = opened(reported(), by="ward", at="W1")
    reader.at.selectbox(key="place to follow").select("W3").run()
    assert reader.query == {"by": "ward", "at": "W3"}
    reader.at.selectbox(key="first kind of boundary").select("district").run()
    assert not reader.at.exception
    assert reader.query == {"by": "district"}
    assert reader.at.selectbox(key="second kind of boundary").value == "ward"
    reader.at.selectbox(key="second kind of boundary").select("district").run()
    assert reader.query == {"by": "district", "against": "district"}
    assert "Both are the same kind of place" in reader.html


@pytest.mark.parametrize("side", ["by", "against"])
def test_a_kind_the_study_lacks_is_offered_with_what_adds_it(reported, side):
    reader = opened(reported())
    assert "Constituencies (not in this study)" in reader.at.selectbox(key="second kind of boundary").options
    reader = opened(reported(), **{side: "constituency"})
    assert "This study has no constituencies" in reader.html
    assert "name = &#34;constituency&#34;" in reader.html
    assert "connectivity build STUDY.toml --out reported" in reader.html
    assert "ignored part" not in reader.html
    assert reader.query == {side: "constituency"}


def test_bad_values_in_a_link_are_ignored_and_named(reported):
    reader = opened(reported(), by="<i>", against="nonsense", at="W9")
    assert "the boundary “&lt;i&gt;”" in reader.html
    assert "the other kind of boundary “nonsense”" in reader.html
    assert "the place “W9”" in reader.html
    assert reader.query == {}


@pytest.mark.parametrize("names", [("ward",), ("district",)])
def test_a_build_of_one_boundary_says_so_and_what_could_be_added(reported, names):
    reader = opened(reported(*names))
    assert "fewer than two kinds of boundary" in reader.html
    assert "(not in this study)" in " ".join(reader.at.selectbox(key="second kind of boundary").options)


<<<<<<< HEAD
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
=======
def test_a_build_without_any_report_does_not_break(reader):
>>>>>>> main
    opened(reader)
    assert "fewer than two kinds of boundary" in reader.html


def test_a_hostile_name_stays_a_name(reported):
    reader = opened(reported(), by="ward", at="W2")
    assert "<script>alert" not in reader.html
    assert "&lt;script&gt;alert(1)" in reader.html


def test_the_citation_can_be_copied_and_corners_are_told(reported):
    reader = opened(reported(), by="ward", at="W3")
    (quote,) = [t for o in reader.at.get("bidi_component") if (t := json.loads(o.proto.json).get("text"))]
    # Squares 9 and 10, 11 and half of 12: 120 + 160 + 210 + 150 of 2,100.
    assert quote.startswith("“About 640 of 2,100 premises in Yew ward, in the study “Two shires”, cannot support")
    assert "Of these, about 360 (could be 216 to 504) are in Eastshire and about 280" in quote
    assert (
        "We can tell 2 small areas apart that lie mostly inside Yew ward. They run from 20 to 27 in every 100."
        in reader.html
    )


def test_lines_of_2013_are_lines(reported):
    then = {"unit": "lines", "basis": "measured sync speeds", "release": "June 2013", "coverage_modelled": False}
    reader = opened(reported(**then), by="ward", at="W3")
    assert "2,100 lines = 2,100 in 2 councils." in reader.html
    assert "did not achieve" in reader.html
    assert "Lines with a gap" in reader.html
