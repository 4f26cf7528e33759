"""Whatever happens, and whenever, the output folder is the old result or the new one."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from layers import staging
from layers.errors import OutputError
from layers.staging import check_output, staged

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30  # seconds until a child must have said something


def write(folder: Path, fingerprint: str, *, parts: int = 3) -> None:
    """Write a result that cannot be mistaken for another one."""
    (folder / "deep").mkdir()
    for number in range(parts):
        (folder / "deep" / f"{number}.csv").write_text(fingerprint * 1_000, encoding="utf-8")
    manifest = {"schema_version": 1, "fingerprint": fingerprint, "parts": parts}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def build(out: Path, fingerprint: str, *, parts: int = 3) -> None:
    with staged(out) as folder:
        write(folder, fingerprint, parts=parts)


def whole(out: Path) -> str:
    """Return which result stands there, once it is known to be all of it and nothing else."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in out.iterdir()) == ["deep", "manifest.json"]
    parts = sorted(path.name for path in (out / "deep").iterdir())
    assert parts == sorted(f"{number}.csv" for number in range(manifest["parts"]))
    for name in parts:
        assert (out / "deep" / name).read_text(encoding="utf-8") == manifest["fingerprint"] * 1_000
    return manifest["fingerprint"]


def beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results" / "dorset"


@pytest.fixture(params=["exchange", "two renames"])
def way(request, monkeypatch):
    """Both ways of changing places, where the system has both."""
    if request.param == "exchange" and sys.platform != "linux":
        pytest.skip("only Linux exchanges two folders in one step")
    if request.param == "two renames":
        monkeypatch.setattr(staging, "_exchange", lambda _one, _other: False)
    return request.param


# --- When all goes well -------------------------------------------------------------------------------------------


def test_a_first_build_makes_its_folder_and_those_above(out):
    build(out, "first")
    assert whole(out) == "first"
    assert beside(out) == []


def test_a_later_build_replaces_all_of_the_earlier_one(out, way):
    build(out, "first", parts=5)
    build(out, "second", parts=2)
    assert whole(out) == "second", way
    assert beside(out) == []


def test_an_empty_folder_is_filled(out, way):
    out.mkdir(parents=True)
    (out / ".DS_Store").touch()  # someone looked at it
    build(out, "first")
    assert whole(out) == "first", way
    assert beside(out) == []


def test_the_staging_folder_is_a_sibling_named_after_the_process(out):
    with staged(out) as folder:
        assert folder == out.parent / f".dorset.building-{os.getpid()}"
        assert not out.exists()
        write(folder, "first")


def test_a_relative_place_is_taken_from_the_current_folder(out, monkeypatch):
    out.parent.mkdir()
    monkeypatch.chdir(out.parent)
    build(Path("dorset"), "first")
    assert whole(out) == "first"
    build(Path("../results/./dorset"), "second")
    assert whole(out) == "second"


def test_a_reader_never_sees_half_a_result(out):
    """The exchange leaves no moment without a result; the fallback does, so this is for Linux."""
    if sys.platform != "linux":
        pytest.skip("only Linux exchanges two folders in one step")
    build(out, "0")
    stop = threading.Event()
    seen = []

    def look():
        while not stop.is_set():
            seen.append((out / "manifest.json").is_file())

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(20):
        build(out, str(number), parts=1)
    stop.set()
    reader.join()
    assert all(seen)


# --- When the build fails -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failed_build_leaves_the_old_result_and_no_trace(out, error):
    build(out, "first")
    with pytest.raises(error), staged(out) as folder:  # noqa: PT012 (the block is what fails)
        write(folder, "second")
        raise error
    assert whole(out) == "first"
    assert beside(out) == []


def test_a_failed_first_build_leaves_no_folder_behind(out):
    with pytest.raises(ValueError, match="no"), staged(out) as folder:  # noqa: PT012 (the block is what fails)
        write(folder, "first")
        raise ValueError("no")
    assert not out.parent.exists()


def test_a_result_without_a_manifest_is_a_fault_of_the_program(out):
    with pytest.raises(RuntimeError, match=r"manifest\.json"), staged(out) as folder:
        (folder / "ranking.csv").write_text("rank", encoding="utf-8")
    assert not out.exists()


def test_a_disk_that_refuses_the_swap_leaves_the_old_result(out, way, monkeypatch):
    build(out, "first")
    rename = Path.rename

    def full(path, target):
        if ".building-" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    monkeypatch.setattr(staging, "_exchange", lambda _one, _other: False)
    with pytest.raises(OutputError, match="No space left") as caught:
        build(out, "second")
    assert "what was there before is still there" in str(caught.value)
    assert whole(out) == "first", way
    assert beside(out) == []


def test_a_folder_that_turns_foreign_during_the_build_is_left_alone(out):
    with pytest.raises(OutputError, match="other things"), staged(out) as folder:  # noqa: PT012 (it fails at its end)
        write(folder, "first")
        out.mkdir()
        (out / "thesis.docx").touch()
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]
    assert beside(out) == []


# --- What is not ours ---------------------------------------------------------------------------------------------


def refused(out: Path) -> str:
    """Check a place that must be refused, before any work and unchanged by it."""
    with pytest.raises(OutputError) as caught:
        check_output(out)
    with pytest.raises(OutputError), staged(out):
        pytest.fail("the block ran")
    message = str(caught.value)
    for part in ("file:     ", "expected: ", "found:    ", "next:     "):
        assert part in message
    return message


@pytest.mark.parametrize(
    "manifest",
    [None, "", "[]", "not json", '{"schema_version": 1}', '{"name": "a web app", "icons": []}', "[" * 100_000],
)
def test_a_folder_of_other_things_is_refused_and_kept(out, manifest):
    out.mkdir(parents=True)
    (out / "thesis.docx").write_text("years of work", encoding="utf-8")
    if manifest is not None:
        (out / "manifest.json").write_text(manifest, encoding="utf-8")
    assert "thesis.docx" in refused(out)
    assert (out / "thesis.docx").read_text(encoding="utf-8") == "years of work"
    assert beside(out) == []


def test_a_file_is_refused(out):
    out.parent.mkdir()
    out.touch()
    assert "found:    a file" in refused(out)


def test_a_place_below_a_file_is_refused(out):
    out.parent.touch()
    assert "not a folder" in refused(out)


def test_a_link_is_refused_even_to_a_result_of_ours(out):
    build(out, "first")
    link = out.with_name("link")
    try:
        link.symlink_to(out, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    assert "a link" in refused(link)
    assert whole(out) == "first"
    link.unlink()
    link.symlink_to(out.with_name("nowhere"))
    assert "a link" in refused(link)


def test_a_link_further_up_is_followed(out, tmp_path):
    out.parent.mkdir()
    try:
        (tmp_path / "link").symlink_to(out.parent, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    build(tmp_path / "link" / "dorset", "first")
    assert whole(out) == "first"


def test_the_home_folder_is_refused_whatever_it_holds(out, monkeypatch):
    write_home = out / "home"
    write_home.mkdir(parents=True)
    write(write_home, "first")
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(write_home))
    assert "home" in refused(write_home)
    assert "home" in refused(out)
    assert whole(write_home) == "first"


def test_the_current_folder_and_a_disk_root_are_refused(out, monkeypatch):
    build(out, "first")
    monkeypatch.chdir(out / "deep")
    for place in (Path(), Path(".."), out, out.parent, Path(out.anchor)):
        assert "current folder" in refused(place)
    assert whole(out) == "first"


def test_a_place_without_permission_is_refused(out, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # an administrator may write anywhere
    assert "not permitted" in refused(out)


def test_checking_changes_nothing(out, tmp_path):
    check_output(out)
    assert list(tmp_path.iterdir()) == []
    build(out, "first")
    check_output(out)
    assert whole(out) == "first"


# --- Killed -------------------------------------------------------------------------------------------------------

CHILD = """
import sys, time
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from layers import staging
import test_staging

def wait_here(*_arguments, **_options):
    print("here", flush=True)
    time.sleep(600)

out = Path({out!r})
{patch}
with staging.staged(out) as folder:
    test_staging.write(folder, "new", parts=40)
    {inside}
print("done", flush=True)
"""
TWO_RENAMES = "staging._exchange = lambda one, other: False"
SECOND_RENAME = """
rename = Path.rename
Path.rename = lambda path, target: wait_here() if ".building-" in path.name else rename(path, target)
"""


def killed(out: Path, *, patch: str = "", inside: str = "", here: str = "here") -> subprocess.Popen[str]:
    """Start a build in a process of its own, wait until it has come to a point, and kill it there."""
    tests = str(Path(__file__).parent)
    code = CHILD.format(root=str(ROOT), tests=tests, out=str(out), patch=patch, inside=inside)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        line = child.stdout.readline().strip()
        child.kill()  # SIGKILL; on Windows TerminateProcess
        child.wait(PATIENCE)
    assert line == here
    return child


HALF_WRITTEN = {"inside": '(folder / "manifest.json").unlink(); wait_here()'}
FLUSHING = {"patch": "staging._flush = wait_here"}
BEFORE_SWAP = {"patch": "staging._put_in_place = wait_here"}
BETWEEN_RENAMES = {"patch": TWO_RENAMES + SECOND_RENAME}
SWAPPED = {"patch": "staging.shutil.rmtree = wait_here"}
SWAPPED_BY_RENAMES = {"patch": TWO_RENAMES + "\nstaging.shutil.rmtree = wait_here"}


@pytest.mark.parametrize("moment", [HALF_WRITTEN, FLUSHING, BEFORE_SWAP], ids=["half", "flushing", "before"])
def test_killed_before_the_swap_the_old_result_stands(out, moment):
    build(out, "old")
    killed(out, **moment)
    assert whole(out) == "old"
    assert len(beside(out)) == 1  # what the killed build left
    build(out, "newer")
    assert whole(out) == "newer"
    assert beside(out) == []


def test_killed_before_a_first_result_there_is_none(out):
    killed(out, **BEFORE_SWAP)
    assert not out.exists()
    build(out, "newer")
    assert whole(out) == "newer"
    assert beside(out) == []


def test_killed_between_the_two_renames_the_next_command_puts_the_old_result_back(out):
    build(out, "old")
    child = killed(out, **BETWEEN_RENAMES)
    assert not out.exists()
    assert beside(out) == [f".dorset.building-{child.pid}", f".dorset.previous-{child.pid}"]
    check_output(out)
    assert whole(out) == "old"
    build(out, "newer")
    assert whole(out) == "newer"
    assert beside(out) == []


@pytest.mark.parametrize("moment", [SWAPPED, SWAPPED_BY_RENAMES], ids=["exchange", "two renames"])
def test_killed_after_the_swap_the_new_result_stands(out, moment):
    build(out, "old")
    killed(out, **moment)
    assert whole(out) == "new"
    assert len(beside(out)) == 1  # the old one, half on its way out
    build(out, "newer")
    assert whole(out) == "newer"
    assert beside(out) == []


@pytest.mark.slow
def test_killed_at_any_moment_the_result_is_the_old_or_the_new_one(out):
    build(out, "old")
    found = set()
    for number in range(12):
        tests = str(Path(__file__).parent)
        patch = 'print("here", flush=True)' + ("\n" + TWO_RENAMES if number % 2 else "")
        code = CHILD.format(root=str(ROOT), tests=tests, out=str(out), patch=patch, inside="")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline().strip() == "here"
            time.sleep(number * 0.004)
            child.kill()
            child.wait(PATIENCE)
        check_output(out)
        found.add(whole(out))
    assert found <= {"old", "new"}
    build(out, "newer")
    assert beside(out) == []


# --- Two at once --------------------------------------------------------------------------------------------------


def test_of_two_builds_at_once_the_last_to_finish_stays(out, way):
    with staged(out) as one:
        with staged(out) as other:
            assert one != other
            write(other, "other")
        assert whole(out) == "other"
        write(one, "one")
    assert whole(out) == "one", way
    assert beside(out) == []


def test_the_staging_folder_of_a_living_process_is_left_alone(out):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as child:
        living = out.with_name(f".dorset.building-{child.pid}")
        living.mkdir(parents=True)
        build(out, "first")
        assert living.is_dir()
        assert child.poll() is None  # asking whether it lives did it no harm
        child.communicate("\n", timeout=PATIENCE)
    build(out, "second")
    assert not living.exists()


def test_what_a_living_process_set_aside_is_not_put_back(out):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as child:
        aside = out.with_name(f".dorset.previous-{child.pid}")
        aside.mkdir(parents=True)
        write(aside, "old")
        check_output(out)
        assert not out.exists()
        child.communicate("\n", timeout=PATIENCE)
    check_output(out)
    assert whole(out) == "old"


def test_a_staging_folder_left_under_our_own_number_is_cleared(out):
    left = out.with_name(f".dorset.building-{os.getpid()}")  # in a container every run may be number 1
    left.mkdir(parents=True)
    (left / "half").touch()
    build(out, "first")
    assert whole(out) == "first"
    assert beside(out) == []


def test_names_that_only_look_alike_are_left_alone(out):
    out.parent.mkdir()
    names = [".dorset.building-", ".dorset.building-x", ".dorset2.building-999999999", "dorset.building-999999999"]
    for name in names:
        (out.parent / name).mkdir()
    (out.parent / ".dorset.building-999999998").touch()  # a file is none of ours
    build(out, "first")
    assert beside(out) == sorted([*names, ".dorset.building-999999998"])


@pytest.mark.parametrize("threads", [4])
def test_many_builds_at_once_end_with_one_whole_result(out, way, threads):
    failures = []

    def work(name):
        try:
            for number in range(8):
                build(out, f"{name}-{number}")
        except BaseException as error:  # noqa: BLE001 (a thread's failure must reach the test)
            failures.append(error)

    workers = [threading.Thread(target=work, args=(name,)) for name in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == [], way
    assert whole(out).endswith("-7")
    assert beside(out) == []


def test_processes_are_told_apart_without_harm():
    assert staging._is_running(os.getpid())
    assert not staging._is_running(0)
    assert not staging._is_running(10**12)
