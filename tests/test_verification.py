"""A pack checked by making it again: what was altered is found, hashed again or not; what cannot be found is said."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from typer.testing import CliRunner
from worlds import world_today

from benchmarks import tampering
from connectivity.build import build
from connectivity.cli import app
from connectivity.evidence import verification
from connectivity.evidence.pack_archive import read_pack, zipped
from connectivity.evidence.pack_content import PersonsPart
from connectivity.evidence.pack_places import pack_subject, read_build_for_pack
from connectivity.evidence.packing import PackOrder, make_pack, order_of, pack_files, study_files, study_folder
from connectivity.evidence.provenance import canonical, digest_of, read_provenance, unlike_record
from connectivity.evidence.recomputation import recomputed
from connectivity.evidence.signing import read_signers
from connectivity.evidence.verification import Verification, verify_pack
from connectivity.outputs import read_build
from layers.errors import LayerError, OutputError

DATE = "2026-11-30"
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Never used for anything but these tests."""
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory, small_worlds_are_told_apart) -> Path:
    """Build six squares in two shires; give the folder of their files, with the build in `out`."""
    folder = tmp_path_factory.mktemp("world")
    build(world_today(folder).study(), out=folder / "out", draws=100)
    return folder


@pytest.fixture(scope="module")
def signed(world: Path, key: Path) -> Files:
    """Pack both shires for a board, signed."""
    read = read_build_for_pack(world / "out")
    order = PackOrder(pack_subject(["study"], build=read, folder=world / "out"), "board", PersonsPart("Two shires"))
    made = make_pack(world / "out", order=order, read=read, key=key)
    assert made == make_pack(world / "out", order=order, key=key), "the same order gives the same bytes"
    place = key.parent / "pack.zip"
    place.write_bytes(made)
    return read_pack(place)


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Verification]:
    def checked(files: Files, **options) -> Verification:
        (tmp_path / "pack.zip").write_bytes(zipped(files, date=DATE))
        return verify_pack(tmp_path / "pack.zip", **options)

    return checked


@pytest.fixture
def signers(tmp_path: Path) -> Path:
    line = KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    path = tmp_path / "signers"
    path.write_text(f'council@dorset.example namespaces="notspot-pack" {line}\n', encoding="ascii")
    return path


def wrong(found: Verification) -> list[str]:
    return [one.name for one in found.checks if one.verdict == "differs"]


def test_an_untouched_pack_is_confirmed_whole(signed, check, signers, world):
    found = check(signed, data=world, signers=read_signers(signers))
    assert (found.intact, wrong(found), found.unchecked) == ((), [], ())
    assert found.confirmed
    assert {one.verdict for one in (*found.figures, *found.claims, *found.documents)} == {"confirmed"}
    assert len(found.claims) > 10
    assert {one.said for one in found.documents} == {"the same to the byte"}
    assert found.signature.signer == "council@dorset.example"
    assert all("altered together" not in one for one in found.unfound)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda one: one["places"][0]["shares"].update({min(one["places"][0]["shares"]): 0.5}), "other areas"),
        (lambda one: one["places"][0]["shares"].pop(min(one["places"][0]["shares"])), "other areas"),
        (lambda one: one.update(title="All of England"), "All of England"),
    ],
)
def test_a_pack_made_about_another_extent_under_the_name_of_a_place_is_found(world, check, changed, said):
    folder = world / "out"
    read = read_build_for_pack(folder)
    order = PackOrder(pack_subject(["study"], build=read, folder=folder), "board", PersonsPart())
    files = order.files()
    about = json.loads(files["subject.json"])
    changed(about)
    study = study_files(folder, order=order_of(files | {"subject.json": canonical(about)}))
    found = check(pack_files(study, build=read, order=order_of(study)))
    assert (found.intact, wrong(found)) == ((), ["subject.json"])
    assert said in next(one.said for one in found.figures if one.name == "subject.json")


@pytest.mark.parametrize("typed", ["Bridport", "coast", "DT6 3", "study", "Dorset", "E01020373", "Bridport; E01020398"])
def test_what_a_pack_is_about_is_confirmed_however_it_was_typed(demo_build, typed):
    build = read_build_for_pack(demo_build)
    order = PackOrder(pack_subject([typed], build=build, folder=demo_build), "board", PersonsPart())
    study = study_files(demo_build, order=order)
    with study_folder(study) as kept:
        found = verification.subject_check(order_of(study).subject, build=build, folder=kept)
    assert found.verdict == "confirmed", found.said


def test_what_a_person_supplied_is_never_in_the_passing_folder(world):
    folder = world / "out"
    read = read_build_for_pack(folder)
    order = PackOrder(pack_subject(["study"], build=read, folder=folder), "board", PersonsPart(contact="a@b.example"))
    with study_folder(study_files(folder, order=order)) as kept:
        assert {path.name for path in kept.iterdir()} >= {"manifest.json", "evidence.parquet"}
        assert not any(b"a@b.example" in path.read_bytes() for path in kept.iterdir())
        assert not (kept / "subject.json").exists()


def test_every_column_of_every_area_follows_from_the_evidence_to_the_last_bit(demo_build):
    again, built = recomputed(demo_build), read_build(demo_build)
    areas = pd.DataFrame(built.areas.drop(columns="geometry"))
    assert sorted(again.areas.columns) == sorted(areas.columns)
    pd.testing.assert_frame_equal(again.areas[areas.columns], areas, check_exact=True, check_dtype=False)
    pd.testing.assert_frame_equal(again.routes.rename_axis("area_code"), built.routes, check_exact=True)
    said = json.loads((demo_build / "robustness.json").read_bytes())
    evidence = said.pop("evidence")
    assert (again.report, again.totals) == (said, evidence["totals"])


def test_one_value_altered_in_any_document_is_found_by_its_hash_and_by_making_it_again(signed, check):
    chance, files = random.Random(14), tampering.unsigned(signed)  # noqa: S311 - no secret
    documents = sorted(name for name in files if "/" not in name and name != "provenance.json")
    for name in documents:
        files, said = tampering.altered(files, name, chance=chance)
        assert unlike_record(files, read_provenance(files)), said
    found = check(tampering.hashed_again(files))  # all at once: each is made again from the study alone
    assert not found.intact
    assert set(documents) <= set(wrong(found))


@pytest.mark.slow
def test_one_value_altered_in_any_file_of_the_study_is_found_by_its_hash_and_by_making_it_again(signed, check):
    chance = random.Random(14)  # noqa: S311 - no secret
    for name in sorted(name for name in tampering.unsigned(signed) if name.startswith("study/")):
        files, said = tampering.altered(tampering.unsigned(signed), name, chance=chance)
        assert unlike_record(files, read_provenance(files)), said
        found = check(tampering.hashed_again(files))
        assert not found.intact, said
        assert not found.confirmed, said


def test_a_record_altered_and_hashed_again_is_found(signed, check):
    record = json.loads(signed["provenance.json"])
    record["claims"][0]["best"] = 1.0
    record["digest"] = digest_of(record)
    files = tampering.unsigned(signed) | {"provenance.json": canonical(record)}
    found = check(files)
    assert found.intact == ()
    assert record["claims"][0]["name"] in wrong(found)
    assert any("best differs by" in one.said for one in found.claims)


def test_a_claim_that_does_not_follow_cannot_be_checked(signed, check):
    record = json.loads(signed["provenance.json"])
    record["claims"].append(record["claims"][0] | {"name": "invented", "said": "All is well."})
    record["digest"] = digest_of(record)
    found = check(tampering.unsigned(signed) | {"provenance.json": canonical(record)})
    (invented,) = [one for one in found.claims if one.name == "invented"]
    assert invented.verdict == "cannot be checked"
    assert not found.confirmed


@pytest.mark.parametrize(
    ("column", "where"),
    [
        ("premises_0_2", "speed bands"),
        ("told area_name", "areas.parquet"),
        ("told district_name", "areas.parquet"),
        ("fact station_km", "areas.parquet"),
    ],
)
def test_evidence_altered_alone_is_found_by_what_follows_from_it(signed, check, column, where):
    def change(table: pd.DataFrame) -> None:
        row = table.index[table["told district_code"].eq("E06000901")][1]
        table.loc[row, column] = "Elsewhere" if column.startswith("told") else table.loc[row, column] + 7.0

    found = check(tampering.evidence_cell(tampering.unsigned(signed), change))
    assert found.intact == ()
    assert where in wrong(found)


def test_a_council_that_no_longer_adds_up_to_what_was_published_is_found(signed, check):
    def change(table: pd.DataFrame) -> None:
        table.loc[4, ["premises", "matched", "premises_300_plus"]] += 100

    found = check(tampering.evidence_cell(tampering.unsigned(signed), change))
    assert "totals of councils" in wrong(found)
    assert "speed bands" not in wrong(found)


def test_a_document_of_another_library_is_compared_by_its_text(signed, check):
    record = json.loads(signed["provenance.json"])
    record["made_with"]["xlsxwriter"] = "1.0"
    record["digest"] = digest_of(record)
    files = tampering.unsigned(signed) | {"provenance.json": canonical(record)}
    repacked, said = tampering.altered(files, "data.xlsx", chance=random.Random(3))  # noqa: S311 - no secret
    found = check(tampering.hashed_again(repacked))
    (sheet,) = [one for one in found.documents if one.name == "data.xlsx"]
    assert (sheet.verdict, "xlsxwriter 1.0" in sheet.said) == ("differs", True), said
    other_bytes = files | {"data.xlsx": tampering.repacked(files["data.xlsx"])}
    found = check(tampering.hashed_again(other_bytes))
    (sheet,) = [one for one in found.documents if one.name == "data.xlsx"]
    assert (sheet.verdict, sheet.said) == ("confirmed", "by its text, not to the byte: made with xlsxwriter 1.0")
    assert found.confirmed


def test_what_cannot_be_made_on_this_machine_is_said_and_not_taken_for_confirmed(signed, check, monkeypatch):
    def broken(_source: object) -> Mapping[str, bytes]:
        raise OutputError("No typefaces here.", next_step="install them")

    makers = [broken if maker.__name__ == "sheet_files" else maker for maker in verification.MAKERS]
    monkeypatch.setattr(verification, "MAKERS", tuple(makers))
    found = check(tampering.unsigned(signed))
    assert wrong(found) == []
    assert [one.name for one in found.unchecked] == ["data.xlsx"]
    assert "No typefaces here." in found.unchecked[0].said
    assert not found.recomputed
    assert not found.confirmed


def test_drawn_figures_of_another_processor_are_confirmed_within_rounding():
    packed = pd.DataFrame({"remote_low": [204.810, 11010.50], "rank_p05": [3.0, 8.0], "premises": [600.0, 9.0]})
    near = pd.DataFrame({"remote_low": [204.819, 11010.46], "rank_p05": [4.0, 8.0], "premises": [600.0, 9.0]})
    far = [{"remote_low": [204.9, 11010.5]}, {"rank_p05": [5.0, 8.0]}, {"premises": [600.001, 9.0]}]
    verdict = verification.table_check("x", packed, near, rows="areas").verdict
    assert verdict == "confirmed within rounding"
    for change in far:
        assert verification.table_check("x", packed, packed.assign(**change), rows="areas").verdict == "differs"


def test_what_another_version_of_ours_made_is_not_called_different(signed, check):
    record = json.loads(signed["provenance.json"])
    record["made_with"]["notspot"] = "9.9"
    record["digest"] = digest_of(record)
    files = tampering.unsigned(signed) | {"provenance.json": canonical(record)}
    found = check(tampering.hashed_again(files | {"data.xlsx": tampering.repacked(files["data.xlsx"])}))
    (sheet,) = [one for one in found.documents if one.name == "data.xlsx"]
    assert (sheet.verdict, "notspot 9.9" in sheet.said) == ("cannot be checked", True)


def test_a_signature_is_of_these_bytes_or_false(signed, check, signers):
    trusted = read_signers(signers)
    record = json.loads(signed["provenance.json"])
    record["title"] = "Another title"
    record["digest"] = digest_of(record)
    found = check({**signed, "provenance.json": canonical(record)}, signers=trusted)
    assert not found.signature.valid
    assert not found.trusted
    found = check(tampering.unsigned(signed), signers=trusted)
    assert (found.signature, found.trusted, found.confirmed) == (None, False, False)
    found = check(tampering.unsigned(signed))
    assert found.confirmed, "without a list, nobody asked for a signature"
    assert any("altered together" in one for one in found.unfound)


def test_source_files_are_hashed_against_the_manifest(signed, check, tmp_path, world):
    data = shutil.copytree(world, tmp_path / "data")
    (data / "stations.csv").write_text("other", encoding="utf-8")
    (data / "postcodes.csv").unlink()
    found = check(tampering.unsigned(signed), data=data)
    verdicts = {one.name: one.verdict for one in found.sources}
    assert verdicts["lookup.csv"] == "confirmed"
    assert (verdicts["stations.csv"], verdicts["postcodes.csv"]) == ("differs", "cannot be checked")
    assert not found.confirmed
    with pytest.raises(LayerError, match="folder of source files"):
        check(signed, data=tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name", ["manifest.json", "evidence.parquet", "areas.parquet", "robustness.json", "subject.json", "routes.parquet"]
)
@pytest.mark.parametrize("content", [b"", b"[]", b"PAR1PAR1", b"[" * 50_000])
def test_a_study_that_cannot_be_read_differs_and_breaks_nothing(signed, check, name, content):
    found = check(tampering.hashed_again(tampering.unsigned(signed) | {f"study/{name}": content}))
    assert not found.confirmed
    assert wrong(found)


def run(*words: object):
    return CliRunner().invoke(app, [*map(str, words)], catch_exceptions=True)


@pytest.mark.slow
def test_the_command_line_packs_and_verifies(world, key, signers, tmp_path):
    out = tmp_path / "packs" / "dorset.zip"
    words = ("--place", "Northshire", "--for", "board", "--out", out, "--organisation", "Northshire Council")
    result = run("pack", world / "out", *words, "--sign-key", key)
    assert result.exit_code == 0, result.output
    assert "verify" in result.output
    result = run("verify", out, "--signers", signers)
    assert result.exit_code == 0, result.output
    said = result.output.splitlines()
    assert said[2].startswith("Intact:     yes")
    assert said[3].startswith("Recomputed: yes")
    assert said[4].startswith("Signed by:  council@dorset.example")
    forged = tampering.hashed_again(read_pack(out) | {"ranking.csv": b"area_code\n"})
    out.write_bytes(zipped(forged, date=DATE))
    result = run("verify", out, "--quiet")
    assert result.exit_code == 2
    assert "Intact:     yes" in result.output
    assert "Recomputed: no" in result.output
    assert "the signature is false" in result.output


def test_a_place_that_is_not_known_and_a_file_in_the_way_are_refused_before_any_work(world, tmp_path):
    result = run("pack", world / "out", "--place", "Nowhereshire", "--out", tmp_path / "x.zip")
    assert isinstance(result.exception, LayerError)
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    result = run("pack", world / "out", "--place", "study", "--out", tmp_path / "letter.txt")
    assert "nothing was written" in str(result.exception)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_build_without_draws_or_of_before_names_were_kept_is_refused_with_the_next_step(world, tmp_path):
    older = shutil.copytree(world / "out", tmp_path / "older")
    table = pd.read_parquet(older / "evidence.parquet")
    table[[name for name in table if not name.startswith("told ")]].to_parquet(older / "evidence.parquet", index=False)
    result = run("pack", older, "--place", "study", "--out", tmp_path / "x.zip")
    assert "older version" in str(result.exception)
    assert "build STUDY.toml" in str(result.exception)
    (older / "evidence.parquet").unlink()
    result = run("pack", older, "--place", "study", "--out", tmp_path / "x.zip")
    assert "--draws 1000" in str(result.exception)
    assert not (tmp_path / "x.zip").exists()


def test_no_room_for_passing_files_is_said_once_and_leaves_nothing(tmp_path, monkeypatch):
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"), study_folder({"manifest.json": b"{}"}):
        pass
    assert not list(tmp_path.iterdir())
