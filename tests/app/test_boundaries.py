"""Two kinds of boundary compared: where a place's figure went, what a study lacks, links that cannot be followed."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from shires import HOSTILE, Reader, council_figure_only, squares, write, write_again

from connectivity.places.reportable import coded
from connectivity.places.reports import report_by, write_reports
from layers.families import family_of
from layers.reporting import Shares, shares_of


def reports(folder, *, names):
    """Write the reports by councils and by wards; Yew has half of the last square, the rest is in no ward."""
    areas = squares()
    wards = pd.DataFrame({"code": np.repeat(["W1", "W2", "W3"], 4), "name": np.repeat(["Ash", HOSTILE, "Yew"], 4)})
    called = {
        "ward": wards.set_index(areas.index),
        "district": areas[["district_code", "district_name"]].set_axis(["code", "name"], axis=1),
    }
    made = []
    for name in names:
        boundary = coded(called[name], name)
        shares = shares_of(boundary, areas=areas, located=None)
        if name == "ward":
            inside = shares.inside.assign(share=np.where(shares.inside["area_code"] == "E01000012", 0.5, 1.0))
            outside = pd.DataFrame({"area_code": ["E01000012"], "reason": "in no ward", "share": 0.5})
            shares = Shares(inside, outside, "postcodes")
        family = family_of(name)
        made.append((report_by(boundary.places, shares=shares, areas=areas, family=family, beyond={}), shares))
    write_reports(made, folder=folder)


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """Open the two shires by councils and by three wards."""

    def make(*names, draws=None, **changes):
        chosen = names or ("ward", "district")
        folder = write(tmp_path / "reported", **changes)
        write_again(folder, lambda place: reports(place, names=chosen), chosen)
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


def test_a_build_without_any_report_does_not_break(reader):
    opened(reader)
    assert "fewer than two kinds of boundary" in reader.html


def test_a_hostile_name_stays_a_name(reported):
    reader = opened(reported(), by="ward", at="W2")
    assert "<script>alert" not in reader.html
    assert "&lt;script&gt;alert(1)" in reader.html


def test_the_citation_can_be_copied_and_corners_are_told(reported):
    reader = reported()
    council_figure_only(reader.folder)
    opened(reader, by="ward", at="W3")
    (quote,) = [t for o in reader.at.get("bidi_component") if (t := json.loads(o.proto.json).get("text"))]
    # Squares 9 and 10, 11 and half of 12: 120 + 160 + 210 + 150 of 2,100.
    assert quote.startswith("“About 640 of 2,100 premises in Yew ward, in the study “Two shires”, cannot support")
    assert "Of these, about 360 (could be 216 to 504) are in Eastshire and about 280" in quote
    assert (
        "2 small areas with a figure of their own lie mostly inside Yew ward. They run from 20 to 27 in every 100."
        in reader.html
    )


def test_lines_of_2013_are_lines(reported):
    then = {"unit": "lines", "basis": "measured sync speeds", "release": "June 2013", "coverage_modelled": False}
    reader = opened(reported(**then), by="ward", at="W3")
    assert "2,100 lines = 2,100 in 2 councils." in reader.html
    assert "did not achieve" in reader.html
    assert "Fell short" in reader.html
