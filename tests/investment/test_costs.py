"""Costs: a level recomputed from the contracts, its error in print, and money of different kinds never added."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectivity.claims.about_costs import BEGIN, END, cost_tables
from connectivity.investment.costs import (
    SHAPE,
    CostError,
    checked_cost,
    cost_level,
    cost_records,
    drawn_exponents,
    leave_one_out,
    relative_costs,
    root_mean_square,
)
from connectivity.investment.interventions import INTERVENTIONS, UnitCost, interventions_named

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "costs.md"


def test_the_level_is_the_geometric_mean_of_the_fourteen_separate_contracts():
    used = [one for one in cost_records().values() if one.in_level]
    assert len(used) == 14
    assert {(one.kind, one.unit) for one in used} == {("subsidy", "GBP/premises")}
    product = np.prod([one.value for one in used])
    level = cost_level()
    assert level.value == pytest.approx(product ** (1 / 14))
    assert round(level.value) == 1655
    assert (round(level.low, -1), round(level.high, -1)) == (920, 2980)


def test_what_is_not_in_the_level_says_why():
    assert all(one.in_level != bool(one.left_out_because) for one in cost_records().values())


def test_leaving_each_contract_out_gives_the_printed_errors():
    tried = leave_one_out()
    assert root_mean_square(tried["log_error"]) == pytest.approx(0.333, abs=5e-4)
    assert tried["error"].abs().median() == pytest.approx(0.17, abs=5e-3)
    assert tried["error"].abs().max() == pytest.approx(0.87, abs=5e-3)
    assert tried["error"].abs().idxmax() == "gis_w_hereford_dead"
    assert tried["within"].sum() == 11


def test_the_tables_of_the_document_are_those_of_the_records():
    written = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip()
    assert written == cost_tables(), "python -m connectivity.claims.about_costs writes them"


def test_drawn_levels_lie_in_the_range_nine_times_of_ten():
    level = cost_level()
    drawn = level.drawn(draws=20_000, seed=7)
    assert np.mean((drawn >= level.low) & (drawn <= level.high)) == pytest.approx(0.9, abs=0.01)
    assert (level.drawn(draws=5, seed=7) == drawn[:5]).all()
    exponents = drawn_exponents(draws=1000, seed=7)
    assert SHAPE.low <= exponents.min() < exponents.max() <= SHAPE.high


@given(
    places=st.lists(st.tuples(st.floats(10, 5000), st.floats(1, 2000)), min_size=1, max_size=20),
    exponent=st.floats(0, 0.7),
)
def test_the_shape_leaves_the_cost_of_all_together_at_the_level(places, exponent):
    spacing, premises = np.array(places).T
    shape = relative_costs(spacing, premises=premises, exponent=exponent)
    assert (shape * premises).sum() == pytest.approx(premises.sum())
    assert (np.argsort(shape[np.argsort(spacing)], kind="stable") == np.arange(len(shape))).all()


def test_an_area_without_postcodes_costs_about_the_mean_and_is_not_lost():
    shape = relative_costs(np.array([100.0, np.nan, 100.0]), premises=np.array([5.0, 5.0, 5.0]))
    assert shape.tolist() == [1, 1, 1]


@pytest.mark.parametrize("cost", [-1, 0, float("nan"), float("inf"), "about 5"])
def test_a_cost_that_cannot_be_is_refused(cost):
    with pytest.raises(CostError, match="cannot be") as refused:
        checked_cost(cost, of="full fibre")
    assert str(cost) in str(refused.value)


def test_a_range_that_does_not_hold_its_best_is_refused():
    with pytest.raises(CostError, match="does not hold"):
        UnitCost(10, 5, 20, "mast", "subsidy", "assumption")


def test_kinds_of_money_are_never_added():
    assert [one.key for one in interventions_named(["full-fibre", "voucher"], profile="remote")] == [
        "full-fibre",
        "voucher",
    ]
    with pytest.raises(CostError, match="different kinds") as refused:
        interventions_named(["full-fibre", "mobile-infill"], profile="remote")
    assert "programme cost and subsidy" in str(refused.value)
    with pytest.raises(CostError, match="different kinds"):
        cost_level([cost_records()["gis_norfolk"], cost_records()["build_cityfibre_3"]])


@pytest.mark.parametrize(
    ("key", "said"),
    [("full-fiber", "full-fibre"), ("satellite", "households pay"), ("hub", "nobody newly able")],
)
def test_an_intervention_that_a_budget_cannot_choose_is_refused_with_why(key, said):
    with pytest.raises(CostError) as refused:
        interventions_named([key], profile="remote")
    assert said in str(refused.value)


def test_every_intervention_names_its_source_or_the_word_assumption():
    for one in INTERVENTIONS.values():
        for figure in (one.share_reached, one.failure, one.scheme_cost, one.least_size):
            assert figure is None or figure.source
        assert one.cost.source
        assert one.note
        assert one.funders
    assert INTERVENTIONS["voucher"].cost.high == 4500
    assert INTERVENTIONS["satellite"].cost.best == 75
