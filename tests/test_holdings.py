"""The files of a build as evidence: listed, weighed, and fingerprinted as other programs do."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest
from hand_builds import hand_build, written

from connectivity.evidence.holdings import check_commands, digest, holdings
from layers.errors import OutputError

WARDS = {"title": "wards", "method": "code", "modelled": False, "places": 1}
WARDS["premises"] = {"in": 100, "in_places": 100, "counted_twice": 0, "not_assigned": {}}


def test_every_file_a_reader_may_take_is_listed_with_its_use(tmp_path):
    folder = written(tmp_path / "build", hand_build({1: (100, 5, 10, 20, 30)}, reports={"ward": WARDS}))
    (folder / "by_ward.csv").write_text("row,code\n", encoding="utf-8")
    (folder / "by_stray.csv").write_text("not of this build\n", encoding="utf-8")
    listed = {one.path.name: one for one in holdings(folder)}
    assert list(listed) == ["manifest.json", "ranking.csv", "areas.parquet", "by_ward.csv"]
    assert listed["by_ward.csv"].said == "The same premises by ward"
    assert listed["by_ward.csv"].size == 9


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reports": 2}'])
def test_a_folder_that_is_no_build_is_named(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be read"):
        holdings(tmp_path)


def test_a_fingerprint_is_that_of_the_whole_file(tmp_path):
    file = tmp_path / "ranking.csv"
    file.write_bytes(b"a,b\n" * 100_000)
    assert digest(file) == hashlib.sha256(b"a,b\n" * 100_000).hexdigest()
    file.write_bytes(b"a,b\n" * 99_999 + b"a,c\n")
    assert digest(file) != hashlib.sha256(b"a,b\n" * 100_000).hexdigest()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum here")
def test_the_command_that_is_told_shows_the_same_fingerprint(tmp_path):
    file = tmp_path / "ranking.csv"
    file.write_bytes(b"a,b\n")
    command = check_commands("ranking.csv")["Linux"].split()
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == digest(file)
