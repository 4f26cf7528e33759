"""The finder above the map: each council's name leads to the council of today, and a failed search leaves no place."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from shires import Reader

from connectivity.outputs import read_build
from connectivity.views import state, studies
from connectivity.views.links import Link

FOLLOW = "notspot_follow"
COUNCILS = {
    "E06000044": "Portsmouth",
    "E06000045": "Southampton",
    "E06000046": "Isle of Wight",
    "E06000058": "Bournemouth, Christchurch and Poole",
    "E06000059": "Dorset",
    "E07000084": "Basingstoke and Deane",
    "E07000085": "East Hampshire",
    "E07000086": "Eastleigh",
    "E07000087": "Fareham",
    "E07000088": "Gosport",
    "E07000089": "Hart",
    "E07000090": "Havant",
    "E07000091": "New Forest",
    "E07000092": "Rushmoor",
    "E07000093": "Test Valley",
    "E07000094": "Winchester",
}


@pytest.fixture(scope="module")
def demo(demo_build) -> Path:
    st.cache_resource.clear()
    st.cache_data.clear()
    return demo_build


@pytest.fixture(autouse=True)
def _nothing_remembered(tmp_path, monkeypatch) -> None:
    """Keep what was read of the demo from test to test: none here changes it, and to read it takes longest."""
    monkeypatch.setattr(studies, "PROCESSED", tmp_path / "processed")
    monkeypatch.delenv("NOTSPOT_BUILDS", raising=False)


@pytest.fixture
def reader(demo, monkeypatch) -> Reader:
    monkeypatch.setenv("NOTSPOT_BUILD", str(demo))
    return Reader(demo)


def typed(reader: Reader, text: str) -> Reader:
    """Look for what was typed, as Enter in the box does: both go through the link's `find`."""
    kept = {key: value for key, value in reader.query.items() if key != "find"} if reader.at else {}
    reader.open(**kept | {"find": text})
    assert not reader.at.exception
    return reader


def test_the_councils_are_those_of_the_demo(demo):
    manifest = json.loads((demo / "manifest.json").read_bytes())
    assert {one["code"]: one["name"] for one in manifest["districts"]} == COUNCILS


def test_each_council_s_name_leads_to_the_council_of_today(reader):
    reader.open()
    for code, name in COUNCILS.items():
        assert typed(reader, name.lower()).query == {"district": code}
        assert f"in {name} cannot" in reader.html


@pytest.mark.parametrize(("code", "name"), [("E07000094", "Winchester"), ("E07000088", "Gosport")])
def test_a_link_that_searches_for_a_council_opens_it(reader, code, name):
    assert reader.open(find=name).query == {"district": code}


@pytest.mark.parametrize("first", ["E01020398", "Winchester", "Hampshire", "Christchurch"])
def test_a_search_that_fails_leaves_no_earlier_place(reader, first):
    reader.open()
    assert typed(reader, first).query.keys() & {"place", "district", "part"}
    typed(reader, "Zzyzx")
    assert reader.query == {"find": "Zzyzx"}
    assert "No place called “Zzyzx”" in reader.html
    assert "744 places\\, and 9 councils with one figure each" in [one.value for one in reader.at.header]
    assert reader.data(FOLLOW)["place"] is None
    assert reader.map_said["place"] is None


def test_a_link_that_searches_in_vain_shows_no_place_either(reader):
    reader.open(find="Zzyzx", place="E01020398", district="E06000059")
    assert reader.query == {"find": "Zzyzx"}
    assert "No place called “Zzyzx”" in reader.html


def test_names_that_begin_alike_are_offered_with_what_they_are(reader):
    typed(reader.open(), "Bourn")
    assert reader.query == {"find": "Bourn"}
    assert "Several names begin so. Choose one, or type more of it:" in reader.html
    offered = re.findall(r'<li><a href="([^"]+)" target="_self">([^<]+)</a>', reader.html)
    assert offered[0] == ("/?district=E06000058", "Bournemouth, Christchurch and Poole, council")
    assert len(offered) > 1


def test_a_town_and_half_a_postcode_open_as_parts_and_say_so(reader):
    assert typed(reader.open(), "Lyme Regis").query == {"part": "settlement:2643314"}
    assert "in Lyme Regis cannot" in reader.html
    assert typed(reader, "DT2 7").query == {"part": "postcode_sector:DT2 7"}
    assert "in DT2 7 postcodes cannot" in reader.html


def test_a_place_outside_the_study_is_said_to_lie_outside(reader):
    typed(reader.open(), "Yeovil")
    assert "Yeovil (Somerset) lies outside this study" in reader.html


def test_an_old_council_says_until_when_there_was_one(reader):
    typed(reader.open(), "North")
    assert "North Dorset, council until 2019" in reader.html


@pytest.mark.parametrize(
    ("text", "title", "more"),
    [
        ("BA1 1AA", "BA1 1AA is outside this study", "It is one of the Bath postcodes."),
        ("ba1", "BA1 is outside this study", "It is one of the Bath postcodes."),
        ("EH1 1YZ", "EH1 1YZ is in Scotland", "Ofcom’s own broadband checker holds Scotland."),
        ("DT9 9ZZ", "We do not know DT9 9ZZ", "The nearest we hold: "),
    ],
)
def test_a_postcode_that_leads_nowhere_on_the_map_says_why(reader, text, title, more):
    typed(reader.open(), text)
    assert title in reader.html
    assert more in reader.html
    assert "No place called" not in reader.html
    assert "docs/" not in reader.html
    assert ("Check a postcode</a>" in reader.html) == (" " in text)


@pytest.mark.parametrize(("at", "first"), [("50.7,-2.1,11", "Wareham"), ("50.85,-1.18,11", "Fareham")])
def test_of_names_a_slip_away_the_nearer_to_where_the_map_stands_comes_first(reader, at, first):
    reader.open(find="Zareham", at=at)
    offered = re.findall(r'<li><a href="[^"]+" target="_self">([^<,·]+)', reader.html)
    assert offered[0].strip() == first


def test_what_a_reader_looks_at_is_what_the_map_tells_else_what_is_chosen(reader):
    reader.open(place="E01020509")
    view = state.View("", reader.folder, read_build(reader.folder).areas, None, Link(place="E01020509"))
    lat, lon = state.near(view)
    assert (lat, lon) == (pytest.approx(50.76, abs=0.05), pytest.approx(-2.45, abs=0.05))
    assert state.near(view, told=[51.0, -1.0]) == (51.0, -1.0)
    assert state.near(view, told=["x", None]) == (lat, lon)
    assert state.near(replace(view, link=Link())) is None


def test_the_card_of_a_village_says_what_area_it_is_shown_by(reader):
    assert (
        "One small area of 1,730 homes and businesses: Cerne Abbas and the country round it, as far as Dorchester."
        in typed(reader.open(), "Cerne Abbas").html
    )
    assert "One small area of" not in typed(reader, "Lyme Regis").html
