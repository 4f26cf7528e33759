"""What is not a build is said to be what it is, with the command that mends it and the whole path."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from manifests import WHOLE
from pydantic import ValidationError
from worlds import run_command, world_today

from connectivity import manifest
from connectivity.change.comparability import read_summary
from connectivity.manifest import parse
from connectivity.outputs import read_build
from connectivity.postcode.postcode_tables import open_files
from connectivity.schema import SCHEMA_VERSION
from layers.errors import OutputError, StudyError
from layers.study import read_study

REPOSITORY = Path(__file__).resolve().parents[1]
LATER = {
    "premises_from": "dwellings",
    "coastal": {"how": "By hand.", "yes": 1, "no": 2, "not_known": 0},
    "lock": {"readable": True, "other_files": ["a.csv"]},
    "draws": 10,
    "reports": {},
    "quality": {"light": "amber", "words": "W", "file": "quality.json", "page": "quality.html"},
    "do_not_publish": None,
}
READERS = (read_build, open_files, read_summary)


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
        ("", "an empty file"),
        ("{", "a file that is not JSON"),
        ("[" * 100_000, "a file that is not JSON"),
        ("\ud800", "a file that is not JSON"),
        ("[]", "a file that no build wrote"),
        ("{}", "no “schema_version” in it"),
    ],
)
@pytest.mark.parametrize("read", READERS)
def test_a_manifest_that_cannot_be_read_is_described_in_words(read, text, found, tmp_path):
    if text is not None:
        (tmp_path / "manifest.json").write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(OutputError) as caught:
        read(tmp_path)
    assert caught.value.parts["found"] == found
    assert caught.value.parts["file"] == tmp_path / "manifest.json"
    assert caught.value.parts["next"].endswith(f"--out {tmp_path}")


@pytest.mark.parametrize(
    ("changes", "key", "expected", "found"),
    [
        ({"seed": "1"}, "seed", "a whole number", '"1"'),
        ({"study": 7}, "study", "text", "7"),
        ({"counts_fwa": 1}, "counts_fwa", "true or false", "1"),
        ({"premises": {"in": 3.5, "scored": 3, "excluded": {}}}, "premises.in", "a whole number", "3.5"),
        ({"premises": []}, "premises", "an object", "[]"),
        ({"modelled": "all"}, "modelled", "a list", '"all"'),
        ({"modelled": ["a", None]}, "modelled.1", "text", "null"),
        ({"weights": WHOLE["weights"] | {"need": "much"}}, "weights.need", "a number", '"much"'),
        ({"weights": WHOLE["weights"] | {"need": None}}, "weights.need", "a number", "null"),
        ({"unit": "homes"}, "unit", "'premises' or 'lines'", '"homes"'),
        ({"districts": [{"code": "E1", "name": "A"}]}, "districts.0.separable", "a manifest", "no “separable” in it"),
        ({"reports": {"ward": 3}}, "reports.ward", "an object", "3"),
    ],
)
@pytest.mark.parametrize("read", READERS)
def test_a_damaged_manifest_names_file_key_expected_found_and_next_step(read, changes, key, expected, found, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(WHOLE | changes), encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        read(tmp_path)
    parts = caught.value.parts
    assert (parts["file"], parts["key"], parts["found"]) == (tmp_path / "manifest.json", key, found)
    assert str(parts["expected"]).startswith(expected)
    assert str(parts["next"]).endswith(f"--out {tmp_path}")


@pytest.mark.parametrize("lacking", list(WHOLE))
def test_no_key_may_be_missing(lacking, tmp_path):
    kept = {key: value for key, value in WHOLE.items() if key != lacking}
    if lacking == "definition":  # None where no release defines it
        assert parse(json.dumps(kept).encode(), folder=tmp_path).definition is None
        return
    with pytest.raises(OutputError) as caught:
        parse(json.dumps(kept).encode(), folder=tmp_path)
    assert (caught.value.parts["key"], caught.value.parts["found"]) == (lacking, f"no “{lacking}” in it")


@pytest.mark.parametrize("read", READERS)
def test_a_newer_build_asks_for_an_update_and_an_older_one_names_its_command(read, tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"schema_version": SCHEMA_VERSION + 1, "of": "another shape"}), encoding="utf-8")
    with pytest.raises(OutputError, match="made by a newer version") as caught:
        read(tmp_path)
    assert caught.value.parts["next"] == "update Notspot, then reload"
    path.write_text(json.dumps({"schema_version": SCHEMA_VERSION - 1}), encoding="utf-8")
    with pytest.raises(OutputError, match="of an older version") as caught:
        read(tmp_path)
    assert str(caught.value.parts["next"]).endswith(f"connectivity build STUDY.toml --out {tmp_path}")


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "LARGEST", replace(manifest.LARGEST, value=1_000))
    (tmp_path / "manifest.json").write_text(" " * 1_001, encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        manifest.read_manifest(tmp_path)
    assert (caught.value.parts["expected"], caught.value.parts["found"]) == ("at most 1,000 bytes", "1,001 bytes")


def test_a_manifest_is_written_as_it_was_read_and_cannot_be_changed():
    text = (json.dumps(WHOLE | LATER, ensure_ascii=False, indent=2) + "\n").encode()
    made = parse(text, folder=Path())
    ordered = {key: json.loads(made.as_json())[key] for key in manifest.Manifest.model_fields}
    assert json.loads(made.as_json()) == WHOLE | LATER
    assert list(json.loads(made.as_json())) == list(ordered)
    with pytest.raises(ValidationError, match="frozen"):
        made.study = "Another"


def test_only_one_module_reads_a_manifest_by_its_keys():
    keys = "|".join(manifest.Manifest.model_fields)
    by_key = re.compile(rf"""manifest(?:\[|\.get\()["'](?:{keys})["']|manifest: (?:dict|Mapping)\[""")
    modules = [path for room in ("connectivity", "layers") for path in (REPOSITORY / room).rglob("*.py")]
    found = [path.name for path in modules if by_key.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in modules if path.name == "manifest.py"] == ["manifest.py"]
    assert found == []
    assert by_key.search('manifest["study"]')
    assert by_key.search("build.manifest.get('quality')")


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
