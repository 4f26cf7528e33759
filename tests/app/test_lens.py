"""The lens on the map: a part of the study, councils where there are too many places, and links that keep both."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from shires import squares

from connectivity.maps import sketch
from connectivity.places.reports import report_by, write_reports
from connectivity.views import state
from layers.families import family_of
from layers.reporting import Shares

KIND, WHICH = "kind of place to look at", "part of the study on show"
TABLE = "notspot_areas"
FIRST, SECOND = "E05000001", "E05000002"


@pytest.fixture
def warded(reader):
    """The two shires, reported by two wards: the second one cuts the last area of the first row in half."""
    areas = squares()
    codes = list(areas.index)
    rows = [(code, FIRST, 1.0) for code in codes[:3]] + [(codes[3], FIRST, 0.5), (codes[3], SECOND, 0.5)]
    rows += [(code, SECOND, 1.0) for code in codes[4:]]
    inside = pd.DataFrame(rows, columns=["area_code", "key", "share"])
    places = pd.DataFrame({"code": [FIRST, SECOND], "name": ["North", "<b>South</b>"]}, index=[FIRST, SECOND])
    shares = Shares(inside, pd.DataFrame(columns=["area_code", "reason", "share"]), "postcodes")
    made = report_by(places.rename_axis("key"), shares=shares, areas=areas, family=family_of("ward"), beyond={})
    write_reports([(made, shares)], folder=reader.folder)
    yield reader
    (reader.folder / "reports.parquet").unlink()


def codes_of(reader):
    return {row[0] for row in reader.data(TABLE)["rows"]}


def test_a_ward_narrows_map_and_table_and_the_sentence_counts_what_lies_inside(warded):
    warded.open(part=f"ward:{FIRST}")
    assert codes_of(warded) == {"E01000001", "E01000002", "E01000003", "E01000004"}
    # 0, 3 and 8 of 600 each, and half of the 15 of 600: 18.5 of 2,100
    assert re.search(r"About 18 of 2,100 homes and businesses</em> in North ward", warded.html)
    assert "You see 4 small areas; 1 of them lies only partly" in warded.html
    assert "Pale grey is the rest of this study." in warded.html
    assert set(warded.painted) == codes_of(warded)


def test_choosing_a_kind_then_a_place_writes_the_link(warded):
    warded.open()
    warded.at.selectbox(key=KIND).select("ward").run()
    assert warded.query["part"] == "ward"
    assert len(codes_of(warded)) == 12
    warded.at.selectbox(key=WHICH).select(SECOND).run()
    assert warded.query["part"] == f"ward:{SECOND}"
    assert "<b>South</b>" not in warded.html
    warded.at.selectbox(key=KIND).select("district").run()
    assert "part" not in warded.query


def test_what_the_study_lacks_is_offered_and_says_so(warded):
    warded.open(part="constituency")
    assert '<p class="ns-note-t">This study has no constituencies</p>' in warded.html
    assert "Pale grey" not in warded.html  # all of it is on show
    assert "<p>You see the whole study.</p>" in warded.html
    assert warded.at.selectbox(key=WHICH).disabled
    assert len(codes_of(warded)) == 12
    assert warded.query["part"] == "constituency"


@pytest.mark.parametrize("part", ["ward:E05999999", "coast", "<script>alert(1)</script>", "parish:x"])
def test_a_part_the_study_does_not_have_is_ignored_and_named(warded, part):
    warded.open(part=part)
    if part != "coast":  # a kind that is offered may be chosen, and says that it is missing
        assert "The link asked for the part" in warded.html
        assert "part" not in warded.query
    assert "<script>alert" not in warded.html
    assert len(codes_of(warded)) == 12


def test_a_place_outside_the_part_wins_and_a_part_wins_over_the_council(warded):
    warded.open(part=f"ward:{FIRST}", place="E01000009")
    assert "part" not in warded.query
    warded.open(part=f"ward:{FIRST}", district="E06000002")
    assert warded.query == {"part": f"ward:{FIRST}"}


@pytest.fixture
def crowded(reader, monkeypatch):
    monkeypatch.setattr(state, "MOST_PLACES", 10)
    monkeypatch.setattr(sketch, "MOST_PLACES", 10)
    return reader


def test_a_study_with_too_many_places_shows_councils_first(crowded):
    crowded.open(measure="score")
    data = crowded.data(TABLE)
    assert data["columns"] == ["Council", "Cannot work from home", "In every 100"]
    rows = {row[0]: row for row in data["rows"]}
    areas = squares()
    for code, row in rows.items():
        inside = areas[areas["district_code"].eq(code) & areas["status"].eq("scored")]
        assert row[3] == pytest.approx(inside["remote_infeasible"].sum())
        assert row[6].endswith(f"| of {round(len(inside) * 600, -2):,}")
    assert "1 without enough data" in rows["E06000001"][2]
    assert [option for option in crowded.at.get("button_group")[0].options if option] == [
        "Home working",
        "Online services",
    ]
    assert "the map starts with councils" in crowded.html


def test_a_council_of_a_crowded_study_opens_its_places(crowded):
    crowded.open(district="E06000002")
    assert codes_of(crowded) == set(squares().query("district_code == 'E06000002'").index)
    assert crowded.data(TABLE)["columns"][0] == "Place"
