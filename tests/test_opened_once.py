"""A build opens and hashes each of its files once, and what it reads is what it hashed."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from connectivity.build import build
from layers.intake import files
from layers.intake.files import Limit, opened_once, read_bytes, sha256

DEMO = Path(__file__).resolve().parents[1] / "data" / "demo"


@pytest.fixture
def openings(monkeypatch):
    counted: Counter[str] = Counter()
    plain = Path.open

    def counting(path, mode="r", *rest, **more):
        counted[path.name] += mode == "rb"
        return plain(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", counting)
    return counted


def test_a_build_opens_each_of_its_files_once(tmp_path, openings):
    manifest = build(DEMO / "study.toml", out=tmp_path / "out", draws=0)
    names = {source.file for source in manifest.sources}
    assert len(names) == 9
    assert {name: openings[name] for name in names} == dict.fromkeys(names, 1)


def test_outside_a_build_a_file_is_read_anew_each_time(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"one")
    with opened_once():
        assert (read_bytes(path), sha256(path)) == (b"one", hashlib.sha256(b"one").hexdigest())
        path.write_bytes(b"two")
        assert (read_bytes(path), sha256(path)) == (b"one", hashlib.sha256(b"one").hexdigest())
    assert (read_bytes(path), sha256(path)) == (b"two", hashlib.sha256(b"two").hexdigest())


def test_a_large_file_is_not_kept_but_hashed_once(tmp_path, monkeypatch, openings):
    path = tmp_path / "large.csv"
    path.write_bytes(b"1234")
    monkeypatch.setattr(files, "KEPT_EACH", Limit(3, "bytes", "large", "this test"))
    with opened_once():
        assert [read_bytes(path), read_bytes(path)] == [b"1234"] * 2
        assert sha256(path) == sha256(path)
    assert openings["large.csv"] == 3
