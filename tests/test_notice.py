"""The notice of a build whose light is red, in what a build, a comparison and the command line write."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from manifests import WHOLE
from typer.testing import CliRunner
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.change.change_files import compare_folders
from connectivity.cli import app
from connectivity.manifest import read_manifest
from connectivity.places.reports import CSV_COLUMNS
from connectivity.quality.notice import DO_NOT_PUBLISH, notice_of
from connectivity.schema import RANKING_COLUMNS

NOTICE = "This must not be published: its data are marked red."


@pytest.fixture(scope="module")
def red(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("red")
    build(world_2013(folder / "world").study(), out=folder / "out", draws=0, web=True)
    return folder / "out"


def heads(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").partition("\n")[0].split(","))


def test_a_red_build_says_so_in_its_manifest_and_report_and_leaves_its_tables_alone(red):
    said = json.loads((red / "manifest.json").read_bytes())[DO_NOT_PUBLISH]
    assert said.startswith(f"{NOTICE} UK fixed broadband by postcode, 2013: 13 years old")
    assert json.loads((red / "quality.json").read_bytes())[DO_NOT_PUBLISH] == said
    assert said in (red / "quality.html").read_text(encoding="utf-8")
    assert heads(red / "ranking.csv") == RANKING_COLUMNS
    assert heads(red / "by_district.csv") == CSV_COLUMNS


def test_a_plain_page_says_so_before_its_figures_and_in_its_sentence_to_quote(red):
    listed = json.loads((red / "web" / "pages.json").read_bytes())
    assert listed[DO_NOT_PUBLISH].startswith(NOTICE)
    for name in (listed["overview"], *(one["file"] for one in listed["pages"])):
        page = (red / "web" / name).read_text(encoding="utf-8")
        assert page.index(NOTICE) < page.index("<h1>")
        assert (f'<p class="quote">{NOTICE}' in page) == (name != listed["overview"])


def test_a_postcode_s_answer_begins_with_it(red):
    run = CliRunner().invoke(app, ["postcode", "ZZ4 1AA", "--build", str(red)])
    assert " ".join(run.stdout.split()).startswith(NOTICE)
    run = CliRunner().invoke(app, ["postcode", "ZZ4 1AA", "--build", str(red), "--json"])
    assert json.loads(run.stdout)[DO_NOT_PUBLISH].startswith(NOTICE)


def compared(tmp_path: Path, *, mark: str | None) -> Path:
    """Compare two builds of today; the older one has this notice."""
    for name, release in (("old", "January 2025"), ("new", "July 2025")):
        world = world_today(tmp_path / name)
        build(world.study(), out=tmp_path / f"{name}-out", draws=0)
        path = tmp_path / f"{name}-out" / "manifest.json"
        manifest = json.loads(path.read_bytes()) | {"release": release}
        if name == "old":
            manifest[DO_NOT_PUBLISH] = mark
        path.write_text(json.dumps(manifest), encoding="utf-8")
    compare_folders([tmp_path / "old-out", tmp_path / "new-out"], out=tmp_path / "change")
    return tmp_path / "change"


@pytest.mark.parametrize("mark", [NOTICE, None])
def test_a_comparison_with_a_red_build_says_so_in_every_file(tmp_path, mark):
    out = compared(tmp_path, mark=mark)
    said = f"“Two shires”: {NOTICE}" if mark else None
    summary = json.loads((out / "change.json").read_bytes())
    assert summary[DO_NOT_PUBLISH] == said
    assert json.loads((out / "manifest.json").read_bytes())[DO_NOT_PUBLISH] == said
    assert (said in summary["cautions"]) == bool(mark)
    for name in ("change.csv", "change_councils.csv", "left_behind.csv"):
        text = (out / name).read_text(encoding="utf-8")
        assert (heads(out / name)[-1] == DO_NOT_PUBLISH) == bool(mark)
        assert {row.get(DO_NOT_PUBLISH) for row in csv.DictReader(io.StringIO(text))} <= {said}


def test_the_notice_gives_the_first_reason_and_counts_the_others():
    reasons = [
        {"colour": "red", "words": "Postcodes: It is old. And 2 more, under that layer."},
        {"colour": "red", "words": "Too much is missing."},
        {"colour": "amber", "words": "A figure is modelled."},
    ]
    said = notice_of({"colour": "red", "reasons": reasons})
    assert said == f"{NOTICE} Postcodes: It is old. The report on the data has 1 more reason."
    assert notice_of({"colour": "amber", "reasons": reasons[2:]}) is None
    assert notice_of({"colour": "green", "reasons": []}) is None


@pytest.mark.parametrize("light", [None, "amber", "green", "red"])
def test_an_older_manifest_has_a_notice_only_with_a_red_light(tmp_path, light):
    quality = {"light": light, "words": "W", "file": "quality.json", "page": "quality.html"} if light else None
    (tmp_path / "manifest.json").write_bytes(json.dumps(WHOLE | {"quality": quality}).encode())
    assert read_manifest(tmp_path).do_not_publish == (NOTICE if light == "red" else None)
