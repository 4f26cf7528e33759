"""Two weightings compared: who enters and leaves, whether a move is beyond doubt, and a link that brings it back."""

from __future__ import annotations

import json
import re

import pytest
from drawn import drawn, report
from shires import HOSTILE, Reader, council_figure_only, write

EAST = "E06000002"


@pytest.fixture
def shires(tmp_path, monkeypatch):
    """Open the two shires as a build with draws."""

    def make(**changes):
        folder = drawn(tmp_path / "build", **changes)
        monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
        return Reader(folder)

    return make


def quotes(reader):
    return [json.loads(one.proto.json).get("text") for one in reader.at.get("bidi_component")]


def test_a_fresh_visit_compares_the_studys_own_weights_with_the_lines_alone(shires):
    reader = shires().open("weightings")
    assert not reader.at.exception
    assert reader.at.title[0].value == "Compare two weightings"
    assert "You have not chosen the second weights, so you see the ranks when only the lines count." in reader.html
    assert reader.at.selectbox(key="weights preset").value == "own"
    assert reader.at.selectbox(key="than preset").value == "lines"
    assert " of 2 places</em> in Two shires that are in the worst tenth by the study’s own weights" in reader.html
    assert "a place where every line is good enough keeps score 0" in reader.html
    assert reader.query == {}


def test_a_link_restores_both_sets_and_the_quote_holds_them(shires):
    reader = shires().open("weightings", weights="30-30-20-20", than="25-25-100-0")
    assert not reader.at.exception
    assert reader.at.slider(key="weight remote").value == 30
    assert reader.at.slider(key="other weight need").value == 100
    assert reader.query == {"weights": "30-30-20-20", "than": "25-25-100-0"}
    assert reader.at.selectbox(key="than preset").value == "others"
    (quote,) = [text for text in quotes(reader) if text]
    assert "home working 30%, online services 30%, need 20%, no alternative nearby 20%" in quote
    assert "home working 17%, online services 17%, need 67%, no alternative nearby 0%" in quote
    assert "modelled from Ofcom, July 2025" in quote
    assert "You have not chosen" not in reader.html


def test_every_move_stands_beside_the_range_of_the_place(shires, areas):
    shown = shires().open("weightings", than="5-5-0-90").html
    rows = [row for row in re.findall(r"<tr><th scope=\"row\"><a.*?</tr>", shown) if "ns-tier" in row]
    assert rows
    for row in rows:
        first, second = map(
            int,
            re.search(
                r'<td class="r">(\d+) to (\d+)<span class="ns-narrow">(?:\d+) to (?:\d+)</span></td><td class="r"><b>',
                row,
            ).groups(),
        )
        moved = re.search(r"<b>([+−]?\d+)</b>", row)[1]
        assert int(moved.replace("−", "-").replace("+", "")) == first - second
        low, high = map(int, re.search(r'</b></td><td class="r ns-hide-s">(\d+) to (\d+)</td>', row).groups())
        assert f'<span class="ns-narrow">{low} to {high}</span>' in row  # where a small screen has no column for it
        assert (low, high) == (max(1, first - 3), min(11, first + 3))  # by the study's own weights
        assert f"<td>{'no' if low <= second <= high else 'yes'}</td>" in row


def test_areas_that_cannot_be_told_apart_are_not_listed(shires):
    reader = shires()
    council_figure_only(reader.folder)
    shown = reader.open("weightings", than="5-5-0-90").html
    assert "1 of 1 place" in shown
    assert (
        "For the small areas of Eastshire only the council’s figure is known, so none of them is listed here." in shown
    )


def test_presets_and_sliders_change_the_link(shires):
    reader = shires().open("weightings")
    reader.at.selectbox(key="than preset").select("need").run()
    assert reader.query == {"than": "25-25-50-25"}
    reader.at.selectbox(key="weights preset").select("home").run()
    assert reader.query == {"weights": "100-0-0-0", "than": "25-25-50-25"}
    reader.at.selectbox(key="weights preset").select("own").run()
    assert reader.query == {"than": "25-25-50-25"}
    reader.at.slider(key="other weight remote").set_value(60)
    reader.at.button(key="FormSubmitter:than-Use these weights").click().run()
    assert not reader.at.exception
    assert reader.query == {"than": "60-25-50-25"}


def test_sliders_that_cannot_make_a_score_are_refused_in_words(shires):
    reader = shires().open("weightings")
    reader.at.slider(key="other weight remote").set_value(0)
    reader.at.slider(key="other weight digital").set_value(0)
    reader.at.button(key="FormSubmitter:than-Use these weights").click().run()
    assert not reader.at.exception
    assert "These weights cannot make a score" in reader.html
    assert reader.query == {}


def test_the_readers_weights_are_compared_with_the_studys_own(shires):
    reader = shires().open("weightings", weights="25-25-100-0")
    assert reader.at.selectbox(key="than preset").value == "own"
    assert "worst tenth by weights of 17%, 17%, 67% and 0%" in reader.html


def test_the_same_weights_twice_are_said(shires):
    reader = shires().open("weightings", than="50-50-50-50")
    assert not reader.at.exception
    assert "Both weights come to the same" in reader.html
    assert "ns-moves" not in reader.html


@pytest.mark.parametrize("bad", ["1-2-3", "0-0-50-50", "101-0-0-0", "<i>", "a-b-c-d"])
def test_weights_in_a_link_that_cannot_be_read_are_ignored_with_a_notice(shires, bad):
    reader = shires().open("weightings", than=bad)
    assert not reader.at.exception
    assert "We ignored part of your link" in reader.html
    assert "the other weights" in reader.html
    assert "<i>”" not in reader.html
    assert reader.query == {}


def test_a_council_keeps_its_places_and_one_that_cannot_be_told_apart_lists_none(shires):
    reader = shires().open("weightings")
    reader.at.selectbox(key="part of the study on show").select("E06000001").run()
    assert reader.query == {"district": "E06000001"}
    assert "in Westshire" in reader.html
    assert "Eastshire apart" not in reader.html
    east = shires().open("weightings", district=EAST)
    assert not east.at.exception
    assert "in Eastshire that are in the worst tenth" in east.html
    assert "ns-moves" not in east.html


def test_without_draws_the_command_is_said_and_no_range_is_invented(reader):
    reader.open("weightings", than="5-5-0-90")
    assert not reader.at.exception
    assert "--draws 1000" in reader.html
    assert "9 of 10 tries" not in reader.html
    assert "ns-moves" in reader.html


def test_a_study_without_need_offers_no_weights_for_it(tmp_path, monkeypatch):
    folder = write(tmp_path / "build", dimensions_absent=["need"])
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    reader = Reader(folder).open("weightings")
    assert not reader.at.exception
    assert "Need counts double" not in reader.at.selectbox(key="than preset").options
    assert "weight need" not in [slider.key for slider in reader.at.slider]
    assert ", need " not in reader.html


def test_lines_of_2013_are_lines_and_a_hostile_name_stays_a_name(shires):
    then = {"unit": "lines", "basis": "measured sync speeds", "release": "June 2013", "coverage_modelled": False}
    reader = shires(said=report(), **then).open("weightings", than="5-5-100-0")
    assert not reader.at.exception
    assert "The counts of lines stay as they are." in reader.html
    assert "These are speeds measured on lines people had in June 2013." in reader.html
    assert HOSTILE not in reader.html
    assert "<script>alert" not in reader.html
