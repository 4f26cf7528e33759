"""A build whose light is red says so on every page, in every sentence to copy and in every file; no other one does."""

from __future__ import annotations

import csv
import io
import json
import shutil
from html import escape
from pathlib import Path

import pytest
import streamlit as st
from shires import Reader
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.quality.notice import DO_NOT_PUBLISH, MARK
from connectivity.views import contents

NOTICE = "This must not be published: its data are marked red."
QUOTING = {
    *("why", "postcode", "compare", "weightings", "boundaries", "boundary", "hidden", "service", "evidence"),
    *("sure", "first", "where"),
}
"""Pages with a sentence to copy, once a place is chosen."""
SAID_SHORTER = {"compare", "where"}
"""Pages that show the sentence they copy in fewer words."""
HANDING_OUT = {"boundary", "service", "first", "own", "evidence", "quality"}
"""Pages that hand out files."""
EXAMPLES = {"example-points.csv", "example-figures.csv"}
"""Files to fill in, which hold no figure of a build."""
WARDS = {"wards": "wards.geojson"}
PAGES = [one.file for one in contents.contents_entries()]


@pytest.fixture(scope="module")
def red(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("red")
    build(world_2013(folder / "world").study(layers=WARDS), out=folder / "out", draws=100)
    return folder / "out"


@pytest.fixture(scope="module")
def amber(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("amber")
    build(world_today(folder / "world").study(layers=WARDS), out=folder / "out", draws=100)
    return folder / "out"


@pytest.fixture
def handed_out(monkeypatch) -> dict[str, str | bytes]:
    """Keep what each button to download would give, by the name of the file."""
    given: dict[str, str | bytes] = {}
    real = st.download_button

    def button(label, data, *, file_name, **options):
        given[file_name] = data() if callable(data) else data
        return real(label, data, file_name=file_name, **options)

    monkeypatch.setattr(st, "download_button", button)
    return given


def opened(folder: Path, page: str, monkeypatch) -> Reader:
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    areas = json.loads((folder / "manifest.json").read_bytes())
    district = areas["districts"][0]["code"]
    query = {
        "postcode": {"postcode": "ZZ4 1AA"},
        "boundary": {"by": "district", "at": district},
        "evidence": {"district": district},
        "hidden": {"by": "district", "at": district},
    }.get(page, {})
    reader = Reader(folder).open(page, **query)
    assert not reader.at.exception
    return reader


def copied(reader: Reader) -> list[str]:
    """List what the buttons to copy a sentence put on the clipboard."""
    sent = [json.loads(e.proto.json) for e in reader.at.get("bidi_component") if "copy" in e.proto.component_name]
    return [one["text"] for one in sent if one["text"] is not None]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_every_sentence_and_every_file_of_a_red_build_has_the_notice(page, red, handed_out, monkeypatch):
    reader = opened(red, page, monkeypatch)
    made = [element.proto.body for element in reader.at.get("html") if not element.proto.body.startswith("<style")]
    first = next(number for number, body in enumerate(made) if NOTICE in body)
    assert first < next(number for number, body in enumerate(made) if "ns-strip" in body)
    assert "13 years old" in made[first]
    sentences = copied(reader)
    assert bool(sentences) == (page in QUOTING)
    for sentence in sentences:
        assert sentence.startswith(NOTICE)
        assert escape(sentence) in reader.html or page in SAID_SHORTER
    assert bool(handed_out) == (page in HANDING_OUT)
    for name, data in handed_out.items():
        if name in EXAMPLES:
            continue
        assert name.startswith(MARK)
        stored = red / name.removeprefix(MARK)
        if stored.exists():
            assert data == stored.read_bytes()
        elif name.endswith(".csv"):
            rows = list(csv.DictReader(io.StringIO(data)))
            assert {row[DO_NOT_PUBLISH].startswith(NOTICE) for row in rows} == {True}
            assert list(rows[0])[-1] == DO_NOT_PUBLISH
        else:
            assert NOTICE in (data if isinstance(data, str) else data.decode())


@pytest.mark.parametrize("page", PAGES)
def test_no_page_sentence_or_file_of_another_build_has_it(page, amber, handed_out, monkeypatch):
    reader = opened(amber, page, monkeypatch)
    assert "must not be published" not in reader.html
    assert not [sentence for sentence in copied(reader) if "must not be published" in sentence]
    for name, data in handed_out.items():
        assert not name.startswith(MARK)
        assert "must not be published" not in (data if isinstance(data, str) else data.decode(errors="replace"))
        if name.endswith(".csv"):
            assert DO_NOT_PUBLISH not in (data if isinstance(data, str) else data.decode()).partition("\n")[0]


def test_nothing_is_said_to_be_fit_to_leave_the_building(red, amber, monkeypatch):
    for folder in (red, amber):
        shown = opened(folder, "evidence", monkeypatch).html
        assert "may leave the building" not in shown
        assert ("put it on a council’s own website" in shown) == (folder == amber)


def test_a_red_build_made_before_manifests_had_the_notice_has_it_too(red, tmp_path, monkeypatch):
    older = tmp_path / "older"
    shutil.copytree(red, older)
    manifest = json.loads((older / "manifest.json").read_bytes())
    del manifest[DO_NOT_PUBLISH]
    (older / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert f"{NOTICE} UK fixed broadband by postcode, 2013" in opened(older, "where", monkeypatch).html
    (older / "quality.json").unlink()
    assert NOTICE in opened(older, "why", monkeypatch).html
