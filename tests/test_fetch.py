"""One command, from an empty folder to a built study on files in the publishers' own headings; then without network."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from official.shelf import COUNTY, LEP, REGION, WORLD, fill
from publisher.faults import NewVersion, Status
from publisher.server import Publisher
from worlds import run_command

from connectivity.outputs import read_build
from layers.catalogue import release
from layers.study import read_study

ROOT = Path(__file__).resolve().parents[1]
BOTH = sorted(set(WORLD.areas["district"]))
DORSET = "E06000059"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A cache that holds everything two districts need, so that most tests ask for little."""
    return tmp_path_factory.mktemp("shared") / "cache"


@pytest.fixture
def publisher():
    with Publisher() as made:
        fill(made, page=2_000)
        yield made


@pytest.fixture
def fetch(tmp_path, monkeypatch, capsys, publisher, shared):
    """Run the verb; `places` are its options, everything else is usual."""
    monkeypatch.chdir(tmp_path)

    def run(*places, out="studies/here", cache=shared, mirror=publisher.mirror):
        words = places or ("--districts", ",".join(BOTH))
        more = ["--mirror", mirror] if mirror else []
        return run_command(
            *("fetch", *words, "--out", out, "--cache", cache, *more),
            out=tmp_path / out,
            log=tmp_path / "log",
            monkeypatch=monkeypatch,
            capsys=capsys,
        )

    return run


def content(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()
    }


def lock(run):
    return json.loads((run.folder / "study.lock.json").read_text(encoding="utf-8"))


def test_an_empty_folder_becomes_a_built_study_and_a_second_fetch_needs_no_network(
    fetch, tmp_path, monkeypatch, capsys, publisher
):
    first = fetch(cache="cache")
    assert first.code == 0, first.err
    study = read_study(first.folder / "study.toml")
    assert study.districts == BOTH
    assert {"boundaries", "lookup", "output_areas", "ofcom_oa", "postcodes", "census", "subsidy"} <= {
        layer.kind for layer in study.layers
    }
    assert {layer.name for layer in study.layers if layer.kind == "reporting"} >= {"lep", "constituency", "parish"}
    made = content(first.folder)
    told = [line.strip() for line in first.out.splitlines() if " -m connectivity build " in line]
    words = shlex.split(told[0])
    built = run_command(
        *words[words.index("build") :][:2],
        out=tmp_path / "results",
        log=tmp_path,
        monkeypatch=monkeypatch,
        capsys=capsys,
    )
    assert built.code == 0, built.err
    assert built.manifest["areas"]["scored"] == len(WORLD.areas)
    assert built.manifest["premises"]["in"] == len(WORLD.uprns)
    assert {source["release"] for source in built.manifest["sources"]} >= {"January 2026", "May 2026", "Census 2021"}

    asked = len(publisher.requests)
    second = fetch("--districts", ",".join(BOTH), "--offline", cache="cache", mirror=None)
    assert second.code == 0, second.err
    assert "Nothing has changed" in second.out
    assert content(first.folder) == made
    elsewhere = fetch("--districts", ",".join(BOTH), "--offline", out="studies/there", cache="cache", mirror=None)
    assert elsewhere.code == 0, elsewhere.err
    assert content(elsewhere.folder) == made
    assert len(publisher.requests) == asked
    shutil.rmtree("cache")
    alone = fetch("--districts", ",".join(BOTH), "--offline", cache="empty", mirror=None)
    assert alone.code == 0, "the study's own folder is enough"
    assert content(first.folder) == made


def test_the_files_are_ordinary_files_with_what_the_lock_says(fetch):
    run = fetch()
    files = lock(run)["files"]
    assert {path.name for path in (run.folder / "files").iterdir()} == set(files)
    for name, entry in files.items():
        path = run.folder / "files" / name
        assert path.is_file()
        assert not path.is_symlink()
        assert path.stat().st_size == entry["size"]
        assert len(entry["sha256"]) == 64
        assert entry["address"].startswith("https://")
        assert entry["sent_from"]
        assert entry["fetched"][:2] == "20"
        assert entry["licence"] == "Open Government Licence v3.0"
    assert lock(run)["request"]["ofcom"] == "2026-01"


@pytest.mark.parametrize(
    ("places", "districts"),
    [
        (("--districts", "Dorset, Bournemouth, Christchurch and Poole"), BOTH),
        (("--districts", "dor"), [DORSET]),
        (("--county", COUNTY[1]), [DORSET]),
        (("--region", REGION[0]), BOTH),
        (("--region", "south"), BOTH),
        (("--lep", LEP[1]), BOTH),
        (("--england",), BOTH),
    ],
)
def test_places_are_chosen_by_name_or_code(fetch, places, districts):
    run = fetch(*places)
    assert run.code == 0, run.err
    assert read_study(run.folder / "study.toml").districts == districts


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (("--districts", "Poole"), "--districts E06000058"),
        (("--districts", "e07000052"), "--districts E06000059"),
        (("--districts", "Dorzet"), "Dorset"),
        (("--districts", "S12000033"), "begin with E or W"),
        (("--county", "Rutland"), "county"),
        (("--england", "--county", "x"), "--county and --england"),
        ((), "none of them"),
        (("--england", "--release", "2025-01"), "2025-07"),
        (("--england", "--also", "gas"), "--also"),
        (("--england", "--without", "boundaries"), "Every study needs this, so it cannot be left out: boundaries."),
        (("--england", "--without", "ofcom_oa"), "cannot be left out: ofcom_oa."),
        (("--england", "--also", "lookup"), "Every study has this: lookup."),
        (("--england", "--also", "terrain"), "This cannot be fetched for a study: terrain."),
        (("--england", "--also", "wimd"), "This is not published for England: wimd."),
        (("--england", "--also", "mobil"), "nearest: “mobile”"),
        (("--england", "--update", "--offline"), "without the network"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(fetch, tmp_path, places, said):
    run = fetch(*(places or ("--quiet",)))
    assert run.code == 2
    assert said in run.err
    assert "next:" in run.err
    assert not (tmp_path / "studies").exists()


@pytest.mark.parametrize("word", ["2025-07", "2024-07"])
def test_an_older_release_of_ofcom_can_be_chosen(fetch, word):
    run = fetch("--districts", DORSET, "--release", word)
    assert run.code == 0, run.err
    assert lock(run)["request"]["ofcom"] == word
    assert (read_study(run.folder / "study.toml").layer("ofcom_oa").release or "").endswith(word[:4])


def test_kinds_can_be_added_and_left_out(fetch):
    run = fetch(
        "--districts", DORSET, "--also", "open_uprn,performance,dft_connectivity", "--without", "subsidy,parish"
    )
    assert run.code == 0, run.err
    study = read_study(run.folder / "study.toml")
    kinds = {layer.kind for layer in study.layers}
    assert kinds >= {"open_uprn", "performance", "dft_connectivity"}
    assert "subsidy" not in kinds
    assert "parish" not in {layer.name for layer in study.layers}


def test_a_dry_run_names_everything_and_writes_no_study(fetch, tmp_path, publisher):
    run = fetch("--districts", DORSET, "--dry-run", cache="cache")
    assert run.code == 0, run.err
    assert not (tmp_path / "studies").exists()
    assert "202601_fixed_broadband_coverage_and_full_fibre_take-up-r1.zip, 33.8 MB" in run.out
    assert "Open Government Licence v3.0" in run.out
    assert run.out.count("to fetch") > 10
    assert " 0.0 MB" not in run.out
    for name in ("codepo_gb.zip", "bduk_2026_05_south_west.zip"):
        assert re.search(rf"{name}, [1-9][0-9.]* (bytes|KB),", run.out), "the publisher's listing says how large it is"
    assert publisher.asked(release("ofcom-2026-01-oa").url) == []
    fetch("--districts", DORSET, cache="cache")
    again = fetch("--districts", DORSET, "--dry-run", out="studies/other", cache="cache")
    assert "0 of them to fetch" in again.out


@pytest.mark.parametrize("places", [("--districts", DORSET), ("--lep", LEP[1]), ("--england", "--without", "parish")])
def test_a_dry_run_lists_every_file_that_comes(fetch, places):
    said = fetch(*places, "--dry-run").out
    names = set(re.findall(r"^      ([^,]+), ", said, re.MULTILINE))
    run = fetch(*places)
    assert run.code == 0, run.err
    assert names == set(lock(run)["files"])
    assert f"{len(names)} files, " in said


def test_a_dry_run_is_refused_where_the_fetch_would_be(fetch):
    fetch("--districts", DORSET)
    run = fetch("--districts", ",".join(BOTH), "--dry-run")
    assert run.code == 2
    assert "another study" in run.err
    assert fetch("--districts", ",".join(BOTH), "--dry-run", "--update").code == 0


def test_an_update_takes_what_is_new_and_shows_what_changed(fetch, publisher):
    before = fetch()
    old = lock(before)
    entry = release("libraries-2023")
    publisher.fail(entry.url, NewVersion(b"name,postcode,type,closed,staffed_hours\nNew,DT1 1AA,Static Library,,12\n"))
    run = fetch("--districts", ",".join(BOTH), "--update")
    assert run.code == 0, run.err
    new = lock(run)
    assert {name for name in new["files"] if new["files"][name] != old["files"][name]} == {entry.file_name}
    assert "1 file changed." in run.out
    assert old["files"][entry.file_name]["sha256"][:12] in run.out
    assert new["files"][entry.file_name]["sha256"][:12] in run.out
    again = fetch("--districts", ",".join(BOTH), "--update")
    assert "nothing new" in again.out


def test_a_study_that_was_edited_is_kept(fetch):
    run = fetch()
    path = run.folder / "study.toml"
    mine = path.read_text(encoding="utf-8").replace("fwa = true", "fwa = false")
    path.write_text(mine, encoding="utf-8")
    refused = fetch()
    assert refused.code == 2
    assert "fwa = false" in refused.err
    assert "--update" in refused.err
    assert path.read_text(encoding="utf-8") == mine
    taken = fetch("--districts", ",".join(BOTH), "--update")
    assert taken.code == 0, taken.err
    assert "fwa = true" in path.read_text(encoding="utf-8")
    assert (run.folder / "study.edited.toml").read_text(encoding="utf-8") == mine
    assert fetch().code == 0


def test_a_folder_with_anything_else_in_it_is_not_replaced(fetch, tmp_path):
    foreign = tmp_path / "studies" / "here"
    foreign.mkdir(parents=True)
    (foreign / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert fetch().code == 2
    (foreign / "thesis.txt").unlink()
    assert fetch().code == 0
    (foreign / "thesis.txt").write_text("years of work", encoding="utf-8")
    run = fetch("--districts", ",".join(BOTH), "--update")
    assert run.code == 2
    assert "thesis.txt" in run.err
    assert (foreign / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_folder_of_other_places_is_not_replaced_by_mistake(fetch):
    fetch("--districts", DORSET)
    run = fetch()
    assert run.code == 2
    assert "another study" in run.err
    assert read_study(run.folder / "study.toml").districts == [DORSET]
    assert fetch("--districts", ",".join(BOTH), "--update").code == 0
    assert read_study(run.folder / "study.toml").districts == BOTH


def test_the_same_places_may_be_asked_for_in_another_way(fetch):
    first = fetch("--lep", LEP[1])
    files = lock(first)["files"]
    assert release("district-outlines-2024").file_name in files
    run = fetch()
    assert run.code == 0, run.err
    assert lock(run)["files"] == files


def test_the_commands_to_go_on_with_can_be_pasted_whatever_the_folder_is_called(fetch):
    run = fetch("--districts", DORSET, out="studies/my study's")
    assert run.code == 0, run.err
    lines = [line.strip() for line in run.out.splitlines()]
    build = next(shlex.split(line) for line in lines if " build " in line)
    assert build[-3:] == [str(Path("studies/my study's/study.toml")), "--out", str(Path("results/my study's"))]
    start = next(shlex.split(line) for line in lines if line.startswith("NOTSPOT_BUILD="))
    assert start[0] == f"NOTSPOT_BUILD={Path('results', 'my study' + chr(39) + 's')}"


def test_the_three_lines_of_the_readme_do_what_they_say(tmp_path, monkeypatch, capsys, publisher, shared):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- today: begin -->\n```bash\n(.*?)```", text, re.DOTALL)[1]
    fetched, built, started = (shlex.split(line) for line in block.splitlines())
    monkeypatch.chdir(tmp_path)
    known = {"NOTSPOT_MIRROR": publisher.mirror, "NOTSPOT_CACHE": str(shared)}
    for words in (fetched, built):
        assert words[:3] == [".venv/bin/python", "-m", "connectivity"]
        given = words[3 : words.index("--out")] if "build" in words else words[3:]
        run = run_command(
            *given,
            out=Path(words[words.index("--out") + 1]),
            log=tmp_path / "log",
            monkeypatch=monkeypatch,
            capsys=capsys,
            environment=known,
        )
        assert run.code == 0, run.err
    assert started[0] == f"NOTSPOT_BUILD={run.folder}"
    assert started[1:] == [".venv/bin/python", "-m", "streamlit", "run", "app.py"]
    assert read_build(run.folder).manifest.areas.scored == len(WORLD.areas)


def test_quiet_says_only_what_was_made(fetch, publisher):
    publisher.fail(release("libraries-2023").url, Status(404), always=True)
    run = fetch("--districts", DORSET, "--quiet", cache="cache")
    assert run.code == 0
    assert run.err == ""
    assert "Left out: Public libraries" in run.out
