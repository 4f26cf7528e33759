"""The report as a page: no script, nothing from outside, every word escaped, tables that can be read aloud."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from manifests import hand_manifest
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.claims.claim import Basis
from connectivity.html.quality_page import LISTED, quality_html
from connectivity.manifest import read_manifest
from connectivity.quality.notice import PAGE, read_quality
from connectivity.quality.quality_report import quality_of
from layers.ledger import Ledger

HOSTILE = "<script>alert(1)</script>\" onload='x' & " + chr(0x202E)


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def areas(count=3, *, status="scored", name="Alder", unknown=0.0):
    codes = [f"E{number:08d}" for number in range(count)]
    columns = {"area_name": name, "district_name": name, "status": status, "premises_unknown": unknown}
    return pd.DataFrame(columns, index=codes)


def ledger_with(path: Path, *, kind="census", release="2021", words="fine") -> Ledger:
    path.write_text("a")
    ledger = Ledger()
    ledger.used(path, kind=kind, rows=3, release=release)
    ledger.rows(path, rows_in=3, rows_used=3, noun=words)
    ledger.check(path, words, rows=3)
    return ledger


@pytest.fixture(scope="module", params=[world_today, world_2013])
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    build(request.param(folder).study(), out=folder / "out")
    return (folder / "out" / PAGE).read_text(encoding="utf-8")


def test_the_page_runs_nothing_and_asks_for_nothing(page):
    outline = Outline(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(outline.tags)
    assert not [name for _, name, _ in outline.attributes if name.startswith("on") or name in {"src", "style"}]
    assert all(value.startswith("#") for _, name, value in outline.attributes if name == "href")
    assert not re.search(r"url\(|@import|https?://", page)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in outline.attributes


def test_every_tag_is_closed_and_every_table_has_a_caption_and_scopes(page):
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags.count("table") == outline.tags.count("caption") > 0
    scopes = [value for tag, name, value in outline.attributes if (tag, name) == ("th", "scope")]
    assert len(scopes) == outline.tags.count("th")
    assert set(scopes) == {"col", "row"}
    assert outline.tags.count("h1") == 1
    assert ("html", "lang", "en-GB") in outline.attributes
    targets = {value for _, name, value in outline.attributes if name == "id"}
    assert {value[1:] for _, name, value in outline.attributes if name == "href"} <= targets


def test_headings_never_skip_a_level(page):
    levels = [int(tag[1]) for tag in Outline(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(next_ <= level + 1 for level, next_ in itertools.pairwise(levels))


def test_a_light_is_a_word_and_a_shape_beside_its_colour(page):
    lights = re.findall(r'<strong class="light (\w+)">(.*?)</strong>', page)
    assert lights
    for colour, inside in lights:
        assert re.search(rf"</span> {colour.capitalize()}(: \w|$)", inside)
        assert 'aria-hidden="true"' in inside


def test_whatever_a_file_or_a_user_wrote_is_shown_and_never_run(tmp_path):
    ledger = ledger_with(tmp_path / "a'b&c.csv", words=HOSTILE, release=HOSTILE)
    left_out = areas(2, status=HOSTILE, name=HOSTILE)
    counts = {"in": 3, "scored": 1, "excluded": {HOSTILE: 2}}
    made = hand_manifest(study=HOSTILE, software=HOSTILE, modelled=[HOSTILE], premises=counts, areas=counts)
    page = quality_html(quality_of(left_out, ledger=ledger, manifest=made), basis=Basis.of(made))
    outline = Outline(page)
    assert "script" not in outline.tags
    assert "onload" not in {name for _, name, _ in outline.attributes}
    assert chr(0x202E) not in page
    assert outline.words.count("<script>alert(1)</script>") > 5


def test_places_without_a_score_are_all_listed_with_code_and_name(tmp_path):
    left_out = areas(3, status="fewer than 10 premises", name="Chesil Bank")
    made = hand_manifest(areas={"in": 3, "scored": 0, "excluded": {}})
    report = quality_of(left_out, ledger=ledger_with(tmp_path / "a.csv"), manifest=made)
    assert [area["code"] for area in report["areas"]["excluded"][0]["areas"]] == list(left_out.index)
    words = Outline(quality_html(report, basis=Basis.of(made))).words
    assert all(code in words for code in left_out.index)
    assert "Chesil Bank" in words
    assert report["light"]["colour"] == "red"  # none of the places has a score


def test_a_long_list_is_folded_and_the_page_stays_small(tmp_path):
    many = 3_000
    left_out = areas(many, status="fewer than 10 premises", name="Bournemouth, Christchurch and Poole, part 12")
    made = hand_manifest(areas={"in": many, "scored": 0, "excluded": {}})
    report = quality_of(left_out, ledger=ledger_with(tmp_path / "a.csv"), manifest=made)
    page = quality_html(report, basis=Basis.of(made))
    assert len(page.encode()) < 150_000
    assert f"{many - int(LISTED.value):,} more are listed in quality.json" in page
    assert f"<summary>{many:,} places: fewer than 10 premises</summary>" in page
    assert len(report["areas"]["excluded"][0]["areas"]) == many


def test_premises_that_do_not_add_up_are_said_and_red(tmp_path):
    made = hand_manifest(premises={"in": 30, "scored": 20, "excluded": {"unmatched": 2}})
    report = quality_of(areas(), ledger=ledger_with(tmp_path / "a.csv"), manifest=made)
    assert not report["premises"]["balances"]
    assert report["light"]["colour"] == "red"
    assert "They do not add up" in quality_html(report, basis=Basis.of(made))


def test_a_build_in_which_nothing_was_found_is_green_and_says_no_more(tmp_path):
    report = quality_of(areas(), ledger=ledger_with(tmp_path / "a.csv"), manifest=hand_manifest())
    assert report["light"] == {"colour": "green", "words": "No fault found by these checks", "reasons": []}
    assert "Nothing was found." in quality_html(report, basis=Basis.of(hand_manifest()))


def test_a_premises_that_is_not_known_keeps_a_build_from_green(tmp_path):
    report = quality_of(areas(unknown=1.0), ledger=ledger_with(tmp_path / "a.csv"), manifest=hand_manifest())
    assert report["light"]["colour"] == "amber"
    assert report["premises"]["unknown"] == 3


def test_two_layers_of_one_kind_stand_apart(tmp_path):
    ledger = Ledger()
    for name in ("parish.csv", "valley.csv"):
        (tmp_path / name).write_text(name)
        ledger.used(tmp_path / name, kind="reporting", rows=2, release="2024")
        ledger.rows(tmp_path / name, rows_in=2, rows_used=2)
    report = quality_of(areas(), ledger=ledger, manifest=hand_manifest())
    assert [(one["files"][0]["file"], len(one["rows"])) for one in report["layers"]] == [
        ("parish.csv", 1),
        ("valley.csv", 1),
    ]


def test_the_page_is_made_of_the_document_and_the_manifest_alone(tmp_path):
    folder = tmp_path / "out"
    build(world_today(tmp_path).study(), out=folder)
    basis = Basis.of(read_manifest(folder))
    assert quality_html(read_quality(folder), basis=basis) == (folder / PAGE).read_text(encoding="utf-8")
