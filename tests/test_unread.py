"""What is not a build is said to be what it is, with the command that mends it and the whole path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from worlds import run_command, world_today

from connectivity.change.comparability import read_side
from connectivity.outputs import read_build
from connectivity.postcode.postcode_tables import open_files
from layers.errors import OutputError, StudyError
from layers.study import read_study

READERS = (read_build, open_files, read_side)


@pytest.fixture
def fetched(tmp_path, monkeypatch):
    """Stand where `studies/dorset` is a study's folder, as fetch leaves it."""
    monkeypatch.chdir(tmp_path)
    path = world_today(tmp_path / "studies" / "dorset").study()
    path.rename(path.with_name("study.toml"))
    return Path("studies", "dorset")


@pytest.mark.parametrize("read", READERS)
def test_a_studys_folder_taken_for_a_build_is_named_with_the_command_that_builds_it(read, fetched):
    with pytest.raises(OutputError, match="This is the study's folder, not its result") as caught:
        read(fetched)
    study = Path("studies", "dorset", "study.toml")
    assert caught.value.parts["next"].endswith(f"connectivity build {study} --out {Path('results', 'dorset')}")


@pytest.mark.parametrize("read", READERS)
def test_a_folder_that_is_not_there_is_said_so_and_named_whole(read, fetched):
    gone = Path("results", "dorset")
    with pytest.raises(OutputError) as caught:
        read(gone)
    assert caught.value.parts["found"] == "no such folder"
    assert caught.value.parts["file"] == gone
    assert caught.value.parts["next"].endswith(f"--out {gone}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "no such file"),
        ("{", "a file that is not JSON"),
        ("[]", "a file that no build wrote"),
        ("{}", "no “schema_version” in it"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_described_in_words(text, found, tmp_path):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        read_build(tmp_path)
    assert caught.value.parts["found"] == found


def test_a_studys_folder_can_be_built_as_its_file_can(fetched, tmp_path, monkeypatch, capsys):
    shared = {"log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    by_folder = run_command("build", fetched, out=tmp_path / "a", **shared)
    by_file = run_command("build", fetched / "study.toml", out=tmp_path / "b", **shared)
    assert by_folder.code == by_file.code == 0, by_folder.err
    assert by_folder.manifest["fingerprint"] == by_file.manifest["fingerprint"]


def test_a_folder_without_a_study_names_the_study_files_it_has(tmp_path):
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    assert caught.value.parts["found"] == "no file that ends in .toml"
    world_today(tmp_path).study().rename(tmp_path / "mine.toml")
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    assert caught.value.parts["next"] == f"name the study file: {tmp_path}{os.sep}mine.toml"
