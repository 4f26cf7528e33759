"""What is said of a postcode when little is known: no figure, a council's figure, premises from elsewhere, or one."""

from __future__ import annotations

import pandas as pd
import pytest
from test_ofcom_postcodes import world_by_postcode
from test_postcode import words_of
from worlds import NORTHSHIRE, world_2013, world_today, write_csv

from connectivity.build import build
from connectivity.claims.about_postcodes import plan, said_of
from connectivity.claims.claim import Basis, Claim
from connectivity.postcode.answer import Answer, look_up
from connectivity.postcode.postcode_tables import open_files
from layers import estimate


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The world of today, where nothing is known of Fen (ZZ6)."""
    folder = tmp_path_factory.mktemp("bare")
    world = world_today(folder / "world")
    world.edit("output_areas.csv", lambda table: table[table["lsoa11cd"] != "E01900006"])
    study = world.study(switches={"fwa": True, "missing_areas_allowed": 0.2})
    build(study, out=folder / "out", draws=0)
    return folder / "out"


def test_where_nothing_is_known_no_figure_is_hinted_at(bare):
    words = words_of(look_up("ZZ6 1AA", files=open_files(bare)))
    assert "Not known: we have no figure here" in words
    for wrong in ("nothing fails here", "would be about", "figures behind it", "These figures are modelled"):
        assert wrong not in words


def test_no_route_is_written_for_an_area_that_is_not_scored(bare):
    areas = pd.read_parquet(bare / "areas.parquet").set_index("area_code")
    routes = pd.read_parquet(bare / "routes.parquet").set_index("area_code")
    assert set(routes.index) == set(areas.index[areas["status"].eq("scored")])
    assert "E01900006" not in routes.index


def test_an_answer_for_a_whole_council_has_no_small_areas_number_in_it(tmp_path, monkeypatch):
    monkeypatch.setattr(estimate, "NOT_SEPARABLE", frozenset({NORTHSHIRE}))
    world = world_today(tmp_path / "world")
    build(world.study(switches={"fwa": True}), out=tmp_path / "out", draws=0)
    answer = look_up("ZZ1 1AA", files=open_files(tmp_path / "out"))
    assert answer.here.ratings["remote"].level == "council"
    areas = pd.read_parquet(tmp_path / "out" / "areas.parquet").set_index("area_code")["district_code"]
    routes = pd.read_parquet(tmp_path / "out" / "routes.parquet").set_index("area_code")
    whole = routes[areas.reindex(routes.index).eq(NORTHSHIRE)].sum()
    assert answer.here.other_route == pytest.approx({"remote": whole["remote"], "digital": whole["digital"]})
    assert whole["remote"] > routes.loc[answer.here.area_code, "remote"]
    words = words_of(answer)
    assert "Without it, in the whole of Northshire, the homes and businesses with a gap would be about" in words
    assert "the small area’s homes" not in words


def test_premises_that_somebody_else_counts_are_said_to_be(tmp_path):
    world, layers = world_by_postcode(tmp_path / "world")
    areas = world.read("lookup.csv")["LSOA11CD"]
    write_csv(world.path("dwellings.csv"), [{"lsoa11cd": area, "dwellings": 100} for area in areas])
    beside = {"postcode_premises": None, "dwellings": "dwellings.csv"}
    for name, changed in (("own", {}), ("dwellings", beside)):
        build(world.study(layers=layers | changed), out=tmp_path / name, draws=0)
    heard = {name: words_of(look_up("ZZ1 1AA", files=open_files(tmp_path / name))) for name in ("own", "dwellings")}
    assert "times premises from elsewhere" in heard["own"]
    assert "times the dwellings of the small area, shared equally among its postcodes" in heard["dwellings"]


def test_a_postcodes_own_count_says_what_it_cannot_do(tmp_path):
    world = world_2013(tmp_path / "world")
    world.set("lines_2013.csv", row=0, **{"Number.of.Connections": 4})
    build(world.study(), out=tmp_path / "out", draws=0)
    words = words_of(look_up("ZZ1 1AA", files=open_files(tmp_path / "out")))
    assert "of 4 lines did not achieve what it takes to support one home worker." in words
    assert "At ZZ1 1AA itself: " in words
    assert "What failed most was" in words


def here(**found):
    """Make a place of which the plan alone is known."""
    found = {"premises": 1} | found
    return type("Here", (), {"plan_release": "May 2026", "plan": found})()


@pytest.mark.parametrize(
    ("found", "heard"),
    [
        ({"gigabit_now": 1}, "of 1 address at DT1 1AA, 1 has gigabit broadband now."),
        ({"premises": 2, "not_planned": 2}, "of 2 addresses at DT1 1AA, 2 have neither."),
        ({"not_planned": 1}, "Public money may be spent on none of them (“white”)."),
        ({"not_planned": 1}, "Company that builds: none, as nothing is planned here."),
        ({"planned": 1}, "Company that builds: not named in the plan."),
        ({"planned": 1, "deferred": 1}, "Of those planned, 1 is put off to a later part"),
        ({"planned": 3, "deferred": 2}, "Of those planned, 2 are put off to a later part"),
    ],
)
def test_a_plan_is_worded_for_one_as_for_many(found, heard):
    assert heard in " ".join(plan(here(**found), postcode="DT1 1AA"))


def test_half_a_postcode_with_one_whole_to_it_says_one(bare):
    basis = look_up("ZZ1 1AA", files=open_files(bare)).basis
    said = said_of(Answer("half", "ZZ9", basis, near=("ZZ9 9ZZ",), councils=("Northshire",), count=1))
    assert said.lines[0] == "One postcode of this study begins so, in Northshire."


def test_nobody_knows_whether_an_ended_postcodes_homes_have_another(bare):
    basis = look_up("ZZ1 1AA", files=open_files(bare)).basis
    assert "may have another postcode now" in said_of(Answer("ended", "ZZ9 9ZZ", basis)).lines[1]


def test_nearly_none_is_not_called_about_none():
    basis = Basis("Demo", "July 2025", "premises", "availability", False, False, False)
    said = str(Claim("places.digital", "Dale", 0, 0.2, 4, 944, basis).say())
    assert said.startswith("Almost none of 944 homes and businesses in Dale cannot")
