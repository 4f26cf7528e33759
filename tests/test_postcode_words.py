"""What is said of a postcode when little is known: no figure, a council's figure, premises from elsewhere, or one."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from test_ofcom_postcodes import world_by_postcode
from worlds import NORTHSHIRE, world_2013, world_today, write_csv

from connectivity.build import build
from connectivity.claims.about_postcodes import answer_parts, plan_said, said_instead
from connectivity.claims.claim import Basis, Claim
from connectivity.postcode.answer import PostcodeAnswer, Rating, grade, look_up
from connectivity.postcode.postcode_claims import beginning_so, letter_of, other_route, own_count, plan_of, whose
from connectivity.postcode.postcode_tables import open_files
from layers import estimate


def words_of(answer):
    return " ".join(line for part in answer_parts(answer) for line in part.lines)


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
    places = {name for name in routes.index if ":" not in name}  # the others are parts, of which nothing is lost
    assert places - {*areas["district_code"], "study"} == set(areas.index[areas["status"].eq("scored")])
    assert "E01900006" not in routes.index


def test_an_answer_for_a_whole_council_has_no_small_areas_number_in_it(tmp_path, monkeypatch):
    monkeypatch.setattr(estimate, "SEPARABLE_FROM", replace(estimate.SEPARABLE_FROM, value=math.inf))
    world = world_today(tmp_path / "world")
    build(world.study(switches={"fwa": True}), out=tmp_path / "out", draws=0)
    answer = look_up("ZZ1 1AA", files=open_files(tmp_path / "out"))
    assert answer.here.ratings["remote"].level == "council"
    areas = pd.read_parquet(tmp_path / "out" / "areas.parquet").set_index("area_code")["district_code"]
    routes = pd.read_parquet(tmp_path / "out" / "routes.parquet").set_index("area_code")
    whole, parts = routes.loc[NORTHSHIRE], routes[areas.reindex(routes.index).eq(NORTHSHIRE)].sum()
    assert whole["remote"] == pytest.approx(parts["remote"])
    assert parts["remote_low"] < whole["remote_low"] < whole["remote"] < whole["remote_high"] < parts["remote_high"]
    claims = other_route(answer.here)
    for profile in ("remote", "digital"):
        ends = [whole[f"{profile}{end}"] for end in ("_low", "", "_high")]
        claim = claims[profile]
        assert [claim.low, claim.best, claim.high] == pytest.approx(ends)
        assert claim.place == "Northshire"
    assert whole["remote"] > routes.loc[answer.here.area_code, "remote"]
    words = words_of(answer)
    assert "Without it, in the whole of Northshire, the homes and businesses that fall short would be" in words
    assert "the small area’s homes" not in words
    assert not answer.here.ratings["remote"].claim.modelled or answer.here.ratings["remote"].claim.span
    (council,) = {whose(answer, answer.here, rating).details["level"] for rating in answer.here.ratings.values()}
    assert council == "council"


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
    answer = look_up("ZZ1 1AA", files=open_files(tmp_path / "out"))
    own = own_count(answer, answer.here.ratings["remote"])
    assert (own.key, own.place, own.of, own.unit) == ("postcodes.own.remote", "ZZ1 1AA", 4, "lines")
    words = words_of(answer)
    assert "At ZZ1 1AA itself: " in words
    assert "What failed most was" in words


def plan_at(bare, **found):
    """Make an answer of which the plan matters: what is known of ZZ1 1AA, and these addresses."""
    answer = look_up("ZZ1 1AA", files=open_files(bare))
    return answer, replace(answer.here, plan_release="May 2026", plan={"premises": 1} | found)


def test_a_plan_is_claimed_address_by_address_and_never_modelled(bare):
    found = {"premises": 5, "gigabit_now": 1, "planned": 3, "not_planned": 1, "white": 4, "grey_or_black": 1}
    claims = plan_of(*plan_at(bare, **found, deferred=2))
    assert {name: (claim.best, claim.of) for name, claim in claims.items()} == {
        "premises": (5, 5),
        "white": (4, 5),
        "deferred": (2, 3),
    }
    assert {(claim.unit, claim.modelled) for claim in claims.values()} == {("addresses", False)}
    assert claims["premises"].details["counts"]["planned"] == 3
    assert claims["white"].details["counts"]["grey_or_black"] == 1
    assert claims["white"].provenance.column == "bduk_white"


@pytest.mark.parametrize(
    ("found", "heard"),
    [
        ({"not_planned": 1}, "none, as nothing is planned here."),
        ({"planned": 1}, "not named in the plan."),
        ({"planned": 1, "suppliers": "A Company", "contracts": "Lot 1"}, "A Company, under Lot 1."),
        ({"planned": 1, "contracts": "Lot 1"}, "not named, under Lot 1."),
    ],
)
def test_who_builds_is_named_or_said_not_to_be(bare, found, heard):
    assert f"Company that builds: {heard}" in plan_said(*plan_at(bare, **found))


def test_one_postcode_reads_one_way_wherever_its_premises_are_said(bare):
    answer = look_up("ZZ1 1AA", files=open_files(bare))
    claim = Claim("places.remote", "Ash", 12, 40.4, 90, 1258, answer.basis)
    rating = Rating("area", claim, grade(12, 40.4, 90, of=1258))
    assert "1,258" in claim.say()
    assert "1,258" in whose(answer, answer.here, rating).say()


def test_a_letter_is_a_share_with_its_range_and_none_where_the_range_says_too_little(bare):
    basis = look_up("ZZ1 1AA", files=open_files(bare)).basis

    def rated(low, best, high):
        claim = Claim("places.remote", "Ash", low, best, high, 500, basis)
        return Rating("area", claim, grade(low, best, high, of=500))

    found = letter_of(rated(2, 15, 40))
    assert found.percent
    assert (found.low, found.best, found.high, found.of) == (2, 15, 40, 500)
    assert found.details == {"best": "C", "low": "A", "high": "D"}
    none = letter_of(rated(0, 15, 400))
    assert (none.key, none.details["low"], none.details["high"]) == ("postcodes.no_letter", "A", "G")
    assert letter_of(Rating("area", None, None)) is None


def test_half_a_postcode_is_counted_and_its_councils_are_a_list(bare):
    basis = look_up("ZZ1 1AA", files=open_files(bare)).basis
    councils = ("Eastshire", "Northshire", "Southshire")
    answer = PostcodeAnswer("half", "ZZ9", basis, near=("ZZ9 9ZZ",), councils=councils, count=1)
    claim = beginning_so(answer)
    assert (claim.best, claim.unit, claim.place) == (1, "postcodes", "ZZ9")
    assert (
        said_instead(answer).lines[0]
        == "One postcode of this study begins so, in Eastshire, Northshire and Southshire."
    )
    assert beginning_so(PostcodeAnswer("half", "ZZ9", basis)) is None


def test_nobody_knows_whether_an_ended_postcodes_homes_have_another(bare):
    basis = look_up("ZZ1 1AA", files=open_files(bare)).basis
    assert "may have another postcode now" in said_instead(PostcodeAnswer("ended", "ZZ9 9ZZ", basis)).lines[1]


def test_nearly_none_is_not_called_about_none():
    basis = Basis("Demo", "July 2025", "premises", "availability", False, False, False)
    said = str(Claim("places.digital", "Dale", 0, 0.2, 4, 944, basis).say())
    assert said.startswith("Almost none of 944 homes and businesses in Dale cannot")
