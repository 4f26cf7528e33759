"""Switches of the map: who works and what counts, in every figure of the page, in the link, and on no other page."""

from __future__ import annotations

import json
import re

import pytest
import streamlit as st
from shires import Reader
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.claims import about_switches
from connectivity.views import links, switches
from connectivity.views.links import Link, read_link

HOUSEHOLD = "cannot support a household of two workers and a pupil"
CLOUD = "cannot support a small business that works in the cloud"
OWN = "The study’s own figure, for one home worker with fixed wireless counted and mobile not, is"
FEN = "E01900006"


@pytest.fixture(scope="module")
def today_build(tmp_path_factory):
    place = tmp_path_factory.mktemp("today")
    study = world_today(place / "world").study(switches={"fwa": True}, layers={"wards": "wards.geojson"})
    build(study, out=place / "out", draws=20)
    return place / "out"


@pytest.fixture
def today(today_build, monkeypatch):
    monkeypatch.setenv("NOTSPOT_BUILD", str(today_build))
    return Reader(today_build)


@pytest.fixture(scope="module")
def past_build(tmp_path_factory):
    place = tmp_path_factory.mktemp("past")
    build(world_2013(place / "world").study(), out=place / "out", draws=1)
    return place / "out"


@pytest.fixture
def past(past_build, monkeypatch):
    monkeypatch.setenv("NOTSPOT_BUILD", str(past_build))
    return Reader(past_build)


def control(reader, kind, key):
    return next(one for one in reader.at.get(kind) if one.key == key)


def best_of(reader):
    """Read the best count of each place off the table."""
    return {row[0]: row[3] for row in reader.data("notspot_areas")["rows"]}


def test_the_study_counts_as_it_counts_until_a_reader_turns_something(today):
    today.open()
    assert "support one person working from home on video calls" in today.html
    assert "The study’s own figure" not in today.html
    assert control(today, "radio", switches.WHO).value == "one"
    assert control(today, "toggle", switches.WIRELESS).value is True
    assert not [one for one in today.at.toggle if one.key == switches.MOBILE]
    assert about_switches.WHY_NOT["mobile"] in today.html
    assert about_switches.WHY_NOT["wireless"] not in today.html


def test_a_household_changes_headline_table_map_and_legend_and_both_figures_are_said(today):
    before = best_of(today.open())
    own = today.painted
    after = best_of(today.open(who="household"))
    assert HOUSEHOLD in today.html
    assert OWN in today.html
    assert about_switches.RANKS_STAY in today.html
    assert before.keys() == after.keys()
    assert all(after[code] > best for code, best in before.items() if best)
    said = today.map_said["legend"]
    assert (said["title"], said["note"]) == (
        f"Share of premises that {HOUSEHOLD}",
        "Fixed wireless is counted; mobile is not.",
    )
    assert {code: words for code, (_, words) in today.painted.items()} != {
        code: words for code, (_, words) in own.items()
    }
    assert today.data("notspot_areas")["columns"][1] == "Cannot serve such a household"
    assert HOUSEHOLD in today.map_said["picture"]["sentence"]


def test_choosing_puts_it_into_the_link_and_going_back_takes_it_out(today):
    today.open()
    control(today, "radio", switches.WHO).set_value("cloud").run()
    assert today.query["who"] == "cloud"
    assert CLOUD in today.html
    control(today, "toggle", switches.WIRELESS).set_value(False).run()
    assert today.query["wireless"] == "out"
    assert "Fixed wireless and mobile are not counted." in today.html
    control(today, "radio", switches.WHO).set_value("one").run()
    control(today, "toggle", switches.WIRELESS).set_value(True).run()
    assert not {"who", "wireless"} & today.query.keys()
    assert "The study’s own figure" not in today.html


def strip(reader):
    """Read what the strip says is counted."""
    (line,) = re.findall(r'<p class="ns-strip">.*?</p>', reader.html, re.DOTALL)
    return re.findall(r"(Fixed wireless|Mobile): <b>([^<]+)</b>", line), "as you set it" in line


def test_the_strip_says_what_is_counted_now(today):
    assert strip(today.open()) == ([("Fixed wireless", "counted"), ("Mobile", "not counted")], False)
    control(today, "toggle", switches.WIRELESS).set_value(False).run()
    assert strip(today) == ([("Fixed wireless", "not counted"), ("Mobile", "not counted")], True)
    assert strip(today.open("why", wireless="out")) == (
        [("Fixed wireless", "counted"), ("Mobile", "not counted")],
        False,
    )


def test_the_card_and_the_sentence_to_copy_follow(today):
    today.open(who="household", wireless="out", place=FEN)
    assert not today.at.exception
    assert HOUSEHOLD in today.html
    assert OWN in today.html
    copied = next(
        json.loads(one.proto.json)["text"]
        for one in today.at.get("bidi_component")
        if one.proto.component_name.endswith("notspot_copy") and json.loads(one.proto.json)["text"]
    )
    assert HOUSEHOLD in copied
    assert "fixed wireless and mobile are not counted" in copied


def test_a_list_a_council_and_a_part_follow(today):
    for more in ({"places": FEN}, {"district": "E06000902"}, {"part": "ward:Fen"}):
        today.open(who="cloud", **more)
        assert not today.at.exception
        assert CLOUD in today.html
        assert OWN in today.html
        assert "one person working from home on video calls" not in today.html.replace(
            "The study itself counts for one", ""
        ), more


def test_online_services_are_no_ones_work(today):
    today.open(who="household", measure="digital")
    assert "use essential online services" in today.html
    assert "The study’s own figure" not in today.html
    today.open(who="household", measure="digital", wireless="out")
    assert "The study’s own figure, with fixed wireless counted and mobile not, is" in today.html
    assert today.map_said["legend"]["title"] == "Share of premises that cannot use online services"


def test_work_in_the_cloud_has_classes_of_its_own_on_the_map_and_in_its_key(today):
    labels = [words for _, words, _ in today.open(who="cloud").map_said["legend"]["rows"]]
    assert labels == ["under 5%", "5 to 10%", "10 to 20%", "20 to 30%", "30 to 40%", "40% or more", "Not enough data"]
    assert max(kind for kind, _ in today.painted.values()) > 1
    labels = [words for _, words, _ in today.open(who="cloud", measure="digital").map_said["legend"]["rows"]]
    assert labels[0] == "under 1%"


def test_scores_and_ranks_stay_the_studys_own(today):
    third = {row[0]: row[8] for row in today.open(measure="score").data("notspot_areas")["rows"]}
    turned = {row[0]: row[8] for row in today.open(measure="score", who="cloud").data("notspot_areas")["rows"]}
    assert third == turned
    assert any(third.values())


@pytest.mark.parametrize("page", ["why", "evidence", "sure", "compare", "service"])
def test_other_pages_keep_the_studys_counts_and_say_nothing(today, page):
    today.open(page, who="household", wireless="out", place=FEN)
    assert not today.at.exception
    assert "household of two workers" not in today.html
    assert "The study’s own figure" not in today.html


def test_what_cannot_be_turned_is_not_offered_and_says_why(past):
    past.open()
    assert not [one for one in past.at.radio if one.key == switches.WHO]
    assert not [one for one in past.at.toggle if one.key in {switches.WIRELESS, switches.MOBILE}]
    for why in about_switches.WHY_NOT.values():
        assert why in past.html
    past.open(who="household", wireless="in")
    assert f"The link asked for the kind of work “household”. {about_switches.WHY_NOT['who']}" in past.html
    assert f"The link asked for the count of fixed wireless “in”. {about_switches.WHY_NOT['wireless']}" in past.html
    assert "household of two" not in past.html


def test_a_build_that_kept_nothing_says_so_in_one_line(reader):
    reader.open(who="household")
    assert not [one for one in reader.at.radio if one.key == switches.WHO]
    assert about_switches.NOT_KEPT in reader.html
    assert f"The link asked for the kind of work “household”. {about_switches.NOT_KEPT}" in reader.html


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"who": "<b>dog"}, "the kind of work “<b>dog”. It can be one or household or cloud. You see the study’s own"),
        ({"wireless": "yes"}, "the count of fixed wireless “yes”. It can be in or out."),
        ({"mobile": "in"}, f"the count of mobile “in”. {about_switches.NOT_KEPT}"),
    ],
)
def test_a_value_that_is_no_choice_is_ignored_and_named(areas, asked, words):
    link, (ignored,) = read_link(asked, areas=areas)
    assert link == Link()
    assert words in ignored


def test_what_the_study_counts_anyway_needs_no_place_in_a_link(today):
    today.open(who="one", wireless="in", mobile="out")
    assert not {"who", "wireless", "mobile"} & today.query.keys()
    assert "The link asked for" not in today.html


def test_a_switch_is_counted_once_for_all_readers(today, monkeypatch):
    made = []
    monkeypatch.setattr(
        switches,
        "switched_counts",
        lambda run, _count=switches.switched_counts, **told: (made.append(told["switch"]), _count(run, **told))[1],
    )
    st.cache_resource.clear()
    for _ in range(2):
        today.open(who="household")
        today.open(who="household", measure="need")
        today.open(who="household", weights="40-20-20-20")
    assert len(made) == 1


def test_every_word_of_a_link_is_one_that_a_control_has():
    assert set(links.WORDS) == {"who", "wireless", "mobile"}
    assert set(about_switches.WHY_NOT) == set(links.WORDS)
