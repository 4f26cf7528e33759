"""What other budgets would buy, how often an area is chosen over the draws, and the portfolio of least regret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from connectivity.investment.choice import (
    WITHIN,
    Candidates,
    CandidatesError,
    Choice,
    ImpossibleChoiceError,
    PortfolioLimits,
    choose_portfolio,
)
from connectivity.investment.relaxation import SLACK

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BUDGETS = 20
"""Points of a frontier (assumption: enough for a curve)."""
ROUNDS = 30
"""Mixes of draws for which a portfolio is sought (assumption: the worst regret hardly falls after twenty)."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """What each budget buys.

    Parameters
    ----------
    budgets
        GBP, ascending.
    choices
        The best portfolio of each.
    """

    budgets: Floats
    choices: Sequence[Choice]

    @property
    def values(self) -> Floats:
        """Return the best value of each budget."""
        return np.array([one.value for one in self.choices])

    @property
    def bounds(self) -> Floats:
        """Return what no portfolio of each budget exceeds."""
        return np.array([one.bound for one in self.choices])

    @property
    def marginal(self) -> Floats:
        """Return what one unit of value more costs at each budget, in GBP; infinity where money is left over."""
        price = np.array([one.price for one in self.choices])
        cost: Floats = np.divide(1.0, price, out=np.full(len(price), np.inf), where=price > 0)
        return cost


def frontier(
    candidates: Candidates, *, limits: PortfolioLimits, budgets: Sequence[float] = (), within: float = WITHIN
) -> Frontier:
    """Return the best portfolio of each budget, all other limits kept.

    Budgets too small for the other limits are left out. A portfolio stays possible when there is more money: where the
    tolerated gap would let a larger budget buy less, the smaller one's portfolio is kept, so value never falls.

    Parameters
    ----------
    candidates, limits
        As for `choose_portfolio`.
    budgets
        GBP; without them, `BUDGETS` even steps up to twice the budget of the limits.
    within
        Share of each budget's bound that may be missing.

    Raises
    ------
    ImpossibleChoiceError
        If not even the largest budget is enough.
    """
    given = (
        np.sort(np.asarray(budgets, dtype=float))
        if len(budgets)
        else np.linspace(0, 2 * limits.budget, BUDGETS + 1)[1:]
    )
    choices: list[Choice] = []
    for budget in given.tolist():
        try:
            found = choose_portfolio(candidates, limits=replace(limits, budget=budget), within=within)
        except ImpossibleChoiceError:
            if budget == given[-1]:
                raise
            continue
        if choices and choices[-1].value > found.value:
            last = choices[-1]
            found = replace(found, chosen=last.chosen, opened=last.opened, spend=last.spend, value=last.value)
        choices.append(found)
    return Frontier(given[len(given) - len(choices) :], choices)


@dataclass(frozen=True, eq=False)
class Inclusion:
    """The best portfolio of every draw.

    Parameters
    ----------
    chosen
        Whether each draw's best portfolio has each candidate, shape (draws, candidates).
    value
        Of each draw's best portfolio, in that draw.
    bound
        What no portfolio exceeds in each draw.
    by_area
        Share of the draws in which each area is served.
    """

    chosen: Flags
    value: Floats
    bound: Floats
    by_area: Floats


def inclusion(
    candidates: Candidates, *, limits: PortfolioLimits, value: Floats, cost: Floats, within: float = WITHIN
) -> Inclusion:
    """Return how often each area is chosen when the best portfolio is sought anew in every draw of value and cost.

    "Chosen in 94 of 100" says that an area stays worth it whatever the counts and costs turn out to be. It does not
    say that it will be built.

    Parameters
    ----------
    candidates, limits
        As for `choose_portfolio`; the candidates' own value and cost are not used.
    value, cost
        Shape (draws, candidates). A whole level of costs drawn once for a draw moves all its entries together.
    within
        Share of each draw's bound that may be missing.
    """
    _check_draws(candidates, value, cost)
    chosen = np.zeros(value.shape, dtype=np.bool_)
    best, bound = np.empty(len(value)), np.empty(len(value))
    for draw in range(len(value)):
        drawn = replace(candidates, value=value[draw], cost=cost[draw])
        found = choose_portfolio(drawn, limits=limits, within=within)
        chosen[draw, found.chosen] = True
        best[draw], bound[draw] = found.value, found.bound
    served = np.zeros((len(value), candidates.areas))
    draws, places = np.nonzero(chosen)
    served[draws, candidates.area[places]] = 1.0
    return Inclusion(chosen, best, bound, served.mean(axis=0))


@dataclass(frozen=True, eq=False)
class Regret:
    """The portfolio whose worst draw is least bad, beside the one that is best on average.

    Parameters
    ----------
    robust, expected
        Places of their candidates, in the order in which they are carried out.
    worst
        Largest regret over the draws of each: (robust, expected).
    mean
        Mean value over the draws of each: (robust, expected).
    least
        No portfolio has a smaller worst regret than this.
    """

    robust: Places
    expected: Places
    worst: tuple[float, float]
    mean: tuple[float, float]
    least: float


def least_regret(
    candidates: Candidates,
    *,
    limits: PortfolioLimits,
    value: Floats,
    cost: Floats,
    best: Floats,
    within: float = WITHIN,
) -> Regret:
    """Return the portfolio whose worst draw falls least behind what that draw's own best would have brought.

    Regret of a portfolio in a draw is the best value that draw allows less what the portfolio brings there (Savage
    1951, *Journal of the American Statistical Association* 46, 55). A portfolio is planned at the mean cost and carried
    out in the order of value per pound: where a draw's costs are higher, it ends where the money does.

    Portfolios are sought for mixes of draws, in which a draw weighs more the worse the portfolios so far do in it
    (multiplicative weights; Arora, Hazan and Kale 2012, *Theory of Computing* 8, 121). For any mix, the mean of the
    draws' best less the best value of the mix bounds every portfolio's worst regret from below, which is `least`.

    Parameters
    ----------
    candidates, limits
        As for `choose_portfolio`.
    value, cost
        Shape (draws, candidates).
    best
        Of each draw, the value of its own best portfolio (`Inclusion.value`).
    within
        Share of a bound that may be missing.
    """
    _check_draws(candidates, value, cost)
    total = np.zeros(len(value))
    plans: list[Places] = []
    regrets: list[Floats] = []
    least = 0.0
    mean_cost = cost.mean(axis=0)
    pace = np.sqrt(8.0 * np.log(max(2, len(value))) / ROUNDS)
    for _ in range(ROUNDS):
        mix = np.exp(pace * (total - total.max()))
        mix /= mix.sum()
        mixed = replace(candidates, value=mix @ value, cost=mean_cost)
        found = choose_portfolio(mixed, limits=limits, within=within)
        least = max(least, float(mix @ best) - found.bound)
        plan = in_order(mixed, found.chosen, must=limits.must)
        regret = best - carried_out(candidates, plan, value=value, cost=cost, budget=limits.budget)
        plans.append(plan)
        regrets.append(regret)
        total += regret / max(float(np.abs(regret).max()), 1e-12)
    worst = [float(regret.max()) for regret in regrets]
    robust = int(np.argmin(worst))
    return Regret(
        robust=plans[robust],
        expected=plans[0],
        worst=(worst[robust], worst[0]),
        mean=(float((best - regrets[robust]).mean()), float((best - regrets[0]).mean())),
        least=least,
    )


def in_order(candidates: Candidates, chosen: Places, *, must: Sequence[int] = ()) -> Places:
    """Return a portfolio in the order in which it is carried out: what must be first, then most value per pound."""
    rate = candidates.value[chosen] / candidates.cost[chosen]
    later = ~np.isin(candidates.area[chosen], np.asarray(must, dtype=np.int64))
    return chosen[np.lexsort((candidates.area[chosen], -rate, later))]


def carried_out(candidates: Candidates, plan: Places, *, value: Floats, cost: Floats, budget: float) -> Floats:
    """Return what a plan brings in each draw when it is carried out in its order until the money ends.

    Examples
    --------
    In the second draw the first place costs more, and the money ends before the second:

    >>> two = Candidates(area=[0, 1], cost=[5.0, 5.0], value=[3.0, 2.0], kind=[0, 0], facility=[-1, -1])
    >>> value, cost = np.array([[3.0, 2.0], [3.0, 2.0]]), np.array([[5.0, 5.0], [7.0, 5.0]])
    >>> carried_out(two, np.array([0, 1]), value=value, cost=cost, budget=10).tolist()
    [5.0, 3.0]
    """
    facility = candidates.facility[plan]
    shared, first = np.unique(facility, return_index=True)
    opening = np.zeros(len(plan))
    opening[first[shared >= 0]] = candidates.facility_cost[shared[shared >= 0]]
    affordable = np.cumsum(cost[:, plan] + opening, axis=1) <= budget * (1 + SLACK)
    brought: Floats = np.where(affordable, value[:, plan], 0.0).sum(axis=1)
    return brought


def _check_draws(candidates: Candidates, value: Floats, cost: Floats) -> None:
    expected = (len(value), len(candidates))
    if not len(value) or value.shape != expected or cost.shape != expected:
        raise CandidatesError(
            "The draws do not fit the candidates.",
            expected=f"value and cost of (draws, {len(candidates):,})",
            found=f"{value.shape} and {cost.shape}",
            next_step="give a row a draw and a column a candidate",
        )
