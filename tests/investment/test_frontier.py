"""Frontier, inclusion frequency and regret: against enumeration, and where the answer is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from connectivity.investment.choice import (
    Candidates,
    CandidatesError,
    ImpossibleChoiceError,
    PortfolioLimits,
    choose_portfolio,
)
from connectivity.investment.frontier import carried_out, frontier, in_order, inclusion, least_regret


def villages(areas=8, seed=5):
    random = np.random.default_rng(seed)
    area = np.repeat(np.arange(areas), 2)
    return Candidates(
        area,
        random.integers(2, 12, 2 * areas).astype(float),
        random.integers(1, 20, 2 * areas).astype(float),
        np.tile([0, 1], areas),
        np.full(2 * areas, -1),
    )


def test_the_frontier_never_falls_and_every_point_is_proved():
    found = frontier(villages(60), limits=PortfolioLimits(budget=80), within=1e-3)
    assert len(found.budgets) == 20
    assert (found.budgets[0], found.budgets[-1]) == (8, 160)
    assert (np.diff(found.values) >= 0).all()
    assert all(one.gap <= 1e-3 for one in found.choices)
    assert all(one.spend <= budget for one, budget in zip(found.choices, found.budgets, strict=True))
    assert (found.values <= found.bounds).all()


def test_a_point_of_the_frontier_is_the_choice_at_its_budget():
    candidates = villages()
    (one,) = frontier(candidates, limits=PortfolioLimits(budget=1), budgets=[17], within=0).choices
    other = choose_portfolio(candidates, limits=PortfolioLimits(budget=17), within=0)
    assert one.chosen.tolist() == other.chosen.tolist()


def test_a_looser_answer_at_a_larger_budget_gives_way_to_a_smaller_one_s():
    found = frontier(villages(60), limits=PortfolioLimits(budget=80), budgets=range(5, 160), within=0.2)
    assert (np.diff(found.values) >= 0).all()
    assert all(one.value <= one.bound for one in found.choices)


def test_budgets_too_small_for_the_other_limits_are_left_out():
    limits = PortfolioLimits(budget=10, must=[0, 1])
    candidates = Candidates([0, 1, 2], [5.0, 6.0, 5.0], [1.0, 2.0, 3.0], [0, 0, 0], [-1, -1, -1])
    found = frontier(candidates, limits=limits, budgets=[5, 10, 11, 16])
    assert (found.budgets.tolist(), found.values.tolist()) == ([11, 16], [3, 6])
    with pytest.raises(ImpossibleChoiceError, match="cost more than the budget"):
        frontier(candidates, limits=limits, budgets=[5, 10])


def test_marginal_cost_is_the_inverse_of_the_price_and_endless_where_money_is_left():
    found = frontier(villages(), limits=PortfolioLimits(budget=20), budgets=[20, 1_000])
    assert found.marginal[0] == pytest.approx(1 / found.choices[0].price)
    assert np.isinf(found.marginal[1])


def test_how_often_an_area_is_chosen_is_counted_over_the_draws():
    candidates = Candidates([0, 1, 2], [5.0, 5.0, 5.0], [1.0, 1.0, 1.0], [0, 0, 0], [-1, -1, -1])
    value = np.array([[9.0, 5.0, 1.0], [9.0, 5.0, 1.0], [9.0, 1.0, 5.0], [9.0, 5.0, 1.0]])
    found = inclusion(candidates, limits=PortfolioLimits(budget=10), value=value, cost=np.full((4, 3), 5.0))
    assert found.by_area.tolist() == [1, 0.75, 0.25]
    assert found.value.tolist() == [14, 14, 14, 14]
    dear = inclusion(candidates, limits=PortfolioLimits(budget=10), value=value, cost=np.full((4, 3), 6.0))
    assert dear.by_area.tolist() == [1, 0, 0]


def test_regret_hedges_where_the_mean_bets():
    """Two draws: area 0 is worth 10 or 0, area 1 is 0 or 8, area 2 is 6 in both; one can be afforded."""
    candidates = Candidates([0, 1, 2], [5.0, 5.0, 5.0], [1.0, 1.0, 1.0], [0, 0, 0], [-1, -1, -1])
    value, cost = np.array([[13.0, 0.0, 6.0], [0.0, 8.0, 6.0]]), np.full((2, 3), 5.0)
    limits = PortfolioLimits(budget=5)
    best = inclusion(candidates, limits=limits, value=value, cost=cost).value
    found = least_regret(candidates, limits=limits, value=value, cost=cost, best=best)
    assert found.expected.tolist() == [0]
    assert found.robust.tolist() == [2]
    assert found.worst == (7, 8)
    assert found.mean == (6, 6.5)
    assert 0 < found.least <= 7


@pytest.mark.parametrize("seed", range(6))
def test_no_portfolio_s_worst_regret_is_below_the_least_that_is_proved(seed):
    random = np.random.default_rng(seed)
    candidates, limits = villages(6, seed), PortfolioLimits(budget=18)
    value = candidates.value * random.uniform(0.3, 1.7, (12, len(candidates)))
    cost = np.tile(candidates.cost, (12, 1)) * random.uniform(0.8, 1.3, (12, 1))
    best = inclusion(candidates, limits=limits, value=value, cost=cost, within=0).value
    found = least_regret(candidates, limits=limits, value=value, cost=cost, best=best)
    mean = cost.mean(axis=0)
    true = np.inf
    for picked in itertools.product([-1, 0, 1], repeat=6):
        chosen = np.array([2 * area + kind for area, kind in enumerate(picked) if kind >= 0], dtype=int)
        if mean[chosen].sum() <= 18:
            plan = in_order(candidates, chosen)
            true = min(true, (best - carried_out(candidates, plan, value=value, cost=cost, budget=18)).max())
    assert found.least <= true + 1e-9
    assert found.worst[0] >= found.least - 1e-9
    assert found.worst[0] <= found.worst[1]
    assert found.worst[0] <= 1.6 * true + 1e-9


def test_a_shared_mast_is_paid_by_the_first_that_needs_it():
    candidates = Candidates([0, 1], [1.0, 1.0], [5.0, 4.0], [0, 0], [0, 0], [6.0])
    value, cost = np.array([[5.0, 4.0]]), np.ones((1, 2))
    assert carried_out(candidates, np.array([0, 1]), value=value, cost=cost, budget=8).tolist() == [9]
    assert carried_out(candidates, np.array([0, 1]), value=value, cost=cost, budget=7).tolist() == [5]


def test_what_must_be_comes_first():
    candidates = Candidates([0, 1], [1.0, 5.0], [5.0, 1.0], [0, 0], [-1, -1])
    assert in_order(candidates, np.array([0, 1])).tolist() == [0, 1]
    assert in_order(candidates, np.array([0, 1]), must=[1]).tolist() == [1, 0]


@pytest.mark.parametrize("shape", [(0, 16), (3, 15), (16,)])
def test_draws_that_do_not_fit_are_refused(shape):
    with pytest.raises(CandidatesError, match="draws do not fit"):
        inclusion(villages(), limits=PortfolioLimits(budget=9), value=np.ones(shape), cost=np.ones(shape))


def test_a_draw_that_is_not_known_is_refused():
    value = np.ones((2, 16))
    value[1, 3] = np.nan
    with pytest.raises(CandidatesError, match="value"):
        inclusion(villages(), limits=PortfolioLimits(budget=9), value=value, cost=np.ones((2, 16)))
