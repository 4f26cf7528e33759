"""The page of hidden need: what it opens with, what a link restores, and that no name or build can break it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shires import HOSTILE, NOT_ENOUGH, Reader, manifest, squares

from connectivity.outputs import write_outputs
from connectivity.places.reportable import coded
from connectivity.places.reports import report_by, write_reports
from layers.reporting import shares_of

WEST, EAST = "E06000001", "E06000002"
NEEDS = [
    {"column": f"value_{key}", "key": key, "label": label, "unit": "%", "dimension": "need", "good": [0], "bad": [100],
     "source": "Census 2021", "proxy": False}
    for key, label in (("deprived_households", "Households deprived"), ("disabled_residents", "Disabled residents"))
]  # fmt: skip


def shires() -> gpd.GeoDataFrame:
    """Four times the two shires: 24 areas each. The west is well off and hides three bad, poor areas."""
    areas = gpd.GeoDataFrame(pd.concat([squares()] * 4), crs=27700)
    areas.index = pd.Index([f"E010001{number:02d}" for number in range(len(areas))], name="area_code")
    west = areas["district_code"].eq(WEST)
    bad = west & (west.cumsum() <= 3)
    areas["area_name"] = [f"Place {number}" for number in range(len(areas))]
    areas.loc[bad.idxmax(), "area_name"] = HOSTILE
    areas["severity_rank"] = np.arange(1.0, len(areas) + 1)
    areas["status"], areas["separable"], areas["premises"], areas["premises_unknown"] = "scored", True, 100.0, 0.0
    for key in ("remote", "digital"):
        for end, worse, better in (("_low", 30.0, 1.0), ("", 40.0, 2.0), ("_high", 60.0, 4.0)):
            count = np.where(bad, worse, np.where(west, better, 2 * better))
            areas[f"{key}_infeasible{end}"] = count if key == "remote" else count / 2
    areas["value_deprived_households"] = np.where(bad, 30.0, np.where(west, 5.0, 25.0))
    areas["value_disabled_residents"] = np.where(west, 20.0, 10.0)
    return areas


def made(folder: Path, areas: gpd.GeoDataFrame, **changes: Any) -> Reader:
    folder.mkdir(parents=True, exist_ok=True)
    listed = [one.model_dump(mode="json") for one in manifest(areas).indicators]
    write_outputs(folder, areas=areas, manifest=manifest(areas, **({"indicators": [*listed, *NEEDS]} | changes)))
    return Reader(folder)


@pytest.fixture
def reader(tmp_path, monkeypatch):
    folder = tmp_path / "build"
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    return made(folder, shires())


def opened(reader, **query):
    reader.open("hidden", **query)
    assert not reader.at.exception
    assert "could not show this part" not in reader.html
    return reader


def test_it_opens_with_the_well_off_council_that_hides_most(reader):
    opened(reader)
    assert reader.at.title[0].value == "Hidden need"
    # 3 × 40 + 21 × 2 of 2,400; both: 21 × min(4, 5) + 3 × min(60, 30).
    assert "Westshire looks well off on average. Yet <em" in reader.html
    assert "about 162 of 2,400 homes and businesses" in reader.html
    assert (
        "It could be that 0 to 174 premises there have this gap and are homes deprived in two or more ways by "
        "our estimates of the gap." in reader.html
    )
    assert "About 120 of these premises (could be 90 to 180) are in the 3 small areas that look worst." in reader.html
    assert reader.html.count("<h2>Use this figure</h2>") == 1
    assert reader.data("notspot_copy")


def test_the_drawing_is_a_table_with_the_same_numbers(reader):
    opened(reader)
    assert '<th scope="row">Worst tenth<small>3 small areas</small></th>' in reader.html
    assert "<b>120</b> of 300" in reader.html
    assert '<span class="tenth" style="width:' in reader.html
    assert "<svg" not in reader.html


def test_counts_stand_before_shares_and_the_limits_are_explained(reader):
    opened(reader)
    heads = [re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table) for table in reader.html.split("<table")[1:]]
    for head in heads:
        named = [re.sub(r"<.*", "", one) for one in head if "Fall short, in every" not in one]
        assert named.index("Fall short") < named.index("In every 100")
    assert heads[-1][-3:] == ["Both, fewest to most", "Deprived homes, in every 100", "Looks well off?"]
    said = "No file says which premises have both. Both ends are estimates, and nothing is known between them."
    assert said in reader.html
    assert "<dt>Deprived homes, in every 100</dt><dd>8.1</dd>" in reader.html


def test_a_council_close_to_the_study_looks_about_average(tmp_path, monkeypatch):
    areas = shires()
    areas["value_deprived_households"] = np.where(areas["district_code"].eq(WEST), 22.0, 23.0)
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    reader = opened(made(tmp_path / "build", areas), district=WEST)
    assert 'Westshire looks about as well off as the whole study. <em class="ns-num">About 162' in reader.html
    assert "Here 22 in every 100 households are deprived" in reader.html
    assert reader.html.count(">about average</td>") == 2


def test_the_small_areas_of_the_tail_lead_to_their_reasons_and_a_name_is_harmless(reader):
    opened(reader)
    assert "<script>" not in reader.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in reader.html
    assert 'href="/why?place=E01000100' in reader.html
    assert ">0 to 30</td>" in reader.html


def test_a_link_restores_council_need_and_activity(reader):
    opened(reader, district=EAST, need="disabled", measure="digital")
    assert "Eastshire looks well off on average." in reader.html  # 10% disabled, against 15% across the study
    assert "homes of disabled people by our estimates of the gap." in reader.html
    assert "cannot use essential online services" in reader.html
    assert reader.query == {"district": EAST, "need": "disabled", "measure": "digital"}
    assert "We ignored part of your link" not in reader.html


def test_a_place_in_the_link_opens_its_council(reader):
    opened(reader, place="E01000103")
    assert "Eastshire does not look well off on average." in reader.html


def test_choosing_changes_the_page_and_its_address(reader):
    opened(reader)
    boxes = {box.label: box for box in reader.at.selectbox}
    boxes["Need"].set_value("disabled").run()
    assert reader.query == {"district": WEST, "need": "disabled"}  # the same council, though another hides more
    assert "Westshire does not look well off on average." in reader.html
    boxes = {box.label: box for box in reader.at.selectbox}
    boxes["Council"].set_value(EAST).run()
    assert reader.query == {"district": EAST, "need": "disabled"}
    assert "Eastshire looks well off on average." in reader.html
    assert not reader.at.exception


def test_what_a_link_asks_for_and_is_not_there_is_said(reader):
    opened(reader, by="parish<b>", need="wealth", at="x")
    assert "The link asked for the boundary “parish&lt;b&gt;”." in reader.html
    assert "The link asked for the need “wealth”." in reader.html
    assert "by" not in reader.query
    assert "need" not in reader.query
    assert "Westshire looks well off" in reader.html


def test_an_area_without_a_figure_is_listed_and_left_out(tmp_path, monkeypatch):
    areas = shires()
    poor = areas.index[4]  # one of the three bad ones
    figures = [column for column in areas if "infeasible" in column]
    areas.loc[poor, "status"], areas.loc[poor, figures] = NOT_ENOUGH, np.nan
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    reader = opened(made(tmp_path / "build", areas))
    assert "about 122 of 2,300 homes and businesses" in reader.html
    assert "100 more premises in 1 small area without enough data are left out." in reader.html
    assert ">Not enough data</td>" in reader.html


def test_a_council_without_any_figure_has_words_and_no_zero(tmp_path, monkeypatch):
    areas = shires()
    west, figures = areas["district_code"].eq(WEST), [column for column in areas if "infeasible" in column]
    areas.loc[west, "status"], areas.loc[west, figures] = NOT_ENOUGH, np.nan
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    reader = opened(made(tmp_path / "build", areas), district=WEST)
    assert "We do not have enough data for Westshire: 2,400 premises, none in a small area with a score." in reader.html
    assert 'aria-current="true"><th scope="row">Westshire</th><td colspan="6">Not enough data</td>' in reader.html
    assert "of 0" not in reader.html


def test_a_study_without_need_shows_the_tail_and_says_what_it_cannot_say(tmp_path, monkeypatch):
    areas = shires().assign(score_need=np.nan)
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    reader = opened(made(tmp_path / "build", areas, indicators=[], dimensions_absent=["need"]))
    assert "This study has no figure on need." in reader.html
    assert "It could be that" not in reader.html
    assert "looks well off" not in reader.html
    assert "in the 3 small areas that look worst" in reader.html
    assert "Need" not in {box.label for box in reader.at.selectbox}


def test_a_council_that_cannot_be_told_apart_says_so(tmp_path, monkeypatch):
    areas = shires()
    areas["separable"] = False
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    reader = opened(made(tmp_path / "build", areas), district=WEST)
    assert "For Westshire we know only the council’s figure" in reader.html
    assert "Worst tenth" not in reader.html
    assert "The small areas behind it" not in [header.value for header in reader.at.header]


def test_lines_of_2013_are_lines_and_fell_short(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    changes = {
        "unit": "lines",
        "basis": "measured sync speeds",
        "release": "June–July 2013",
        "coverage_modelled": False,
    }
    reader = opened(made(tmp_path / "build", shires(), **changes))
    assert "about 162 of 2,400 broadband lines" in reader.html
    assert "lines there fell short and serve homes deprived in two or more ways by our estimates." in reader.html
    assert "did not achieve what it takes to support one person" in reader.html
    page = reader.html.split('<div class="ns-foot">')[0]
    assert "premises" not in page.replace("premises_", "")
    assert "They say nothing about today." in page


def test_another_boundary_and_a_place_in_it_come_from_the_link(tmp_path, monkeypatch):
    areas = shires()
    reader = made(tmp_path / "build", areas)
    names = pd.DataFrame({"code": ["W1"] * 24 + ["W2"] * 24, "name": ["Ash"] * 24 + [HOSTILE] * 24}, index=areas.index)
    boundary = coded(names, "ward")
    shares = shares_of(boundary, areas=areas, located=None)
    found = report_by(boundary.places, shares=shares, areas=areas, family=boundary.family, beyond={})
    write_reports([(found, shares)], folder=tmp_path / "build")
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "build"))
    opened(reader, by="ward", at="W2")
    assert reader.query == {"by": "ward", "at": "W2"}
    assert "&lt;script&gt;" in reader.html
    assert "<script>" not in reader.html
    assert 'href="/hidden?by=ward&amp;at=W1"' in reader.html
    assert 'ns-say">&lt;script&gt;' in reader.html
    opened(reader, by="ward", at="W9")
    assert "The link asked for the place “W9”. We do not know it by this boundary." in reader.html
