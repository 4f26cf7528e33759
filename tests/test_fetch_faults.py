"""What goes wrong at a publisher, seen from the verb: a clear message and a clean second try, or a study without."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from official.shelf import WORLD, fill
from publisher.faults import Drip, HangUp, NewVersion, Page, Status, Truncate
from publisher.patience import Watch
from publisher.server import Publisher
from worlds import run_command

from connectivity.build import build
from connectivity.manifest import LockRecord
from layers.catalogue import release, releases
from layers.fetch import cache, fetch_study, plan, study_folder
from layers.fetch.client import UNREACHED
from layers.fetch.download import fetch_file
from layers.study import read_study

ROOT = Path(__file__).resolve().parents[1]
BOTH = ",".join(sorted(set(WORLD.areas["district"])))
BROADBAND, LIBRARIES = release("ofcom-2026-01-oa"), release("libraries-2023")
NOBODY = "http://127.0.0.1:9"  # the discard port: nobody answers there


@pytest.fixture
def publisher():
    with Publisher() as made:
        fill(made, page=2_000)
        yield made


@pytest.fixture
def fetch(tmp_path, monkeypatch, capsys, publisher):
    """Run the verb with a clock of its own, so that patience takes no time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fetch_study, "fetch_file", partial(fetch_file, policy=Watch().policy()))

    def run(*more, mirror=publisher.mirror):
        return run_command(
            *("fetch", "--districts", BOTH, "--out", "study", "--cache", "cache", "--mirror", mirror, *more),
            out=tmp_path / "study",
            log=tmp_path / "log",
            monkeypatch=monkeypatch,
            capsys=capsys,
        )

    return run


def kinds(run):
    study = tomllib.loads((run.folder / "study.toml").read_text(encoding="utf-8"))
    return {layer["kind"] for layer in study["layer"]}


def lock(run):
    return json.loads((run.folder / "study.lock.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("fault", [Status(404), Status(500), Page(), Truncate(10)])
def test_a_study_is_written_without_a_file_it_can_do_without(fetch, publisher, fault):
    publisher.fail(LIBRARIES.url, fault, always=True)
    run = fetch()
    assert run.code == 0, run.err
    assert "libraries" not in kinds(run)
    assert "library" not in (run.folder / "study.toml").read_text(encoding="utf-8").split("indicators")[1].split("]")[0]
    assert f"# Left out, as it could not be had: {LIBRARIES.title}" in (run.folder / "study.toml").read_text("utf-8")
    assert [*lock(run)["missing"]] == [LIBRARIES.title]
    assert "Left out: Public libraries" in run.out
    notes = [line for line in run.err.splitlines() if line.startswith(f"Note: {LIBRARIES.title}")]
    assert len(notes) == 1
    assert LIBRARIES.url in notes[0]
    assert "\\n" not in notes[0]
    publisher.fail(LIBRARIES.url)
    publisher.always.clear()
    again = fetch()
    assert again.code == 0, again.err
    assert "libraries" in kinds(again)
    assert lock(again)["missing"] == {}


@pytest.mark.parametrize("fault", [Status(404), Status(503), Page("<html><body>Sorry, maintenance</body></html>")])
def test_nothing_is_written_without_a_file_that_is_needed_and_what_came_is_kept(fetch, publisher, fault):
    publisher.fail(BROADBAND.url, fault, always=True)
    run = fetch()
    assert run.code == 2
    assert not run.folder.exists()
    assert BROADBAND.url.partition("?")[0] in run.err
    assert "what has arrived so far is kept" in run.err
    outlines = release("lsoa-2021-outlines").url + "/query"
    before = len(publisher.asked(outlines))
    assert before > 0
    publisher.fail(BROADBAND.url)
    publisher.always.clear()
    assert fetch().code == 0
    assert len(publisher.asked(outlines)) == before


def test_a_publisher_that_cannot_be_reached_is_given_up_with_what_to_do(fetch):
    run = fetch(mirror=NOBODY)
    assert run.code == 2
    assert "cannot be reached" in run.err
    assert "HTTPS_PROXY" in run.err
    assert not run.folder.exists()


@pytest.mark.parametrize(
    "mirror",
    [
        "ftp://x",
        "file:///etc",
        "files.example.org",
        "",
        "http://",
        "http://x:y",
        "http://[x",
        "http://me:word@x",
        "http://x?a",
    ],
)
def test_a_mirror_that_cannot_be_one_is_refused_before_anything_is_asked(fetch, monkeypatch, mirror):
    monkeypatch.setattr(fetch_study, "fetch_file", None)
    run = fetch(mirror=mirror)
    assert run.code == 2
    assert "not an address of a mirror" in run.err
    assert "word@" not in run.err
    assert not run.folder.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"lock_version": 1}'])
def test_a_broken_lock_is_said_as_one(fetch, text):
    run = fetch()
    (run.folder / "study.lock.json").write_text(text, encoding="utf-8")
    refused = fetch()
    assert refused.code == 2
    assert "lock file cannot be read" in refused.err
    assert (run.folder / "study.lock.json").read_text(encoding="utf-8") == text


def test_what_cannot_be_used_without_a_missing_file_is_left_out_with_it(fetch, publisher):
    codes = "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads"
    publisher.fail(codes, Status(404), always=True)
    run = fetch()
    assert run.code == 0, run.err
    assert not {"postcodes", "libraries", "subsidy"} & kinds(run)
    assert len(lock(run)["missing"]) == 3
    assert "It needs postcodes, which the study is without." in run.out
    built = run_built(run)
    assert built.areas.scored == len(WORLD.areas)


@pytest.mark.parametrize(
    "kind",
    ["census", "deprivation", "underlying_2025", "rural_urban", "libraries", "subsidy", "mobile", "region", "parish"],
)
def test_a_study_can_be_built_without_any_one_of_the_files_it_can_do_without(fetch, kind):
    run = fetch("--without", kind)
    assert run.code == 0, run.err
    assert run_built(run).areas.scored == len(WORLD.areas)


def run_built(run):
    """Build the study without draws, which no test here is about, and give its manifest."""
    return build(read_study(run.folder / "study.toml"), out=run.folder.with_name("built"), draws=0)


def test_a_publisher_that_was_silent_once_is_not_waited_for_again(fetch, publisher):
    first, *others = (release(f"census-2021-ts{table}") for table in ("001", "007a", "011", "038", "045", "061"))
    publisher.fail(first.url, HangUp(), always=True)
    run = fetch()
    assert run.code == 0, run.err
    assert "census" not in kinds(run)
    assert set(lock(run)["missing"].values()) == {UNREACHED}
    assert len(lock(run)["missing"]) == 6
    assert [entry.key for entry in others if publisher.asked(entry.url)] == []
    publisher.always.clear()
    assert "census" in kinds(fetch())


def test_trouble_that_passes_is_not_even_noticed(fetch, publisher):
    publisher.fail(BROADBAND.url, Status(500), Status(429, {"Retry-After": "7"}), Truncate(1_000))
    run = fetch()
    assert run.code == 0, run.err
    assert lock(run)["missing"] == {}


def test_a_file_that_is_not_what_the_lock_says_is_refused_until_an_update(fetch, publisher, tmp_path):
    first = fetch()
    held = lock(first)["files"][BROADBAND.file_name]
    new = publisher.files[next(key for key in publisher.files if BROADBAND.file_name in key)].content
    publisher.fail(BROADBAND.url, NewVersion(new + b"PK\x05\x06" + bytes(18)))
    (tmp_path / "cache").rename(tmp_path / "old cache")
    (first.folder / "files" / BROADBAND.file_name).unlink()
    run = fetch()
    assert run.code == 2
    assert held["sha256"] in run.err
    assert run.err.count("fetch --update") == 1
    assert lock(run)["files"][BROADBAND.file_name] == held


def edit_lock(run, name, **changes):
    """Change what the lock says of a file."""
    content = lock(run)
    content["files"][name] |= changes
    (run.folder / "study.lock.json").write_text(json.dumps(content, indent=2), encoding="utf-8")


def kept(run):
    return {name: (run.folder / name).read_bytes() for name in ("study.toml", "study.lock.json")}


@pytest.mark.parametrize("offline", [False, True])
def test_another_file_than_the_lock_says_is_refused_also_where_the_study_can_do_without_it(fetch, offline):
    first = fetch()
    assert first.code == 0, first.err
    name = release("iod-2025-file-7").file_name
    true, wrong = lock(first)["files"][name]["sha256"], "0" * 64
    edit_lock(first, name, sha256=wrong)
    before = kept(first)
    run = fetch(*["--offline"] * offline)
    assert run.code == 2
    assert (name if offline else wrong) in run.err
    assert run.err.count("--update") == 1
    assert kept(run) == before
    taken = fetch("--update")
    assert taken.code == 0, taken.err
    assert lock(taken)["files"][name]["sha256"] == true


@pytest.mark.parametrize("words", [(), ("--offline",)])
def test_a_study_keeps_the_pin_of_a_file_that_cannot_be_had_again(fetch, publisher, tmp_path, words):
    first = fetch()
    before = kept(first)
    (first.folder / "files" / LIBRARIES.file_name).unlink()
    (tmp_path / "cache").rename(tmp_path / "old cache")
    publisher.fail(LIBRARIES.url, Status(404), always=True)
    run = fetch(*words)
    assert run.code == 2
    assert LIBRARIES.url in run.err
    assert "keeps it" in run.err
    assert kept(run) == before
    without = fetch("--update")
    assert without.code == 0, without.err
    assert [*lock(without)["missing"]] == [LIBRARIES.title]


def test_a_file_that_later_studies_are_made_without_stays_in_one_that_has_it(fetch, monkeypatch):
    before = kept(fetch())
    without = tuple(replace(entry, in_studies=None) if entry.key == LIBRARIES.key else entry for entry in releases())
    monkeypatch.setattr(plan, "releases", lambda: without)
    run = fetch()
    assert run.code == 2
    assert "would lose" in run.err
    assert LIBRARIES.file_name in run.err
    assert kept(run) == before
    assert fetch("--update").code == 0
    assert LIBRARIES.file_name not in lock(run)["files"]


def test_a_file_that_is_now_asked_for_in_another_way_is_taken_by_an_update_only(fetch):
    first = fetch()
    edit_lock(first, LIBRARIES.file_name, asked="0" * 64)
    before = kept(first)
    run = fetch()
    assert run.code == 2
    assert LIBRARIES.file_name in run.err
    assert kept(run) == before
    assert fetch("--update").code == 0


def test_a_file_of_the_study_that_was_changed_is_put_back(fetch):
    first = fetch()
    path = first.folder / "files" / LIBRARIES.file_name
    content = path.read_bytes()
    path.unlink()  # it is a second name for the one in the cache
    path.write_bytes(content[:-1] + b"X")
    run = fetch()
    assert run.code == 0, run.err
    assert path.read_bytes() == content


def test_a_build_on_another_file_than_was_fetched_says_so_and_is_amber(fetch, tmp_path):
    run = fetch()
    assert run_built(run).lock == LockRecord(readable=True, other_files=())
    path = run.folder / "files" / LIBRARIES.file_name
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content.replace(b",,30", b",,31"))
    built = run_built(run)
    assert built.lock == LockRecord(readable=True, other_files=(LIBRARIES.file_name,))
    said = f"{LIBRARIES.file_name} is not the file that was fetched"
    assert [words for words in built.warnings if words.startswith(said)]
    layers = json.loads((tmp_path / "built" / "quality.json").read_text(encoding="utf-8"))["layers"]
    found = [(layer["kind"], one) for layer in layers for one in layer["light"]["reasons"] if said in one["words"]]
    assert found == [("libraries", {"colour": "amber", "words": f"{said}."})]


def test_a_build_with_a_broken_lock_beside_the_study_says_so(fetch, tmp_path):
    run = fetch()
    (run.folder / "study.lock.json").write_text("{", encoding="utf-8")
    built = run_built(run)
    assert built.lock == LockRecord(readable=False, other_files=())
    assert [words for words in built.warnings if words.startswith("study.lock.json cannot be read")]
    light = json.loads((tmp_path / "built" / "quality.json").read_text(encoding="utf-8"))["light"]
    assert "The lock file cannot be read" in str(light["reasons"])


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("words", [(), ("--update",)])
def test_a_disk_that_refuses_ends_the_fetch_also_at_a_file_the_study_can_do_without(fetch, monkeypatch, fault, words):
    usual = cache.rename

    def refuse(source, place):
        if place.name == LIBRARIES.file_name:
            raise OSError(fault, os.strerror(fault))
        usual(source, place)

    with monkeypatch.context() as failing:
        failing.setattr(cache, "rename", refuse)
        run = fetch(*words)
    assert run.code == 2
    assert not run.folder.exists()
    assert ("The disk is full." if fault == errno.ENOSPC else "The cache folder cannot be used.") in run.err
    assert "what has arrived so far is kept" in run.err
    assert fetch().code == 0
    assert lock(run)["missing"] == {}


def test_a_full_disk_of_the_study_itself_is_said_once_and_nothing_is_half_written(fetch, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "one", None, "other")

    with monkeypatch.context() as failing:
        failing.setattr(study_folder.os, "link", refuse)
        failing.setattr(study_folder.shutil, "copyfile", refuse)
        run = fetch()
    assert run.code == 2
    assert "The disk is full" in run.err
    assert "Errno" not in run.err
    assert not run.folder.exists()


def test_an_update_shows_the_old_and_the_new_hash_of_a_needed_file(fetch, publisher):
    first = fetch()
    held = lock(first)["files"][BROADBAND.file_name]
    publisher.fail(BROADBAND.url, NewVersion(_repacked(publisher)))
    run = fetch("--update")
    assert run.code == 0, run.err
    taken = lock(run)["files"][BROADBAND.file_name]
    assert taken["sha256"] != held["sha256"]
    assert held["sha256"][:12] in run.out
    assert taken["sha256"][:12] in run.out
    assert (run.folder / "files" / BROADBAND.file_name).stat().st_size == taken["size"]


def test_an_archive_packed_in_another_way_is_left_out_or_refused_by_need(fetch, publisher):
    from official.spreadsheets import zipped

    other = zipped({"readme.txt": "moved"})
    publisher.fail(release("ofcom-2026-01-mobile").url, NewVersion(other))
    run = fetch()
    assert run.code == 0, run.err
    assert "mobile" not in kinds(run)
    assert "mobile coverage" in next(iter(lock(run)["missing"]))
    publisher.fail(BROADBAND.url, NewVersion(other))
    refused = fetch("--update")
    assert refused.code == 2
    assert "does not hold what it should" in refused.err
    assert lock(run)["files"][BROADBAND.file_name]


def test_a_fetch_that_is_killed_leaves_no_study_and_the_next_one_goes_on(fetch, publisher, tmp_path):
    publisher.fail(BROADBAND.url, Drip(size=50, pause=0.05))
    words = ("fetch", "--districts", BOTH, "--out", "study", "--cache", "cache", "--mirror", publisher.mirror)
    process = subprocess.Popen(
        [sys.executable, "-m", "connectivity", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not publisher.asked(BROADBAND.url) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert publisher.asked(BROADBAND.url), "the fetch never came so far"
    finally:
        process.kill()
        process.wait()
    assert not (tmp_path / "study").exists()
    named = {path.name for path in (tmp_path / "cache").rglob("*") if path.is_file() and "objects" in path.parts}
    assert "lsoa_2021_outlines.geojson" in named
    assert BROADBAND.file_name not in named
    run = fetch()
    assert run.code == 0, run.err
    assert lock(run)["missing"] == {}


def test_two_fetches_at_once_share_a_cache_and_both_end_well(publisher, tmp_path):
    def start(out):
        words = ("fetch", "--districts", BOTH, "--out", out, "--cache", "cache", "--mirror", publisher.mirror)
        return subprocess.Popen(
            [sys.executable, "-m", "connectivity", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    running = [start("one"), start("two"), start("one")]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    for name in ("study.toml", "study.lock.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(publisher.asked(BROADBAND.url)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "one", "two"]


def _repacked(publisher):
    """Give the broadband archive with one more file in it, so that its bytes are others."""
    import io
    import zipfile

    content = publisher.files[next(key for key in publisher.files if BROADBAND.file_name in key)].content
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("corrections.txt", "none")
    return packed.getvalue()
