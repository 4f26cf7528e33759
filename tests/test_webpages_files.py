"""Plain pages on disk: safe names, the same bytes by either way, the old folder or the new one."""

from __future__ import annotations

import json
import re

import pytest
from hand_builds import NORTH, written
from hypothesis import given
from hypothesis import strategies as st
from plain_pages import Plain, webbed
from worlds import run_command, world_2013, world_today

from connectivity import build as building
from connectivity.html import page_files
from connectivity.html.council_pages import council_html
from connectivity.html.page_files import OVERVIEW, WEB, heavy, page_names, published
from connectivity.outputs import read_build
from layers.errors import OutputError

THREE = {0: (100, 0, 1, 2, 5), 2: (200, 4, 30, 50, 90), 1: (1000, 10, 50, 100, 200)}
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.html", re.IGNORECASE)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(*arguments, out=tmp_path / "out"):
        return run_command(*arguments, out=out, log=tmp_path / "log", monkeypatch=monkeypatch, capsys=capsys)

    return run


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from(["", "CON", "con", "index", "é", "a b", "a-b", "E1"]))))
def test_no_two_councils_share_a_file_and_each_name_is_safe_anywhere(pairs):
    districts = {f"{code}{'!' * n}": name for n, (name, code) in enumerate(pairs)}
    named = list(page_names(districts).values())
    assert len({name.casefold() for name in named}) == len(named) == len(pairs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.html", name) and len(name) < 100 for name in named)
    assert not any(RESERVED.fullmatch(name) or name == OVERVIEW for name in named)


def test_a_build_writes_no_pages_unless_asked(run, tmp_path):
    run("build", world_today(tmp_path).study(), "--draws", "0")
    assert not (tmp_path / "out" / WEB).exists()


@pytest.mark.parametrize("world", [world_today, world_2013])
def test_build_and_webpages_write_the_same_bytes(run, tmp_path, world):
    result = run("build", world(tmp_path).study(), "--draws", "20", "--web")
    assert result.code == 0
    said = run("webpages", result.folder, "--out", tmp_path / "pages")
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Pages for 2 councils, and index.html. Written to {tmp_path / 'pages'}\n"
    assert contents(tmp_path / "pages") == contents(result.folder / WEB)
    run("webpages", result.folder, "--out", tmp_path / "pages")  # again, over the earlier ones
    assert contents(tmp_path / "pages") == contents(result.folder / WEB)


def test_the_list_names_every_page_with_its_size_and_the_overview_leads_to_each(tmp_path):
    folder = written(tmp_path / "build", webbed(THREE))
    assert published(folder, out=tmp_path / "pages") == 2
    listed = json.loads((tmp_path / "pages" / "pages.json").read_bytes())
    assert listed["fingerprint"] == read_build(folder).manifest.fingerprint
    pages = {page["file"]: page["bytes"] for page in listed["pages"]}
    assert sorted([*pages, OVERVIEW, "pages.json"]) == sorted(contents(tmp_path / "pages"))
    assert all(len(contents(tmp_path / "pages")[file]) == size for file, size in pages.items())
    links = Plain((tmp_path / "pages" / OVERVIEW).read_text(encoding="utf-8")).values("a", "href")
    assert links[1:] == ["northshire-e06000901.html", "southshire-e06000902.html"]
    back = (tmp_path / "pages" / links[1]).read_text(encoding="utf-8")
    assert Plain(back).values("a", "href") == ["#main", OVERVIEW]
    assert Plain(council_html(webbed(THREE), NORTH)).values("a", "href") == [
        "#main"
    ]  # one that stands alone leads nowhere


def test_when_a_page_fails_the_old_build_is_still_there_whole(run, tmp_path, monkeypatch):
    study = world_today(tmp_path).study()
    first = run("build", study, "--draws", "0", "--web")
    before = contents(first.folder / WEB), (first.folder / "manifest.json").read_bytes()

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(page_files, "overview_of", broken)
    assert run("build", study, "--draws", "0", "--web").code == 1
    assert (contents(first.folder / WEB), (first.folder / "manifest.json").read_bytes()) == before
    assert run("webpages", first.folder, "--out", tmp_path / "pages").code == 1
    assert not (tmp_path / "pages").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_build_without_pages_takes_the_old_ones_away(tmp_path):
    study = world_today(tmp_path).study()
    building.build(study, out=tmp_path / "out", draws=0, web=True)
    assert (tmp_path / "out" / WEB / OVERVIEW).is_file()
    building.build(study, out=tmp_path / "out", draws=0)
    assert not (tmp_path / "out" / WEB).exists()


def test_pages_never_replace_a_build_or_anything_else(tmp_path):
    folder = written(tmp_path / "build", webbed(THREE))
    with pytest.raises(OutputError, match="cannot be replaced"):
        published(folder, out=folder)
    assert read_build(folder).manifest.study == "Two shires"


def test_what_somebody_added_to_earlier_pages_is_not_lost(tmp_path):
    folder = written(tmp_path / "build", webbed(THREE))
    published(folder, out=tmp_path / "pages")
    published(folder, out=tmp_path / "pages")
    (tmp_path / "pages" / "crest.png").write_bytes(b"ours")
    with pytest.raises(OutputError, match="other things"):
        published(folder, out=tmp_path / "pages")
    assert (tmp_path / "pages" / "crest.png").read_bytes() == b"ours"


def test_a_folder_that_is_no_build_is_the_users_to_mend(run, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("webpages", tmp_path / "empty", "--out", tmp_path / "pages")
    assert (result.code, result.out) == (2, "")
    assert not (tmp_path / "pages").exists()


def test_a_page_that_is_too_heavy_is_said(run, tmp_path):
    many = {2 * n: (1_000, 10, 5, 10, 300) for n in range(1_400)}
    folder = written(tmp_path / "build", webbed(many))
    result = run("webpages", folder, "--out", tmp_path / "pages")
    assert result.code == 0
    assert re.search(r"northshire-e06000901\.html has \d+ kB, more than the 150 kB", result.err)
    assert len(heavy(tmp_path / "pages")) == 1
