"""Two places compared: what is said, what is drawn, and a link that brings both back."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from drawn import drawn
from shires import Reader, council_figure_only

sys.path.insert(0, str(Path(__file__).parents[1]))  # worlds.py is shared by all tests

from manifests import hand_manifest
from worlds import world_today

from connectivity.build import build
from connectivity.places import search
from connectivity.robustness import stored_run
from connectivity.robustness.pairs import PlaceComparison
from connectivity.views import compare

ONE, OTHER, HOSTILE, UNKNOWN = "E01000009", "E01000010", "E01000002", "E01000005"
EAST, EAST_TOO = "E01000003", "E01000004"


class Kept:
    """Draws that were made up."""

    draws = 1000

    def __init__(self, chance):
        self.chance = chance

    def compare(self, first, second):
        return PlaceComparison(first, second, self.chance, 1 - self.chance, 0.0)


@pytest.fixture
def shires(tmp_path, monkeypatch):
    def make(chance=0.97, **changes):
        folder = drawn(tmp_path / "build", **changes)
        monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
        monkeypatch.setattr(stored_run, "read_stored_run", lambda _: Kept(chance))
        return Reader(folder)

    return make


def test_a_link_restores_both_places_and_the_sentence_says_how_often(shires):
    shown = shires().open("compare", place=OTHER, other=ONE)
    assert not shown.at.exception
    said = "Upper Vale, part 10 is worse than Upper Vale, part 9 in 970 of 1,000 tries of what we had to assume."
    assert said in shown.html
    assert "<b>970</b> of 1,000" in shown.html
    assert "<b>30</b> of 1,000" in shown.html
    assert shown.query == {"place": OTHER, "other": ONE}
    quotes = [json.loads(one.proto.json).get("text") for one in shown.at.get("bidi_component")]
    assert (
        "“Upper Vale, part 10 (Westshire) is worse than Upper Vale, part 9 (Westshire) in 970 of 1,000 tries of "
        "what we had to assume (modelled from Ofcom, July 2025; fixed wireless not counted, mobile not counted).”"
    ) in quotes


def test_under_nine_in_ten_we_cannot_tell_them_apart_and_the_counts_add_up(shires):
    shown = shires(chance=0.89).open("compare", place=OTHER, other=ONE).html
    assert "We cannot say which of Upper Vale, part 10 and Upper Vale, part 9 is worse" in shown
    assert "Upper Vale, part 10 is worse in 890 and Upper Vale, part 9 in 110." in shown


def test_no_bar_is_drawn_for_no_draw_at_all(shires):
    shown = shires(chance=1.0).open("compare", place=OTHER, other=ONE).html
    assert shown.count('class="ns-share') == 1
    assert "<b>0</b> of 1,000" in shown


def test_both_stand_side_by_side_with_their_ranges_and_what_would_swap_them(shires):
    shown = shires().open("compare", place=OTHER, other=ONE).html
    for part in (
        "From 0 (good) to 100 (bad)",
        "Working from home",
        "Using services online",
        "Need",
        "No alternative nearby",
        "Score",
    ):
        assert part in shown
    assert "Rank</th>" not in shown  # ranks stand with how sure they are
    assert "We looked for the smallest change" in shown


def test_weights_that_swap_them_stand_beside_the_studys_own_and_can_be_tried(shires):
    reader = shires()
    areas = gpd.read_parquet(reader.folder / "areas.parquet")
    areas.assign(separable=True).to_parquet(reader.folder / "areas.parquet")  # of one council, few weights swap any two
    reader.open("compare", place="E01000006", other="E01000012")
    shown = reader.html.split("We looked for the smallest change")[1]
    assert "would change places" in shown
    rows = re.findall(r'<td class="r">([\d.]+)%</td><td class="r"><b>([\d.]+)%</b>', shown)
    assert [sum(float(row[column]) for row in rows) for column in (0, 1)] == pytest.approx([100, 100])
    [link] = [one for one in reader.at.get("page_link") if "those weights" in one.proto.label]
    assert "than=" + "-".join(row[1] for row in rows) in link.proto.query_string


def test_where_no_weights_swap_them_it_says_so_and_offers_none(shires):
    reader = shires().open("compare", place="E01000010", other=HOSTILE)
    assert "By our best estimates no weights would swap them." in reader.html
    assert not [one for one in reader.at.get("page_link") if "those weights" in one.proto.label]


def test_choosing_another_place_changes_the_link(shires):
    reader = shires().open("compare", place=OTHER, other=ONE)
    reader.at.selectbox(key="second place").select(HOSTILE).run()
    assert not reader.at.exception
    assert reader.query == {"place": OTHER, "other": HOSTILE}
    assert "<script>alert" not in reader.html
    assert "&lt;script&gt;alert(1)" in reader.html


def test_a_name_we_do_not_know_is_said_and_changes_nothing(shires):
    reader = shires().open("compare", place=OTHER, other=ONE)
    reader.at.session_state[compare.MISSED] = ("place", "<i>Nowhere</i>")
    reader.at.run()
    assert "No place called “&lt;i&gt;Nowhere&lt;/i&gt;”" in reader.html
    assert reader.query == {"place": OTHER, "other": ONE}


def test_a_name_of_several_places_offers_each_of_them_and_changes_nothing(shires):
    reader = shires().open("compare", place=OTHER, other=ONE)
    reader.at.session_state[compare.MISSED] = ("other", "Upper Vale")
    reader.at.run()
    assert not reader.at.exception
    assert "“Upper Vale” is not the name of one small area" in reader.html
    assert reader.query == {"place": OTHER, "other": ONE}
    offered = re.findall(r'href="/compare\?place=(E\d+)&amp;other=(E\d+)"', reader.html)
    assert len(offered) > 1
    assert {first for first, _ in offered} == {OTHER}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ONE, ONE),
        ("upper vale, part 9", ONE),
        ("Westshire 000A", "E01000001"),
        ("upper", None),
        ("", None),
        ("<i>", None),
    ],
)
def test_a_place_is_found_by_code_or_name_when_there_is_one_answer(text, code, areas, tmp_path):
    assert search.resolve(text, areas=areas, folder=tmp_path, manifest=hand_manifest()) == code


def test_without_places_the_worst_two_are_shown_and_that_is_said(shires):
    shown = shires().open("compare")
    assert not shown.at.exception
    assert "Choose two places above. Until you do, you see the two with the highest scores." in shown.html
    assert "in 970 of 1,000" in shown.html
    assert "Choose a second place above." in shires().open("compare", place=ONE).html
    assert "Choose a first place above." in shires().open("compare", other=ONE).html
    assert "place above" not in shires().open("compare", place=ONE, other=OTHER).html


def test_places_of_a_council_that_cannot_be_told_apart_are_not_ranked(shires):
    reader = shires()
    council_figure_only(reader.folder)
    shown = reader.open("compare", place=EAST, other=EAST_TOO).html
    assert "They cannot be separated" in shown
    assert "tries of" not in shown
    assert "What would swap them" not in shown
    assert "we know only the council’s figure" in shown
    assert "Side by side" not in shown


def test_a_place_without_enough_data_is_not_compared(shires):
    shown = shires().open("compare", place=ONE, other=UNKNOWN)
    assert not shown.at.exception
    assert "We do not have enough data to score Upper Vale, part 5." in shown.html
    assert "tries of" not in shown.html


def test_the_same_place_twice_and_a_bad_link_are_said(shires):
    assert "These are the same place" in shires().open("compare", place=ONE, other=ONE).html
    shown = shires().open("compare", place=ONE, other="nowhere").html
    assert "place to compare with “nowhere”" in shown


def test_a_build_whose_draws_are_gone_says_the_command(tmp_path, monkeypatch):
    folder = drawn(tmp_path / "build")
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    shown = Reader(folder).open("compare", place=OTHER, other=ONE)
    assert not shown.at.exception
    assert "--draws 1000" in shown.html


def test_the_readers_weights_are_left_out_and_that_is_said(shires):
    reader = shires()
    shown = reader.open("compare", place=OTHER, other=ONE, weights="25-25-100-0").html
    assert "Not with your weights" in shown
    usual = reader.open("compare", place=OTHER, other=ONE).html
    assert shown.split("Both places side by side")[1].split("</table>")[0] in usual


def test_a_build_with_draws_answers_both_pages(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    build(world_today(tmp_path / "world").study(), out=folder, draws=100)
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    reader = Reader(folder)
    shown = reader.open("compare", place="E01900001", other="E01900006")
    assert not shown.at.exception
    assert "of 100 tries of what we had to assume" in shown.html
    shown = reader.open("sure")
    assert not shown.at.exception
    assert "We ranked these places 100 times" in shown.html


def test_a_council_stands_beside_the_study_by_the_share_that_cannot(reader):
    reader.open("compare", district="E06000001", other="study")
    assert not reader.at.exception
    assert "Westshire" in reader.html
    assert "beside about 1,000 of 6,600" in reader.html
    assert "England cannot be chosen" in reader.html
    assert reader.query == {"district": "E06000001", "other": "study"}


def test_two_councils_and_a_place_beside_its_council_are_compared(reader):
    assert "Eastshire" in reader.open("compare", district="E06000001", other="E06000002").html
    shown = reader.open("compare", place="E01000001", other="E06000001")
    assert not shown.at.exception
    assert "Upper Vale, part 1" in shown.html
    same = reader.open("compare", district="E06000001", other="E06000001").html
    assert "These are the same place" in same


@pytest.mark.parametrize("bad", ["E06999999", "england", "<b>x</b>"])
def test_what_is_no_place_of_the_study_is_ignored_and_said(reader, bad):
    reader.open("compare", district="E06000001", other=bad)
    assert "The link asked for the place to compare with" in reader.html
    assert "<b>x</b>" not in reader.html
