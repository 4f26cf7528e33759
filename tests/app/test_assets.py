from __future__ import annotations

import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest

from connectivity.evidence import typefaces
from connectivity.views import assets, look


def test_leaflet_is_put_in_place_and_named_on_this_machine(tmp_path):
    (tmp_path / "fonts").mkdir()
    for face in assets.TYPEFACES:
        (tmp_path / "fonts" / face.file).write_bytes(b"x")
    assets.prepare(tmp_path)
    assert assets.leaflet_script(base="/notspot", static=tmp_path) == "/notspot/app/static/vendor/leaflet.js"
    assert (tmp_path / "vendor" / "leaflet.js").stat().st_size > 100_000
    assert assets.font_faces(base="/notspot", static=tmp_path).count("@font-face") == 3


def test_where_nothing_can_be_written_leaflet_travels_in_the_page(tmp_path):
    blocked = tmp_path / "static"
    blocked.write_text("a file, so that no folder can be made here", encoding="utf-8")
    assets.prepare(blocked)
    assert assets.leaflet_script(base="", static=blocked).startswith("data:text/javascript;base64,")
    assert assets.serve_text("shapes", "{}", base="", static=blocked) is None
    assert assets.font_faces(base="", static=blocked) == ""


def test_a_text_is_served_once_under_a_name_that_says_what_it_holds(tmp_path, monkeypatch):
    first = assets.serve_text("shapes", '{"a":1}', base="/notspot", static=tmp_path)
    assert re.fullmatch(r"/notspot/app/static/atlas/shapes-[0-9a-f]{16}\.json", first)
    assert assets.serve_text("shapes", '{"a":1}', base="/notspot", static=tmp_path) == first
    assert assets.serve_text("shapes", '{"a":2}', base="/notspot", static=tmp_path) != first
    monkeypatch.setattr(assets, "MOST_FILES", 2)
    last = assets.serve_text("says", "{}", base="", static=tmp_path)
    assert len(list((tmp_path / "atlas").iterdir())) == 2
    assert (tmp_path / last.removeprefix("/app/static/")).read_text(encoding="utf-8") == "{}"


def at_once(number, work):
    """Let threads begin the same work at the same moment, and raise what any of them raises."""
    start = threading.Barrier(number)

    def begin():
        start.wait()
        work()

    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(begin) for _ in range(number)]:
            done.result()


class Cutter:
    """Stands for the process that cuts: never done, so whoever waits for it has waited too long."""

    started: ClassVar[list[list[str]]] = []

    def __init__(self, command, **_options):
        self.started.append(command)

    def wait(self, **_options):
        raise AssertionError("a page waits for its typefaces")

    communicate = poll = wait


def test_fifty_first_readers_start_one_cutting_and_none_of_them_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(Cutter, "started", [])
    monkeypatch.setattr(subprocess, "Popen", Cutter)
    monkeypatch.setattr(assets, "_STARTED", {})
    at_once(50, lambda: assets.prepare(tmp_path))
    assert len(Cutter.started) == 1
    assert (tmp_path / "vendor" / "leaflet.js").stat().st_size > 100_000
    assert assets.font_faces(base="", static=tmp_path) == ""
    assert [path.name for path in (tmp_path / "vendor").glob(".*")] == []


def test_several_processes_cut_each_typeface_once(tmp_path, monkeypatch):
    cut = []

    def slowly(face, *, target):
        cut.append(face.file)
        time.sleep(0.05)
        target.write_bytes(b"whole")

    monkeypatch.setattr(typefaces, "cut", slowly)
    at_once(4, lambda: typefaces.cut_missing(tmp_path, faces=assets.TYPEFACES))
    assert sorted(cut) == sorted(face.file for face in assets.TYPEFACES)


def test_a_typeface_that_is_being_written_is_not_served(tmp_path, monkeypatch):
    from fontTools.ttLib import TTFont

    save = TTFont.save

    def half(self, file, **options):
        save(self, file, **options)
        assert Path(file).parent == tmp_path / "fonts"
        raise OSError("the disk is full")

    monkeypatch.setattr(TTFont, "save", half)
    (tmp_path / "fonts").mkdir()
    for face in assets.TYPEFACES[1:]:
        (tmp_path / "fonts" / face.file).write_bytes(b"whole")
    with pytest.raises(OSError, match="full"):
        typefaces.cut_missing(tmp_path / "fonts", faces=assets.TYPEFACES)
    assert not assets.typefaces_ready(tmp_path)
    assert assets.font_faces(base="", static=tmp_path) == ""


@pytest.mark.slow
def test_a_typeface_is_cut_to_latin_and_keeps_its_name(tmp_path):
    from fontTools.ttLib import TTFont

    face = assets.TYPEFACES[0]
    target = tmp_path / face.file
    typefaces.cut(face, target=target)
    content = target.read_bytes()
    assert len(content) < 40_000
    font = TTFont(BytesIO(content))
    assert font["name"].getDebugName(1).startswith("Public Sans")
    assert {ord("A"), ord("£"), ord("ŵ"), ord("’")} <= set(font.getBestCmap())
    assert [axis.axisTag for axis in font["fvar"].axes] == ["wght"]


@pytest.mark.parametrize("theme", ["light", "dark", None])
def test_every_variable_of_the_stylesheet_has_a_value(theme):
    written = look.stylesheet(theme)
    used = set(re.findall(r"var\(--ns-([a-z-]+)", written)) - {"map"}
    given = set(re.findall(r"--ns-([a-z-]+):", written))
    assert used <= given
    assert "http" not in written.replace("http%3A//www.w3.org/2000/svg", "the name of a language, never fetched")
