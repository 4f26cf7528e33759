"""The command line's promises: where it writes, how it leaves, who wins, and what a sudden end leaves behind."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from manifests import hand_manifest
from typer.testing import CliRunner
from worlds import run_command, world_2013, world_today

from connectivity import __version__, build, cli
from connectivity.commands import build_verb
from connectivity.fingerprints import fingerprint
from connectivity.outputs import read_build
from layers.intake.files import sha256
from layers.study import read_study

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds until a child must have ended
ATTEMPTS = 3
QUICK = ("--draws", "0")
"""For builds of which nothing is asked that the draws change: they take half of a small build's time."""
NO_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends a console event, not a signal")


@pytest.fixture
def today(tmp_path):
    return world_today(tmp_path / "today")


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line in this process."""

    def run(*arguments, out=tmp_path / "out", **environment):
        return run_command(
            *arguments,
            out=out,
            log=tmp_path / "log",
            monkeypatch=monkeypatch,
            capsys=capsys,
            environment=environment,
        )

    return run


@pytest.fixture
def environment(tmp_path):
    """An environment without our variables, whose logs and caches are in a temporary folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTSPOT_")}
    places = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(tmp_path / "user"))
    return {**kept, **places}


@pytest.fixture
def start(environment):
    """Start the program as a process of its own; what still runs at the end is ended."""
    children = []

    def start(*arguments, **more):
        command = [sys.executable, "-m", "connectivity", *map(str, arguments)]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        child = subprocess.Popen(command, cwd=ROOT, env={**environment, **more}, **streams)
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def asked(run, monkeypatch):
    """Give a function that runs the command line up to the build, and gives the study that would be built."""
    studies = []

    def only_asked(study, **_):
        studies.append(study)
        return hand_manifest()

    monkeypatch.setattr(build, "build", only_asked)
    monkeypatch.setattr(build_verb, "next_steps", lambda _: [])

    def asked(*arguments, **environment):
        assert run("build", *arguments, **environment).code == 0
        return studies.pop()

    return asked


def wait_for(child, phrase):
    """Read the child's messages until it says that phrase; True when it did."""
    return any(phrase in line.decode() for line in child.stderr)


# --- Two streams --------------------------------------------------------------------------------------------------


def test_the_version_is_a_result(start):
    out, err = (stream.decode() for stream in start("--version").communicate(timeout=PATIENCE))
    assert (out.split(), err) == (["notspot", __version__], "")


def test_results_go_to_standard_output_and_messages_to_standard_error(start, tmp_path):
    study = world_2013(tmp_path / "2013").study()
    child = start("build", study, "--out", tmp_path / "out")
    out, err = (stream.decode().splitlines() for stream in child.communicate(timeout=PATIENCE))
    assert child.returncode == 0
    assert out[0] == f"Two shires, 2013: 6 of 6 areas scored, 480 of 480 lines. Written to {tmp_path / 'out'}"
    assert out[1::2] == ["Show it:", "Ask it:"]
    assert len(err) == 2
    assert all(line.startswith("Note: libr") for line in err)


def test_quiet_says_the_result_alone(run, tmp_path):
    result = run("build", world_2013(tmp_path / "2013").study(), "--quiet")
    assert result.code == 0
    assert result.out.startswith("Two shires, 2013: 6 of 6 areas")
    assert len(result.out.splitlines()) == 1
    assert result.err == ""


def test_a_build_says_how_to_show_it_and_ask_it_for_a_postcode_it_holds(run, today, tmp_path):
    built = run("build", today.study(switches={"fwa": True}), out=tmp_path / "my results")
    lines = built.out.splitlines()
    assert f"NOTSPOT_BUILD={shlex.quote(str(built.folder))}" in lines[2] or os.name == "nt"
    asked = shlex.split(lines[-1]) if os.name != "nt" else []
    answer = run(*(asked[asked.index("postcode") :] if asked else ["postcode", "ZZ1 1AA", "--build", built.folder]))
    assert answer.code == 0
    assert answer.out.startswith("ZZ1 1AA: Alder, Northshire")


@pytest.mark.parametrize("verb", list(cli.VERBS))
def test_the_help_of_each_verb_has_an_example_that_its_own_options_allow(verb, monkeypatch):
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    said = CliRunner().invoke(cli.app, [verb, "--help"], terminal_width=200).output
    words = " ".join((verb, *cli.VERBS[verb][1]))
    assert re.search(rf"Example: \S+ -m connectivity {re.escape(words)}", said)
    assert {word for word in words.split() if word.startswith("--")} <= set(re.findall(r"--[a-z]+", said))


def test_quiet_still_says_what_is_wrong(run, today):
    result = run("build", today.path("none.toml"), "--quiet")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("The study file cannot be opened.")


def test_verbose_logs_the_steps_to_standard_error(run, today):
    result = run("build", today.study(), *QUICK, "--verbose")
    assert result.out.startswith("Two shires: 6 of 6 areas")
    steps = [result.err.index(step) for step in ("Reading outlines", "Reading broadband", "Writing", "Done")]
    assert steps == sorted(steps)


def test_what_a_library_remarks_on_is_for_the_log(start, today, tmp_path):
    today.shapes(lambda features: features[1]["geometry"].update(coordinates=[[[-2, 50.8], [-2, 50.9]]]))
    child = start("build", today.study(), "--out", tmp_path / "out")
    _, err = (stream.decode() for stream in child.communicate(timeout=PATIENCE))
    assert child.returncode == 2
    assert err.startswith("The outlines cannot be read.")
    assert "Warning" not in err
    logs = list((tmp_path / "user").rglob("notspot.log"))
    assert len(logs) == 1
    assert "Non closed ring" in logs[0].read_text(encoding="utf-8")


def test_a_narrow_terminal_alphabet_does_not_stop_a_build(start, today, tmp_path):
    study = today.study(name="Brāunton – Ōtaki")
    child = start("build", study, "--out", tmp_path / "out", PYTHONIOENCODING="ascii")
    out, _ = child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    assert out.decode("utf-8").startswith("Brāunton – Ōtaki: 6 of 6")


@pytest.mark.parametrize("arguments", [["biuld"], ["build"], ["build", "study.toml", "--fwaa"]])
def test_a_command_that_cannot_be_understood_is_the_users_to_mend(run, arguments):
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Usage:" in result.err


# --- How it leaves ------------------------------------------------------------------------------------------------


def test_a_mistake_of_ours_is_said_shortly_and_logged_in_full(run, today, monkeypatch, tmp_path):
    def broken(*_, **__):
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(build, "join_layers", broken)
    result = run("build", today.study())
    assert (result.code, result.out) == (1, "")
    log = tmp_path / "log" / "notspot.log"
    assert result.err == f"This is a mistake of ours, not of your files. Details are in {log}.\n"
    assert log.read_text(encoding="utf-8").count("ZeroDivisionError: a secret detail") == 1
    assert not result.folder.exists()


def test_a_mistake_of_ours_where_no_log_can_be_written(run, today, monkeypatch, tmp_path):
    def broken(*_, **__):
        raise ZeroDivisionError

    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "notspot.log").mkdir()  # a folder stands in the log's place
    monkeypatch.setattr(build, "join_layers", broken)
    result = run("build", today.study())
    assert result.code == 1
    assert result.err.startswith("This is a mistake of ours")
    assert "Details are in" not in result.err


def test_a_full_disk_is_the_users_to_mend(run, today, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "areas.parquet")

    monkeypatch.setattr(build, "write_outputs", full)
    result = run("build", today.study())
    assert (result.code, result.out) == (2, "")
    assert result.said("file") == "areas.parquet"
    assert os.strerror(errno.ENOSPC) in result.said("found")
    assert not result.folder.exists()
    assert [path.name for path in result.folder.parent.iterdir() if path.name.startswith(".")] == []


@NO_SIGNALS
@pytest.mark.parametrize("phrase", ["Reading outlines", "Reading need", "Writing"])
def test_an_interrupt_leaves_with_130_and_no_half_result(start, today, tmp_path, phrase):
    for attempt in range(ATTEMPTS):
        out = tmp_path / f"out{attempt}"
        child = start("build", today.study(), "--out", out, "--verbose")
        assert wait_for(child, phrase)
        child.send_signal(signal.SIGINT)
        printed, err = (stream.decode() for stream in child.communicate(timeout=PATIENCE))
        if child.returncode != 0:  # so small a study may be whole before the signal arrives
            break
    assert (child.returncode, printed) == (cli.INTERRUPTED, "")
    assert err.splitlines()[-1].startswith("Interrupted;")
    assert "Traceback" not in err
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# --- Who wins -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "variable", "study", "effective"),
    [
        (None, None, None, True),
        (None, None, False, False),
        (None, "true", False, True),
        (None, "0", True, False),
        ("--fwa", "false", False, True),
        ("--no-fwa", "true", True, False),
        ("--no-fwa", None, None, False),
    ],
)
def test_fixed_wireless_option_over_environment_over_study_over_default(
    asked, today, option, variable, study, effective
):
    path = today.study(switches=None if study is None else {"fwa": study})
    environment = {} if variable is None else {"NOTSPOT_FWA": variable}
    assert asked(path, *([option] if option else []), **environment).switches.fwa is effective


@pytest.mark.parametrize(
    ("option", "variable", "study", "effective"),
    [
        (None, None, None, "geometric"),
        (None, None, "worst", "worst"),
        (None, "arithmetic", "worst", "arithmetic"),
        ("geometric", "arithmetic", "worst", "geometric"),
    ],
)
def test_aggregation_option_over_environment_over_study_over_default(asked, today, option, variable, study, effective):
    path = today.study(switches=None if study is None else {"aggregation": study})
    environment = {} if variable is None else {"NOTSPOT_AGGREGATION": variable}
    study = asked(path, *(["--aggregation", option] if option else []), **environment)
    assert study.switches.aggregation == effective


def test_what_took_effect_is_built_and_part_of_the_fingerprint(run, today):
    written = fingerprint(read_study(today.study(switches={"fwa": False, "aggregation": "worst"})))
    path = today.study()
    built = run("build", path, *QUICK, "--no-fwa", "--aggregation", "worst").manifest
    assert (built["counts_fwa"], built["aggregation"]) == (False, "worst")
    assert built["fingerprint"] == written != fingerprint(read_study(path))


@pytest.mark.parametrize(
    ("option", "variable", "effective"), [(None, None, "study"), (None, "b", "b"), ("c", "b", "c"), ("c", None, "c")]
)
def test_data_folder_option_over_environment_over_study(asked, tmp_path, option, variable, effective):
    worlds = {name: world_today(tmp_path / name) for name in ("study", "b", "c")}
    path = worlds["b"].study(data="../study")
    environment = {"NOTSPOT_DATA": str(tmp_path / variable)} if variable else {}
    study = asked(path, *(["--data", tmp_path / option] if option else []), **environment)
    files = [file for layer in study.layers for file in study.paths(layer)]
    assert len(files) == len(study.layers)
    assert {file.parent.resolve() for file in files} == {worlds[effective].folder.resolve()}


def test_the_files_of_another_data_folder_are_those_that_are_built(run, today, tmp_path):
    other = world_today(tmp_path / "other")
    other.set("stations.csv", row=0, name="Halt of the others")
    used = {
        one["file"]: one["sha256"]
        for one in run("build", today.study(), *QUICK, "--data", other.folder).manifest["sources"]
    }
    assert used["stations.csv"] == sha256(other.path("stations.csv")) != sha256(today.path("stations.csv"))


@pytest.mark.parametrize(
    ("variable", "value"), [("NOTSPOT_FWA", "maybe"), ("NOTSPOT_AGGREGATION", "geometrik"), ("NOTSPOT_DATA", "none")]
)
def test_an_environment_that_means_nothing_is_refused(run, today, variable, value):
    result = run("build", today.study(), **{variable: value})
    assert (result.code, result.out) == (2, "")
    assert not result.folder.exists()


@pytest.mark.parametrize("variable", ["NOTSPOT_FWA", "NOTSPOT_AGGREGATION", "NOTSPOT_DATA"])
def test_an_empty_variable_is_as_none(asked, today, variable):
    study = asked(today.study(), **{variable: ""})
    assert (study.switches.fwa, study.switches.aggregation) == (True, "geometric")
    assert study == read_study(today.path("study.toml"))


# --- A sudden end -------------------------------------------------------------------------------------------------


def whole(out):
    """Check that a whole build of the six areas stands there, and say when it was made."""
    needed = {"areas.parquet", "by_district.csv", "density.tif", "manifest.json", "postcodes.parquet", "ranking.csv"}
    assert needed <= {path.name for path in out.iterdir()}
    built = read_build(out)
    assert len(built.areas) == built.manifest.areas.total == 6
    assert len((out / "ranking.csv").read_text(encoding="utf-8").splitlines()) == 7
    return built.manifest.created


def killed(child, phrase, delay):
    """Kill a child some seconds after it has said a phrase."""
    assert wait_for(child, phrase)
    time.sleep(delay)
    child.kill()
    child.communicate()


@NO_SIGNALS
@pytest.mark.slow
def test_killed_at_any_moment_the_folder_holds_the_old_result_or_the_new_one(start, today, tmp_path):
    """Six areas do: their writing takes .13 s on a quiet machine, twice as long as any child is left to write."""
    study, out = today.study(), tmp_path / "out"
    for phrase, delay in (("Reading broadband", 0), ("Writing", 0.02)):
        killed(start("build", study, "--out", out, "--verbose", *QUICK), phrase, delay)
        if out.exists():
            whole(out)
    killed(start("build", study, "--out", out, "--verbose", *QUICK), "Done", 0)
    made = whole(out)  # it was done, so it stands

    manifest = json.loads((out / "manifest.json").read_bytes())
    (out / "manifest.json").write_text(json.dumps({**manifest, "created": "earlier"}), encoding="utf-8")
    for delay in (0, 0.06):  # with all files, since it is their writing that is cut short
        killed(start("build", study, "--out", out, "--verbose"), "Writing", delay)
        assert whole(out) == "earlier" or whole(out) >= made

    child = start("build", study, "--out", out, *QUICK)
    child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    assert made <= whole(out) < "earlier"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
