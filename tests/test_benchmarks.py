"""The benchmarks run, compare like with like, and what is kept is theirs; nothing here depends on the clock."""

from __future__ import annotations

import csv
import doctest
import importlib
import json
import re

import numpy as np
import pytest

from benchmarks import aggregation, imports, measuring, national, points
from benchmarks.__main__ import NAMES, RESULTS, main, read

README = RESULTS.with_name("README.md").read_text(encoding="utf-8")


def test_a_quick_run_prints_ratios_and_keeps_them_where_it_is_told(tmp_path, capsys):
    out = tmp_path / "results.json"
    assert main(["--quick", "ranking", "imports", "--out", str(out)]) in {0, 1}
    kept = read(out)
    assert list(kept) == ["ranking", "imports"]
    for result in kept.values():
        assert result["quick"]
        assert {"date", "cores", "python", "libraries"} <= set(result["machine"])
        assert result["comparisons"]
        assert all(one["ratio"] > 0 for one in result["comparisons"])
    said = capsys.readouterr().out
    assert re.search(r"ours [\d.]+ s, a loop over rows [\d.]+ s, ratio [\d.]+", said)


def test_a_quick_run_leaves_the_kept_figures_alone(monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results.json")
    monkeypatch.setattr("benchmarks.__main__.measured", lambda _name, *, quick: {"quick": quick, "targets": []})
    assert main(["--quick", "ranking"]) == 0
    assert not (tmp_path / "results.json").exists()


def test_a_missed_target_and_a_failure_are_told_apart(monkeypatch, tmp_path, capsys):
    missed = {"targets": [measuring.target("build", value=12, limit=10, unit="s")]}

    def measured(name, *, quick):
        if name == "zonal":
            raise OSError("no raster")
        return missed

    monkeypatch.setattr("benchmarks.__main__.measured", measured)
    out = str(tmp_path / "results.json")
    assert main(["building", "--out", out]) == 1
    assert main(["building", "zonal", "--out", out]) == 2
    assert "target: build 12 s, at most 10 s: MISSED" in capsys.readouterr().out
    assert list(read(tmp_path / "results.json")) == ["building"]


def test_an_unknown_benchmark_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "no benchmark is called speed" in capsys.readouterr().err


def test_what_is_kept_is_every_benchmark_at_full_size():
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert list(kept) == list(NAMES)
    assert [name for name, result in kept.items() if result.get("quick")] == []


def test_every_benchmark_is_a_module_and_described():
    rows = re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)
    assert rows == list(NAMES)
    assert [name for name in NAMES if not callable(importlib.import_module(f"benchmarks.{name}").run)] == []


@pytest.mark.parametrize("module", [measuring, national, imports])
def test_examples_in_the_text_are_true(module):
    assert doctest.testmod(module).failed == 0


def test_points_are_the_same_every_time_and_counted_alike():
    assert np.array_equal(points.premises(500), points.premises(500))
    for kind in points.KINDS:
        ours, theirs = (points.measure(kind, points=500, sjoin=sjoin)[1] for sjoin in (False, True))
        assert np.array_equal(ours, theirs)
        assert ours.sum() == 500


def test_national_files_are_summed_alike(tmp_path):
    files = national.write(tmp_path, scale=1000)
    for kind in aggregation.WORDS:
        ours, theirs = (aggregation.measure(kind, files=files, plain=plain, repeat=1)[1] for plain in (False, True))
        np.testing.assert_allclose(ours.reindex(theirs.index), theirs)


@pytest.mark.real
@pytest.mark.parametrize(
    ("published", "kind"), [("202601_fixed_oa_coverage_r1.csv", "oa"), ("202601_fixed_pc_coverage_r2_CR.csv", "pc")]
)
def test_national_files_have_the_published_headings(real_data, tmp_path, published, kind):
    files = national.write(tmp_path, scale=10_000)
    made = files.by_output_area if kind == "oa" else files.by_postcode
    with made.open(encoding="utf-8") as ours:
        headings = next(csv.reader(ours))
    with (real_data / "ofcom" / "fixed" / published).open(encoding="utf-8-sig", newline="") as theirs:
        assert headings == next(csv.reader(theirs))
