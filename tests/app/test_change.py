"""The page of change: what it needs, what it says, and a link that brings it back."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from shires import Reader

sys.path.insert(0, str(Path(__file__).parents[1]))  # hand_builds.py is shared by all tests

from hand_builds import hand_build, written

from connectivity.views import studies
from connectivity.views.change import compare_commands

README = Path(__file__).parents[2] / "README.md"
OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64
SLOW = {0: (100, 0, 20, 20, 20), 1: (100, 0, 15, 15, 15)}
LESS = {0: (100, 0, 12, 12, 12), 1: (100, 0, 15, 15, 15)}
HOSTILE = '<script>alert(1)</script> *B* & "Sons"'
REST = {
    "premises": {"in": 200, "scored": 200, "excluded": {}},
    "areas": {"in": 2, "scored": 2, "excluded": {}},
    "modelled": [],
    "warnings": [],
}


def put(folder, counts, **changes):
    build = hand_build(counts, **(REST | changes))
    build.areas["area_name"] = [HOSTILE, "Place 1"]
    return written(folder, build)


@pytest.fixture
def offer(tmp_path, monkeypatch):
    """Offer builds on the shelf; the first is shown when a link names none."""

    def make(**builds):
        for name, changes in builds.items():
            put(tmp_path / "builds" / name, **changes)
        monkeypatch.setenv("NOTSPOT_BUILDS", str(tmp_path / "builds"))
        monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "builds" / next(iter(builds))))
        monkeypatch.setattr(studies, "DEMO", tmp_path / "no demo.toml")
        return Reader(tmp_path)

    return make


def old(**changes):
    return {"counts": SLOW, "fingerprint": OLD, "release": "July 2025", **changes}


def new(**changes):
    return {"counts": LESS, "fingerprint": NEW, "release": "January 2026", **changes}


@pytest.mark.skipif(sys.platform == "win32", reason="the README has the commands of Linux and macOS")
def test_one_study_alone_is_told_what_it_needs_with_every_command_of_the_readme(offer):
    shown = offer(new=new()).open("change")
    assert not shown.at.exception
    assert "There is nothing to compare this study with yet" in shown.html
    steps = re.sub(r"</?span[^>]*>", "", shown.html)
    assert "<li>Fetch the older release<code>" in steps
    assert "-m connectivity fetch --districts" in steps
    assert '<span class="ns-whole">--districts</span>' in shown.html  # a hyphen is no place to break a command
    codes = list(hand_build(SLOW).manifest.district_names)
    text = README.read_text(encoding="utf-8").split("## What has changed\n", 1)[1].split("```")[1]
    written = text.replace("Dorset, E06000058", ", ".join(codes)).splitlines()[1:]
    said = [word for line in written for word in shlex.split(line) if not word.endswith("python")]
    shown_words = [word for line in compare_commands(codes) for word in shlex.split(line)]
    assert [word for word in shown_words if not word.endswith("python")] == said


def test_builds_beside_the_one_that_is_named_are_found_and_other_folders_are_not(tmp_path, monkeypatch):
    put(tmp_path / "results" / "newer", **new())
    put(tmp_path / "results" / "older", **old())
    (tmp_path / "results" / "thesis").mkdir()
    (tmp_path / "results" / "thesis" / "manifest.json").write_text('{"by": "someone else"}', encoding="utf-8")
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "results" / "newer"))
    monkeypatch.setattr(studies, "DEMO", tmp_path / "no demo.toml")
    shown = Reader(tmp_path).open("change")
    assert shown.at.selectbox(key="study to compare with").options == ["July 2025 · Two shires"]
    assert "About 8 fewer homes and businesses" in shown.html


def test_two_releases_are_compared_whichever_is_open(offer):
    reader = offer(new=new(), old=old())
    for asked in ({}, {"study": OLD[:8]}):
        shown = reader.open("change", **asked)
        assert not shown.at.exception
        assert "About 8 fewer homes and businesses" in shown.html
        assert "about 35 of 200 in July 2025, 27 of 200 in January 2026" in shown.html
        assert "−8" in shown.html
        assert "1 small area with 10 or more such premises saw no fall" in shown.html
        assert "Place 1" in shown.html


def test_only_studies_that_can_be_compared_are_offered_and_others_have_their_reason(offer):
    other = {"counts": SLOW, "fingerprint": OTHER, "release": "July 2024", "geography": "lsoa11"}
    shown = offer(new=new(), old=old(), other=other).open("change")
    assert shown.at.selectbox(key="study to compare with").options == ["July 2025 · Two shires"]
    assert "small areas of different years. What to do: build both releases on the same geography" in shown.html


def test_a_link_brings_the_comparison_back(offer):
    earlier = {"counts": SLOW, "fingerprint": OTHER, "release": "July 2024"}
    shown = offer(new=new(), old=old(), earlier=earlier).open("change", then=OTHER[:8], measure="digital")
    assert shown.query == {"then": OTHER[:8], "measure": "digital"}
    assert "in July 2024" in shown.html
    assert "use essential online services" in shown.html
    shown.at.selectbox(key="study to compare with").select(OLD[:8]).run()
    assert shown.query["then"] == OLD[:8]
    assert "in July 2025" in shown.html


@pytest.mark.parametrize("asked", ["../../etc", "<b>x</b>", "ffffffff"])
def test_a_partner_that_is_not_on_the_shelf_is_named_and_ignored(offer, asked):
    shown = offer(new=new(), old=old()).open("change", then=asked)
    assert "We hold no such study, so nothing is compared with it." in shown.html
    assert "then" not in shown.query
    assert asked not in shown.html or asked == "ffffffff" or ".." in asked


def test_a_partner_that_may_not_be_compared_is_refused_in_words(offer):
    other = {"counts": SLOW, "fingerprint": OTHER, "release": "July 2024", "geography": "lsoa11"}
    shown = offer(new=new(), old=old(), other=other).open("change", then=OTHER[:8])
    assert "These two studies cannot be compared" in shown.html
    assert "About 8 fewer" in shown.html


def test_a_count_that_was_redefined_is_not_called_better(offer):
    shown = offer(new=new(counts_fwa=True, definition="unable"), old=old(counts_fwa=True)).open("change")
    assert "What is counted changed" in shown.html
    assert "we do not call it better or worse" in shown.html
    assert ", by line alone, cannot" in shown.html


def test_modelled_studies_show_councils_and_no_small_area(offer):
    shown = offer(new=new(coverage_modelled=True), old=old(coverage_modelled=True)).open("change")
    assert "Northshire" in shown.html
    assert "we cannot say which of its areas were left behind" in shown.html
    assert "Place 1" not in shown.html


def test_hostile_names_are_shown_harmlessly(offer):
    shown = offer(new=new(counts=SLOW), old=old()).open("change")
    assert "<script>" not in shown.html
    assert "&lt;script&gt;" in shown.html
