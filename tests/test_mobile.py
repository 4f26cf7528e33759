"""Ofcom's mobile file by authority: exactly-n families, and what a blank means."""

from __future__ import annotations

import pandas as pd
import pytest
from worlds import NORTHSHIRE, SOUTHSHIRE, run_command, world_2013, world_today, write_csv

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.ofcom.mobile import read_mobile

NAME = "202507_mobile_coverage_laua_r01.csv"
FAMILY = ["4G_prem_in_0", "4G_prem_in_1", "4G_prem_in_2", "4G_prem_in_3", "4G_prem_in_4"]


def row(code, *shares, names=FAMILY, **more):
    """Make a row: % of premises that exactly 0, 1, 2 … operators reach indoors, among families that are not asked."""
    others = {"4G_prem_out_0": 1, "4G_prem_out_4": 99, "5G_high_confidence_prem_in_0": 100, "4G_geo_out_0": ""}
    return {"laua": code, "laua_name": code, "prem_count": 10} | others | dict(zip(names, shares, strict=True)) | more


def read(folder, rows, **more):
    ledger = Ledger()
    path = write_csv(folder / NAME, rows)
    return read_mobile(path, districts=[NORTHSHIRE, SOUTHSHIRE], ledger=ledger, **more), ledger


def refused(folder, rows):
    with pytest.raises(LayerError) as caught:
        read(folder, rows)
    assert caught.value.parts["file"] == NAME
    return str(caught.value)


def test_at_least_one_operator_is_what_exactly_none_leaves(tmp_path):
    share, ledger = read(tmp_path, [row(NORTHSHIRE, 15, 5, 20, 20, 40), row(SOUTHSHIRE, 0, 0, 0, 0, 100)])
    assert share.to_dict() == pytest.approx({NORTHSHIRE: 0.85, SOUTHSHIRE: 1.0})
    assert ledger.sources[0].release == "July 2025"


def test_a_blank_in_a_family_is_nothing(tmp_path):
    share, _ = read(tmp_path, [row(NORTHSHIRE, "", "", 30, "", 70), row(SOUTHSHIRE, 100, "", "", "", "")])
    assert share.to_dict() == pytest.approx({NORTHSHIRE: 1.0, SOUTHSHIRE: 0.0})


def test_a_family_that_is_blank_throughout_does_not_apply(tmp_path):
    share, _ = read(tmp_path, [row(NORTHSHIRE, *[""] * 5), row(SOUTHSHIRE, 10, 0, 0, 0, 90)])
    assert share.isna().to_dict() == {NORTHSHIRE: True, SOUTHSHIRE: False}


def test_2023_says_none_and_all(tmp_path):
    names = ["4G_prem_in_None", "4G_prem_in_1", "4G_prem_in_2", "4G_prem_in_3", "4G_prem_in_All"]
    share, _ = read(tmp_path, [row(NORTHSHIRE, 12.5, 7.5, 0, 0, 80, names=names)])
    assert share.to_dict() == pytest.approx({NORTHSHIRE: 0.875})


def test_other_authorities_may_hold_anything(tmp_path):
    share, _ = read(tmp_path, [row(NORTHSHIRE, 15, 85, 0, 0, 0), row("E06000999", 15, 0, 0, 0, 0)])
    assert share.index.tolist() == [NORTHSHIRE]


@pytest.mark.parametrize("none", [100.4, 99.7])
def test_rounding_never_reaches_beyond_nothing_or_everything(tmp_path, none):
    share, _ = read(tmp_path, [row(NORTHSHIRE, none, 0, 0, 0, 0)])
    assert 0 <= share[NORTHSHIRE] <= 0.003 + 1e-9


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row(NORTHSHIRE, 15, 5, 20, 20, 39)], "99"),
        ([row(NORTHSHIRE, 15, 5, 20, 20, 60)], "120"),
        ([row(NORTHSHIRE, 50, "", "", "", "")], "50"),
        ([row(NORTHSHIRE, 15, 85, names=[*FAMILY[:1], "5G_prem_in_1"])], "15"),
        ([row(NORTHSHIRE, 0, 0, 0, 0, 100)] * 2, "100"),
    ],
)
def test_figures_that_do_not_make_a_whole(tmp_path, rows, found):
    said = refused(tmp_path, rows)
    assert NORTHSHIRE in said
    assert "sum to 100" in said
    assert found in said


def test_a_file_without_the_family(tmp_path):
    said = refused(tmp_path, [row(NORTHSHIRE, 15, 85, names=["4G_prem_out_1", "4G_prem_out_2"])])
    assert "4G_prem_in_0" in said
    assert "mobile coverage file" in said


@pytest.mark.parametrize("cell", ["-5", "all", "2e9"])
def test_a_cell_that_is_no_share(tmp_path, cell):
    assert "4G_prem_in_1" in refused(tmp_path, [row(NORTHSHIRE, 15, cell, 0, 0, 0)])


# --- Through the command line -------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(study, *options, out=tmp_path / "out"):
        shared = {"out": out, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
        return run_command("build", study, *options, **shared, draws=1_000)  # what is asked for are ranges of draws

    return run


@pytest.fixture
def today(tmp_path):
    world = world_today(tmp_path / "today")
    write_csv(world.path(NAME), [row(NORTHSHIRE, 15, 5, 20, 20, 40), row(SOUTHSHIRE, 50, 10, 10, 10, 20)])
    return world


def test_mobile_lowers_the_best_estimate_and_keeps_the_order_within_a_council(run, today, tmp_path):
    plain = run(today.study(layers={"mobile": NAME})).ranking.set_index("area_code")
    counted = run(today.study(layers={"mobile": NAME}, switches={"mobile": True}), out=tmp_path / "counted")
    assert counted.code == 0, counted.err
    assert counted.manifest["counts_mobile"] is True
    assert "Mobile: each council's own figure stands for all its small areas." in counted.manifest["modelled"]
    ranking = counted.ranking.set_index("area_code")
    for district, reach in ((NORTHSHIRE, 0.85), (SOUTHSHIRE, 0.5)):
        ours = plain.index[plain["district_code"] == district]
        expected = plain.loc[ours, "digital_infeasible"] * (1 - 0.6 * reach)
        assert ranking.loc[ours, "digital_infeasible"].tolist() == pytest.approx(expected.tolist(), abs=0.02)
        assert (ranking.loc[ours, "digital_infeasible_low"] < plain.loc[ours, "digital_infeasible_low"]).all()


def test_a_council_without_a_figure_is_refused(run, today):
    today.edit(NAME, lambda table: table.iloc[:1])
    result = run(today.study(layers={"mobile": NAME}, switches={"mobile": True}))
    assert (result.code, result.out) == (2, "")
    assert result.said("rows") == SOUTHSHIRE
    assert result.said("file") == NAME
    assert "mobile = false" in result.said("next")


def test_a_council_to_which_the_family_does_not_apply_is_refused(run, today):
    today.set(NAME, row=0, **dict.fromkeys(FAMILY, ""))
    result = run(today.study(layers={"mobile": NAME}, switches={"mobile": True}))
    assert result.code == 2
    assert result.said("rows") == NORTHSHIRE


def test_mobile_without_its_layer_is_refused(run, today):
    result = run(today.study(switches={"mobile": True}))
    assert result.code == 2
    assert "needed by mobile = true" in result.said("expected")


def test_mobile_beside_the_lines_of_2013_is_refused(run, tmp_path):
    world = world_2013(tmp_path / "2013")
    write_csv(world.path(NAME), [row(code, 15, 85, 0, 0, 0) for code in (NORTHSHIRE, SOUTHSHIRE)])
    result = run(world.study(layers={"mobile": NAME}, switches={"fwa": False, "mobile": True}))
    assert (result.code, result.out) == (2, "")
    assert "Mobile cannot be counted beside the" in result.err
    assert result.said("next").startswith("set mobile = false")


def test_a_mobile_file_that_is_not_counted_changes_nothing(run, today, tmp_path):
    without = run(today.study()).ranking
    beside = run(today.study(layers={"mobile": NAME}), out=tmp_path / "beside")
    pd.testing.assert_frame_equal(beside.ranking, without)
    assert beside.manifest["counts_mobile"] is False
