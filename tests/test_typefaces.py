from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from importlib import metadata

import pytest

from connectivity.evidence import typefaces
from connectivity.evidence.typefaces import PRINTED, printed_ready, printed_typefaces
from layers.errors import OutputError


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Stand in for the cutting, which takes seconds: files are copies of those this machine has."""
    known = printed_typefaces()
    cut = []

    def copy(face, *, target):
        cut.append(face.file)
        time.sleep(0.01)
        target.write_bytes((known.folder / face.file).read_bytes())

    monkeypatch.setattr(typefaces, "cut", copy)
    monkeypatch.setattr(typefaces.tempfile, "gettempdir", lambda: str(tmp_path / "passing"))
    return cut


def test_the_typefaces_of_documents_have_every_letter_and_say_what_they_are():
    from fontTools.ttLib import TTFont

    known = printed_typefaces()
    assert set(known.hashes) == {face.file for face in PRINTED}
    assert {"A", "£", "ŵ", "Ẁ", "’", "–", "…", "€", "−"} <= known.letters
    assert known.width("MMM") > 3 * known.width("i")
    for face in PRINTED:
        content = (known.folder / face.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == known.hashes[face.file]
        with TTFont(known.folder / face.file) as font:
            assert font["name"].getDebugName(1) == face.family
            assert font["OS/2"].usWeightClass == int(face.weight)
            assert "fvar" not in font
            assert known.letters <= set(map(chr, font.getBestCmap()))


@pytest.mark.slow
def test_a_typeface_is_cut_to_the_same_bytes_again(tmp_path):
    face = PRINTED[0]
    typefaces.cut(face, target=tmp_path / face.file)
    assert hashlib.sha256((tmp_path / face.file).read_bytes()).hexdigest() == printed_typefaces().hashes[face.file]


def test_they_are_cut_once_and_found_again(quick, tmp_path):
    assert not printed_ready(tmp_path / "kept")
    first = printed_typefaces(tmp_path / "kept")
    assert printed_ready(tmp_path / "kept")
    assert printed_typefaces(tmp_path / "kept") == first
    assert sorted(quick) == sorted(face.file for face in PRINTED)
    assert first.hashes == printed_typefaces().hashes


def test_several_at_once_cut_each_once(quick, tmp_path):
    workers = [threading.Thread(target=printed_typefaces, args=(tmp_path / "kept",)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(quick) == sorted(face.file for face in PRINTED)


def test_one_that_was_altered_is_cut_again(quick, tmp_path):
    known = printed_typefaces(tmp_path / "kept")
    (known.folder / PRINTED[0].file).write_bytes(b"altered")
    assert not printed_ready(tmp_path / "kept")
    assert printed_typefaces(tmp_path / "kept") == known


def test_where_the_cache_cannot_be_written_the_folder_for_passing_files_stands_in(quick, tmp_path):
    (tmp_path / "kept").write_text("a file, so that no folder can be made here", encoding="utf-8")
    known = printed_typefaces(tmp_path / "kept")
    assert known.folder.is_relative_to(tmp_path / "passing")
    assert printed_ready(tmp_path / "kept")
    assert stat.S_IMODE(known.folder.parent.stat().st_mode) == 0o700 or os.name == "nt"


def test_typefaces_that_another_user_left_are_not_taken(quick, tmp_path, monkeypatch):
    (tmp_path / "kept").write_text("a file, so that no folder can be made here", encoding="utf-8")
    monkeypatch.setattr(typefaces, "_owner", lambda _folder: -1)
    printed_typefaces(tmp_path / "kept")
    assert not printed_ready(tmp_path / "kept")


def test_where_nothing_can_be_written_the_message_says_what_to_do(quick, tmp_path):
    for name in ("kept", "passing"):
        (tmp_path / name).write_text("a file, so that no folder can be made here", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be kept") as raised:
        printed_typefaces(tmp_path / "kept")
    assert "free some space" in str(raised.value)


def test_a_package_that_is_not_there_is_named(monkeypatch, tmp_path):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(typefaces.metadata, "version", absent)
    with pytest.raises(OutputError, match="not installed") as raised:
        printed_typefaces(tmp_path)
    assert "pip install -r requirements.txt" in str(raised.value)


def test_accents_apart_are_put_together_and_odd_hyphens_are_plain():
    known = printed_typefaces()
    assert known.printable("W\u0302yn\u2011y\u2010mor\u00ad") == "Ŵyn-y-mor"
    assert known.printable("中") == "\\u4e2d"
