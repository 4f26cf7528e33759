"""When two builds may be compared, and the reason when they may not; the command and what it leaves behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hand_builds import hand_build, source, written
from manifests import indicator
from worlds import NORTHSHIRE, SOUTHSHIRE, authority_row, run_command, world_today, write_csv

from connectivity.build import build
from connectivity.change.change_files import compare_folders
from connectivity.change.comparability import BuildSummary, NotComparableError, comparability_of, partners
from connectivity.change.comparison import compare_builds
from connectivity.method.records import HOME_WORKER
from connectivity.outputs import read_build
from connectivity.views import studies
from layers.errors import LayerError, OutputError
from layers.ofcom.availability import decent_definition

JULY, JANUARY = "July 2025", "January 2026"
SLOW, LESS = {0: (100, 0, 20, 20, 20)}, {0: (100, 0, 12, 12, 12)}


def summaries(old=None, new=None):
    """Make two summaries that can be compared, with changes to the manifest of either."""
    made = (
        hand_build(SLOW, **({"release": JULY} | (old or {}))),
        hand_build(LESS, **({"release": JANUARY} | (new or {}))),
    )
    return [BuildSummary.of(build.manifest) for build in made]


REFUSED = {
    "measured": ({"basis": "measured sync speeds"}, {}, "measured are not compared"),
    "lines": ({"unit": "lines"}, {}, "premises, the other lines"),
    "geography": ({"geography": "lsoa11"}, {}, "small areas of different years"),
    "method": ({"method_version": "1"}, {}, "different versions of the method"),
    "both of another method": ({"method_version": "0"}, {"method_version": "0"}, "another version of the method"),
    "fixed wireless": ({}, {"counts_fwa": True}, "Fixed wireless is counted in one build only"),
    "mobile": ({}, {"counts_mobile": True}, "Mobile is counted in one build only"),
    "homes": ({"release": "July 2025, homes only"}, {}, "counts homes only"),
    "by postcode": ({"sources": [source("ofcom_postcode")]}, {}, "file by postcode"),
    "same build": ({}, {"release": JULY, "fingerprint": JULY.encode().hex().ljust(64, "0")}, "nothing to compare"),
    "same file": (
        {"sources": [source("ofcom_oa", digest="a")]},
        {"release": JULY, "sources": [source("ofcom_oa", digest="a")], "fingerprint": "f" * 64},
        "nothing to compare",
    ),
    "no date": ({"release": "Connected Nations"}, {}, "does not say of which month"),
    "wrong order": ({"release": "March 2026"}, {}, "wrong order"),
    "other councils": (
        {"districts": [{"code": "E06000999", "name": "Elsewhere", "separable": True}]},
        {},
        "no council in common",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_pair_that_would_mislead_is_refused_with_its_reason_and_the_next_step(case):
    old, new, words = REFUSED[case]
    with pytest.raises(NotComparableError, match=words) as refused:
        comparability_of(*summaries(old, new))
    assert refused.value.parts["next"]
    assert refused.value.parts["found"] or case == "other councils"


def test_a_build_beside_itself_is_refused():
    build = hand_build(SLOW)
    with pytest.raises(NotComparableError, match="nothing to compare"):
        compare_builds([build, build])


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("weights", {"remote": 1, "digital": 0, "need": 0, "alternative": 0}, "The weights differ"),
        ("aggregation", "worst", "How the parts are put together differ"),
        ("indicators", [indicator("library")], "The indicators differ"),
    ],
)
def test_what_changes_scores_alone_may_differ_and_is_said(key, value, words):
    agreed = comparability_of(*summaries({key: value}))
    assert any(note.startswith(words) for note in agreed.notes)
    assert agreed.definitions == {}


def test_another_lookup_is_said_because_premises_may_have_moved_between_areas():
    old, new = ({"sources": [source("ofcom_oa", digest=day), source("lookup", digest=day)]} for day in "ab")
    assert any("moved between areas" in note for note in comparability_of(*summaries(old, new)).notes)


def test_the_same_release_from_another_file_is_a_correction():
    new = {"release": JULY, "fingerprint": "f" * 64, "sources": [source("ofcom_oa", digest="r02")]}
    assert comparability_of(*summaries({}, new)).correction


def test_a_build_that_does_not_record_the_definition_is_not_taken_for_the_same():
    agreed = comparability_of(*summaries({"counts_fwa": True, "definition": None}, {"counts_fwa": True}))
    assert "does not record" in agreed.definitions["digital"]


def test_partners_are_found_whichever_is_the_older_and_others_have_their_reason():
    old, new = summaries()
    other = summaries({"geography": "lsoa11"})[0]
    said = partners({"old": old, "new": new, "other": other}, of="new")
    assert said["old"] is None
    assert said["other"].startswith("The two builds are on small areas of different years. What to do: ")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def start(*arguments):
        out = tmp_path / "change"
        place = {"out": out, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
        return run_command("compare", *arguments, "--out", out, **place)

    return start


@pytest.fixture
def folders(tmp_path):
    return [
        written(tmp_path / "old", hand_build(SLOW | {1: (100, 0, 15, 15, 15)}, release=JULY)),
        written(tmp_path / "new", hand_build(LESS | {1: (100, 0, 15, 15, 15)}, release=JANUARY)),
    ]


def test_two_builds_give_tables_a_summary_and_sentences(run, folders):
    result = run(*folders)
    assert result.code == 0, result.err
    said = f"About 8 fewer homes and businesses in Northshire and Southshire cannot support {HOME_WORKER.label}"
    assert said in result.out
    assert "about 35 of 200 in July 2025, 27 of 200 in January 2026" in result.out
    assert "Surely fewer" in result.out
    areas = pd.read_csv(result.folder / "change.csv")
    assert areas["status"].unique().tolist() == ["compared"]
    parts = areas[["speed_effect", "unknown_effect", "premises_effect", "definition_effect"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(areas["change"].tolist(), abs=2e-4)
    behind = pd.read_csv(result.folder / "left_behind.csv")
    assert behind["area_name"].tolist() == ["Place 1", "Place 1"]
    summary = json.loads((result.folder / "change.json").read_bytes())
    assert summary["totals"]["remote"]["change"] == -8
    assert [summary[side]["release"] for side in ("older", "newer")] == [JULY, JANUARY]
    assert summary["left_behind"] == {"remote": 1, "digital": 1}
    assert sorted(path.name for path in result.folder.iterdir()) == [
        *("change.csv", "change.json", "change_councils.csv", "left_behind.csv", "manifest.json")
    ]


def test_a_redefined_count_is_said_first_and_lines_alone_stand_in(run, tmp_path):
    old = written(tmp_path / "old", hand_build(SLOW, release=JULY, counts_fwa=True))
    new = written(tmp_path / "new", hand_build(LESS, release=JANUARY, counts_fwa=True, definition="unable"))
    result = run(old, new)
    assert result.out.startswith("What is counted changed. Ofcom’s count changed its name")
    assert "in Northshire, by line alone, cannot" in result.out
    refused = json.loads((result.folder / "change.json").read_bytes())["refused"]
    assert [words.split(":")[0] for words in refused] == ["better or worse, remote", "better or worse, digital"]


def test_a_refusal_leaves_nothing_behind(run, folders):
    result = run(*reversed(folders))
    assert result.code == 2
    assert result.said("next") == "name the older release first, then the newer one"
    assert not result.folder.exists()


def test_one_build_alone_is_not_enough(run, folders):
    result = run(folders[0])
    assert result.code == 2
    assert "not enough builds" in result.err


def test_what_is_no_build_is_named(run, folders, tmp_path):
    result = run(folders[0], tmp_path / "nothing")
    assert result.code == 2
    assert "nothing" in result.said("file")


def test_only_the_last_releases_are_followed_when_asked(run, folders, tmp_path):
    first = written(tmp_path / "first", hand_build({1: (100, 0, 30, 30, 30)}, release="July 2024"))
    assert run(first, *folders, "--releases", 1).code == 0
    assert json.loads((tmp_path / "change" / "change.json").read_bytes())["releases"] == [JULY, JANUARY]
    assert run(first, *folders, "--releases", 3).code == 2


def test_a_comparison_never_replaces_a_build_but_replaces_an_earlier_comparison(folders, tmp_path):
    before = (folders[1] / "ranking.csv").read_bytes()
    with pytest.raises(OutputError, match="something else than a comparison"):
        compare_folders(folders, out=folders[1])
    assert (folders[1] / "ranking.csv").read_bytes() == before
    for _ in range(2):
        compare_folders(folders, out=tmp_path / "change")


def test_a_comparison_is_not_taken_for_a_build(folders, tmp_path):
    compare_folders(folders, out=tmp_path / "change")
    assert studies.read(tmp_path / "change") is None
    with pytest.raises(OutputError):
        read_build(tmp_path / "change")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@SUM(1)", "a\u202eb", "x\ny"])
def test_a_name_that_would_do_harm_is_refused(tmp_path, name):
    new = hand_build(LESS, release=JANUARY)
    new.areas["area_name"] = name
    paths = [written(tmp_path / "old", hand_build(SLOW, release=JULY)), written(tmp_path / "new", new)]
    with pytest.raises(LayerError, match="harm in a spreadsheet"):
        compare_folders(paths, out=tmp_path / "change")
    assert not (tmp_path / "change").exists()


def test_every_column_of_the_tables_is_described(folders, tmp_path):
    text = (Path(__file__).parents[1] / "docs" / "change.md").read_text(encoding="utf-8")
    section = text.split("## What is written\n")[1]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    described = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}
    compare_folders(folders, out=tmp_path / "change")
    found = {c for name in ("change", "change_councils") for c in pd.read_csv(tmp_path / "change" / f"{name}.csv")}
    assert found == described


def test_two_modelled_releases_are_compared_by_council(tmp_path):
    worlds = []
    for month, unable in (("202507", (6, 12, 30, 60)), ("202601", (6, 12, 20, 60))):
        world = world_today(tmp_path / month)
        name = f"{month}_fixed_laua_coverage_r01.csv"
        north = authority_row(NORTHSHIRE, premises=600, matched=600, unable=unable, above=(400, 380), decent=20)
        south = authority_row(
            SOUTHSHIRE, premises=300, matched=300, unable=(10, 30, 60, 120), above=(90, 80), decent=45
        )
        write_csv(world.path(name), [north, south])
        build(world.study(layers={"ofcom_authority": name}, switches={"fwa": False}), out=world.folder / "out")
        worlds.append(world.folder / "out")
    found = compare_folders(worlds, out=tmp_path / "change")
    assert found.comparability.level == "councils"
    digital = found.councils[found.councils["count"].eq("digital")].set_index("district_name")
    # 30 lines under 10, and 3 % of 30 slow ones fail upload; then 20, and 3 % of 40
    assert digital.loc["Northshire", ["old", "new"]].tolist() == pytest.approx([30.9, 21.2])
    assert digital.loc["Northshire", "speed_effect"] == pytest.approx(-9.7)
    assert digital.loc["Southshire", "certainty"] == "no change"
    areas = pd.read_csv(tmp_path / "change" / "change.csv")
    assert areas["new"].isna().all()
    assert areas["status"].str.startswith("modelled").all()


def test_a_release_that_would_do_harm_as_a_heading_is_refused(tmp_path):
    paths = [
        written(tmp_path / "old", hand_build(SLOW, release="=1+1 July 2025")),
        written(tmp_path / "new", hand_build(LESS, release=JANUARY)),
    ]
    with pytest.raises(LayerError, match="harm in a spreadsheet"):
        compare_folders(paths, out=tmp_path / "change")


@pytest.mark.parametrize("fwa", [False, True])
def test_where_no_area_can_be_compared_each_is_listed_and_no_figure_is_made_up(run, tmp_path, fwa):
    old = hand_build({0: (8, 0)}, release=JULY, counts_fwa=fwa)
    new = hand_build(LESS, release=JANUARY, counts_fwa=fwa, definition="unable")
    result = run(written(tmp_path / "old", old), written(tmp_path / "new", new))
    assert result.code == 0, result.err
    assert "1 small area (premises: 8, then 100): older build: fewer than 10 premises" in " ".join(result.err.split())
    assert "fewer homes" not in result.out
    assert json.loads((result.folder / "change.json").read_bytes())["totals"] == {}


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Number of premises below the USO", "below the USO"),
        ("% of premises below the USO", "below the USO"),
        ("Number of premises unable meet USO", "unable meet USO"),
        (
            "% of premises unable to receive decent broadband from fixed or FWA",
            "unable to receive decent broadband from fixed or FWA",
        ),
        ("Median.Speed.Mbps", None),
    ],
)
def test_a_release_is_asked_what_it_calls_premises_below_decent_broadband(tmp_path, heading, words):
    path = tmp_path / "release.csv"
    path.write_text(f"output_area,{heading}\nE1,0\n", encoding="utf-8")
    assert decent_definition(path) == words
