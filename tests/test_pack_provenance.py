"""The record of a pack: canonical, complete, and different as soon as anything in the pack is."""

from __future__ import annotations

import importlib.util
import json
import math
import unicodedata

import pytest
from packs import pack_build, pack_content, pack_source

from connectivity.claims.claim import Claim, Provenance
from connectivity.evidence.crate import CRATE, crate_of
from connectivity.evidence.provenance import (
    canonical,
    digest_of,
    libraries_of,
    provenance_of,
    read_provenance,
    sha256_of,
    study_digest,
    unlike_record,
    versions,
)
from layers.errors import LayerError

FILES = {"brief.pdf": b"%PDF", "ranking.csv": b"a\n", "study/manifest.json": b"{}"}


def the_record(**changes) -> bytes:
    source = pack_source(**changes)
    return provenance_of(FILES, content=source.content, manifest=source.build.manifest, typefaces={"a.ttf": "0" * 64})


def a_claim(**changes) -> Claim:
    row = {**pack_build().areas.reset_index().iloc[0], **changes}
    return Claim.of_row(row, profile="remote", basis=pack_content(pack_build()).basis, place="Two shires")


def whole(record: bytes) -> dict[str, bytes]:
    return FILES | {"provenance.json": record}


def test_a_record_of_the_same_pack_has_the_same_bytes():
    assert the_record() == the_record()


def test_it_is_canonical_and_ends_in_its_own_digest():
    record = the_record()
    known = json.loads(record)
    assert canonical(known) == record
    assert digest_of(known) == known["digest"] == sha256_of(canonical({k: known[k] for k in known if k != "digest"}))
    assert b": " not in record.split(b'"made_with"')[0].split(b'"date"')[0]


def test_a_number_that_is_none_never_gets_into_it():
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": math.nan})


def test_every_file_is_listed_with_hash_size_and_what_its_bytes_depend_on():
    listed = {one["name"]: one for one in json.loads(the_record())["files"]}
    assert listed.keys() == FILES.keys()
    assert listed["brief.pdf"] == {
        "name": "brief.pdf",
        "sha256": sha256_of(b"%PDF"),
        "size": 4,
        "depends_on": ["typst", "pikepdf", "fonttools"],
    }


def test_every_library_a_file_depends_on_is_named_with_its_version():
    named = {name for file in (*FILES, "x.docx", "x.xlsx", "x.gpkg", "x.svg", "x.html") for name in libraries_of(file)}
    assert named < versions().keys()
    assert all(versions().values())


def test_the_study_its_sources_and_the_subject_are_in_it():
    known = json.loads(the_record())
    assert known["study"]["sources"][0]["sha256"]
    assert known["subject"] == {
        "title": "Two shires",
        "places": [{"key": "study", "name": "Two shires", "word": "whole study"}],
    }
    assert (known["reader"], known["made_with"]["typefaces"]) == ("committee", {"a.ttf": "0" * 64})


def test_every_claim_is_in_it_with_its_figures_and_where_they_are_found():
    (claim,) = json.loads(the_record(claims={"headline": a_claim()}))["claims"]
    assert {key: claim[key] for key in ("name", "key", "place", "low", "best", "high", "of")} == {
        "name": "headline",
        "key": "places.remote",
        "place": "Two shires",
        "low": 10.0,
        "best": 20.0,
        "high": 30.0,
        "of": 600.0,
    }
    assert (claim["file"], claim["column"], claim["areas"]) == ("areas.parquet", "remote_infeasible", ["E01010001"])
    assert "20" in claim["said"]


def test_a_claim_on_many_areas_names_their_number_and_hash():
    codes = tuple(f"E01{n:06d}" for n in range(100))
    claim = a_claim()
    object.__setattr__(claim, "provenance", Provenance("areas.parquet", "remote_infeasible", codes))
    (known,) = json.loads(the_record(claims={"headline": claim}))["claims"]
    assert known["areas"] == {"number": 100, "sha256": sha256_of("\n".join(codes).encode())}


def test_names_are_written_as_they_are_read():
    name = "Tŷ " + unicodedata.normalize("NFC", "Ynys Môn")
    assert name.encode() in the_record(title=name)


def test_an_untouched_pack_is_like_its_record():
    files = whole(the_record())
    assert unlike_record(files, read_provenance(files)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.pop("ranking.csv"), "ranking.csv is missing"),
        (lambda files: files.update({"virus.exe": b"1"}), "virus.exe was added"),
        (lambda files: files.update({"study/manifest.json": b"{ }"}), "study/manifest.json was changed"),
        (lambda files: files.update({"brief.pdf": b"%PDG"}), "brief.pdf was changed"),
    ],
)
def test_what_is_missing_added_or_changed_is_named(change, said):
    files = whole(the_record())
    change(files)
    faults = unlike_record(files, read_provenance(files))
    assert len(faults) == 1
    assert said in faults[0]


def test_a_record_that_was_changed_has_another_digest():
    files = whole(the_record().replace(b'"committee"', b'"minister"'))
    assert "its own digest is another" in " ".join(unlike_record(files, read_provenance(files)))
    files = whole(the_record() + b"\n")
    assert "not written as" in " ".join(unlike_record(files, read_provenance(files)))


NO_JSON = (b'{"pack_version":1,"a":NaN}', b'{"pack_version":1,"title":"\\ud800"}')
"""What Python reads and no record can hold."""


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'"x"', b"[" * 100_000, b"\xff", *NO_JSON])
def test_a_record_that_cannot_be_read_is_said(content):
    with pytest.raises(LayerError, match="cannot be read"):
        read_provenance({"provenance.json": content})


def test_a_record_of_a_later_version_names_it():
    with pytest.raises(LayerError, match="another version") as raised:
        read_provenance({"provenance.json": b'{"pack_version":99}'})
    assert raised.value.parts["found"] == "pack version 99"


@pytest.mark.parametrize("files", [None, 3, [3, None], [{"name": []}]])
def test_a_record_that_lists_no_files_lets_none_pass(files):
    record = json.dumps({"pack_version": 1, "files": files}).encode()
    faults = unlike_record(whole(record), read_provenance(whole(record)))
    assert sum("was added" in fault for fault in faults) == len(FILES)


def test_the_digest_of_the_study_changes_with_any_byte_or_name():
    made = study_digest(FILES)
    assert made == study_digest(dict(reversed(FILES.items())))
    for name, content in FILES.items():
        assert study_digest(FILES | {name: content + b" "}) != made
        assert study_digest({(f"{one}x" if one == name else one): text for one, text in FILES.items()}) != made


def crate() -> dict[str, dict]:
    source = pack_source()
    sizes = {name: len(content) for name, content in FILES.items()}
    made = crate_of(sizes, content=source.content, manifest=source.build.manifest)
    assert made == crate_of(sizes, content=source.content, manifest=source.build.manifest)
    return {one["@id"]: one for one in json.loads(made)["@graph"]}


def test_the_crate_is_one_of_version_1_1_with_a_root():
    graph = crate()
    assert graph[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert graph[CRATE]["about"] == {"@id": "./"}
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    assert root["datePublished"] == "2026-03-01"


def test_the_crate_says_which_run_made_which_files_of_which_sources_by_which_program():
    graph = crate()
    run = graph[graph["./"]["mentions"][0]["@id"]]
    assert run["@type"] == "CreateAction"
    assert graph[run["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert run["endTime"] == "2026-03-01T09:00:00Z"
    assert {one["@id"] for one in run["result"]} == {*FILES, "provenance.json"}
    assert run["object"]
    assert all(graph[one["@id"]]["identifier"].startswith("sha256:") for one in run["object"])
    assert graph["./"]["conformsTo"]["@id"].startswith("https://w3id.org/ro/wfrun/process/")


def test_everything_the_crate_refers_to_is_in_it():
    graph = crate()

    def referred(value) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(referred, value)) if value else set()
        return {value["@id"]} if isinstance(value, dict) else set()

    for entry in graph.values():
        for key, value in entry.items():
            if key != "conformsTo" or entry["@id"] != CRATE:
                assert referred(value) <= graph.keys(), (entry["@id"], key)
    files = {name for name, entry in graph.items() if entry["@type"] == "File"}
    assert files == {one["@id"] for one in graph["./"]["hasPart"]}


def test_a_validator_of_crates_finds_no_fault(tmp_path):
    if importlib.util.find_spec("rocrate_validator") is None:
        pytest.skip("roc-validator is not installed here; the tests above hold the crate to what it asks")
    from rocrate_validator import models, services

    source = pack_source()
    sizes = {name: len(content) for name, content in FILES.items()}
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "provenance.json").write_bytes(the_record())
    (tmp_path / CRATE).write_bytes(crate_of(sizes, content=source.content, manifest=source.build.manifest))
    settings = services.ValidationSettings(
        rocrate_uri=str(tmp_path),
        profile_identifier="process-run-crate-0.5",
        requirement_severity=models.Severity.REQUIRED,
    )
    assert services.validate(settings).get_issues() == []
