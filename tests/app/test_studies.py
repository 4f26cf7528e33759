from __future__ import annotations

import json

import pytest
from shires import Reader, squares, write

from connectivity.views import studies
from connectivity.views.studies import by_short_id, read

NAMES = {"a" * 64: "Two shires", "b" * 64: "Two shires, 2013"}
OLD = {"unit": "lines", "basis": "measured sync speeds", "coverage_modelled": False, "release": "June 2013"}


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Two builds in one folder of builds; the first is shown when a link names none."""
    for (fingerprint, name), changes in zip(NAMES.items(), ({}, OLD), strict=True):
        write(tmp_path / "builds" / name, study=name, fingerprint=fingerprint, **changes)
    monkeypatch.setenv("NOTSPOT_BUILDS", str(tmp_path / "builds"))
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "builds" / "Two shires"))
    monkeypatch.setattr(studies, "DEMO", tmp_path / "no demo.toml")
    return Reader(tmp_path)


def options(reader):
    return reader.at.selectbox(key="study to show").options


def test_every_finished_build_is_offered_and_the_first_needs_no_key(shelf):
    shelf.open()
    assert options(shelf) == ["July 2025 · Two shires", "June 2013 · Two shires, 2013"]
    assert shelf.query == {}
    assert "About 1,000 of 6,600 homes and businesses" in shelf.html


def test_another_study_is_shown_kept_in_the_link_and_left_again(shelf):
    shelf.open(district="E06000001", measure="digital", place="E01000001")
    shelf.at.selectbox(key="study to show").select("b" * 8).run()
    assert not shelf.at.exception
    kept = {"district": "E06000001", "measure": "digital", "place": "E01000001"}
    assert shelf.query == {"study": "b" * 8} | kept
    assert "Ofcom, June 2013" in shelf.html
    assert shelf.data("notspot_areas")["columns"][1] == "Fell short"
    shelf.at.selectbox(key="study to show").select("a" * 8).run()
    assert shelf.query == kept
    assert shelf.data("notspot_areas")["columns"][1] == "Cannot use online services"


def test_a_study_in_the_link_is_opened_on_every_page(shelf):
    shelf.open(study="b" * 8)
    assert "broadband lines" in shelf.html
    shelf.at.switch_page("connectivity/views/why.py").run()
    assert "broadband lines" in shelf.html
    assert shelf.query == {"study": "b" * 8}


@pytest.mark.parametrize("asked", ["ffffffff", "../../etc", "/", "<b>x</b>", "a" * 64])
def test_a_study_that_is_not_on_the_shelf_is_named_and_opens_nothing(shelf, asked):
    shelf.open(study=asked)
    assert not shelf.at.exception
    assert "We ignored part of your link" in shelf.html
    assert "We hold no such study, so you see “July 2025 · Two shires” instead." in shelf.html
    assert shelf.query == {}


def test_a_place_that_the_other_study_lacks_is_dropped_and_said(shelf, tmp_path):
    folder = write(tmp_path / "builds" / "small", study="One shire", fingerprint="c" * 64)
    areas = squares().reset_index()
    areas[areas["area_code"] != "E01000009"].to_parquet(folder / "areas.parquet", index=False)
    shelf.open(place="E01000009", measure="need")
    shelf.at.selectbox(key="study to show").select("c" * 8).run()
    assert "“Upper Vale, part 9” is not in this study" in shelf.html
    assert shelf.query == {"study": "c" * 8, "measure": "need"}


def test_studies_that_count_another_thing_say_not_to_subtract(shelf):
    shown = shelf.open().html
    assert "Do not subtract one study’s figures from another’s: use <a " in shown
    assert 'href="/change"' in shown


def test_studies_of_one_release_and_unit_need_no_such_warning(shelf, tmp_path):
    write(tmp_path / "builds" / "Two shires, 2013", study="Elsewhere", fingerprint="b" * 64)
    shown = shelf.open().html
    assert options(shelf) == ["July 2025 · Two shires", "July 2025 · Elsewhere"]
    assert "Do not subtract" not in shown
    assert "We could not show" not in shown


@pytest.mark.parametrize("page", ["why", "change", "sources"])
def test_pages_on_which_no_studies_are_chosen_beside_each_other_do_not_speak_of_it(shelf, page):
    shown = shelf.open(page)
    assert not shown.at.exception
    assert "Do not subtract" not in shown.html


def test_a_year_that_ends_a_studys_name_is_not_part_of_the_place(shelf):
    shown = shelf.open(study="b" * 8).html
    assert "places of Two shires that we could score" in shown


def test_one_study_alone_has_no_picker(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTSPOT_BUILD", str(write(tmp_path / "build")))
    monkeypatch.setattr(studies, "DEMO", tmp_path / "no demo.toml")
    reader = Reader(tmp_path).open()
    assert [box.key for box in reader.at.selectbox] == [
        "kind of place to look at",
        "part of the study on show",
    ]
    assert "Do not subtract" not in reader.html


def test_the_embedded_example_is_offered_beside_another_study(reader):
    assert any(option.startswith("Example · ") for option in options(reader.open()))


def test_of_two_builds_of_one_study_the_newest_stands(tmp_path):
    first = write(tmp_path / "first", study="First", fingerprint="a" * 64)
    write(tmp_path / "old", study="S", fingerprint="b" * 64, created="2026-01-01T00:00:00Z")
    new = write(tmp_path / "new", study="S", fingerprint="c" * 64, created="2026-02-01T00:00:00Z")
    found = by_short_id(first, others=sorted(tmp_path.iterdir()))
    assert list(found) == ["a" * 8, "c" * 8]
    assert found["c" * 8].folder == new


def test_builds_that_differ_in_settings_stand_with_their_dates(tmp_path):
    first = write(tmp_path / "first", study="S", fingerprint="a" * 64)
    write(tmp_path / "fwa", study="S", fingerprint="b" * 64, counts_fwa=True, created="2026-02-01T00:00:00Z")
    labels = [one.label for one in by_short_id(first, others=[tmp_path / "fwa"]).values()]
    assert labels == ["July 2025 · S, built 1 March 2026", "July 2025 · S, built 1 February 2026"]


def test_the_study_shown_first_stands_even_for_newer_builds_of_itself(tmp_path):
    first = write(tmp_path / "first", study="S", fingerprint="a" * 64)
    write(tmp_path / "newer", study="S", fingerprint="b" * 64, created="2027-01-01T00:00:00Z")
    assert [one.folder for one in by_short_id(first, others=[tmp_path / "newer"]).values()] == [first]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"fingerprint": 3}', "\x00"])
def test_what_is_not_a_finished_build_is_passed_over(tmp_path, text):
    folder = write(tmp_path / "build")
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert read(folder) is None
    assert read(tmp_path / "absent") is None


def test_a_build_of_another_version_or_without_areas_is_passed_over(tmp_path):
    newer = write(tmp_path / "newer")
    keys = json.loads((newer / "manifest.json").read_bytes()) | {"schema_version": 99}
    (newer / "manifest.json").write_text(json.dumps(keys), encoding="utf-8")
    assert read(newer) is None
    assert read(write(tmp_path / "hostile", fingerprint="../../../etc/passwd")) is None
    folder = write(tmp_path / "half")
    (folder / "areas.parquet").unlink()
    assert read(folder) is None
