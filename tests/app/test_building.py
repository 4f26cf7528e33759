from __future__ import annotations

import pytest
from shires import Reader, write

import connectivity.build
import connectivity.fingerprints
from connectivity.views import studies
from layers.errors import StudyError


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Stand in for the build: no output yet, and each call is counted."""
    folder, calls = tmp_path / "processed" / "demo", []

    def build(study, *, out, progress):
        calls.append(study)
        progress("Counting", 0.5)
        write(out)

    monkeypatch.delenv("NOTSPOT_BUILD", raising=False)
    monkeypatch.setattr(connectivity.fingerprints, "default_output", lambda _: folder)
    monkeypatch.setattr(connectivity.build, "build", build)
    return calls


def test_a_study_without_output_is_built_once_and_shown(built, tmp_path):
    reader = Reader(tmp_path).open()
    assert not reader.at.exception
    assert built == [studies.DEMO]
    assert "Two shires" in reader.html
    reader.at.run()
    Reader(tmp_path).open()
    assert len(built) == 1


def test_another_study_is_named_in_the_environment(built, tmp_path, monkeypatch):
    study = tmp_path / "study.toml"
    study.write_text("", encoding="utf-8")
    monkeypatch.setenv("NOTSPOT_STUDY", str(study))
    Reader(tmp_path).open()
    assert built == [study]


def test_a_folder_of_builds_alone_opens_on_its_newest_and_not_on_the_example(built, tmp_path, monkeypatch):
    made = {"old": "2026-01-01T00:00:00Z", "new": "2026-02-01T00:00:00Z", "example": "2026-03-01T00:00:00Z"}
    for number, (name, created) in enumerate(made.items()):
        study = studies._demo() if name == "example" else f"The {name} one"
        write(tmp_path / "results" / name, study=study, created=created, fingerprint=f"{number}" * 64)
    monkeypatch.setenv("NOTSPOT_BUILDS", str(tmp_path / "results"))
    reader = Reader(tmp_path).open()
    assert built == []
    assert "Built 1 February 2026" in reader.html


def test_a_folder_without_builds_of_ones_own_opens_on_the_example(built, tmp_path, monkeypatch):
    write(tmp_path / "results" / "example", study=studies._demo())
    monkeypatch.setenv("NOTSPOT_BUILDS", str(tmp_path / "results"))
    Reader(tmp_path).open()
    assert built == [studies.DEMO]


def test_a_build_that_fails_says_why_and_is_tried_again(built, tmp_path, monkeypatch):
    def refuse(study, *, out, progress):
        raise StudyError("The key “geografy” is not known.", next_step="correct the key", file=study)

    with monkeypatch.context() as patch:
        patch.setattr(connectivity.build, "build", refuse)
        reader = Reader(tmp_path).open()
        assert not reader.at.exception
        assert "The key “geografy” is not known." in reader.html
        assert "correct the key" in reader.html
    reader.at.run()
    assert "Two shires" in reader.html


def test_a_fault_of_ours_is_told_without_a_trace(built, tmp_path, monkeypatch):
    def fall(study, *, out, progress):
        raise ZeroDivisionError

    monkeypatch.setattr(connectivity.build, "build", fall)
    shown = Reader(tmp_path).open().html
    assert "Something went wrong that we did not expect." in shown
    assert "ZeroDivisionError" not in shown


def test_a_fault_on_a_page_is_told_without_a_trace(reader, monkeypatch):
    monkeypatch.setattr("connectivity.views.page_map.draw", lambda *_, **__: 1 / 0)
    reader.open()
    assert not reader.at.exception
    assert "We could not show this part of the page" in reader.html
    assert "ZeroDivisionError" not in reader.html
